import Digests
import KidneyData
import Testing

@Suite struct SourceLabelTests {
  private static let token = ContentDigest(of: "token=MARKED").short
  private static let key = ContentDigest(of: "MARKED").short

  @Test(arguments: [
    ("hospital", "hospital"), ("/data/a@b.zip", "/data/a@b.zip"), ("kaggle:owner/name", "kaggle:owner/name"),
    ("https://example.org/a.zip", "https://example.org/a.zip"),
    ("https://ana:MARKED@example.org/a.zip#x", "https://example.org/a.zip"),
    ("https://example.org/a.zip?token=MARKED", "https://example.org/a.zip?\(token)"),
    (
      "https://drive.google.com/file/d/1vlhZ5c7abUKF8/view?usp=sharing",
      "https://drive.google.com/file/d/1vlhZ5c7abUKF8/view?usp=sharing"
    ),
    (
      "https://drive.google.com/open?id=1vlhZ5c7abUKF8&resourcekey=MARKED",
      "https://drive.google.com/file/d/1vlhZ5c7abUKF8?\(key)"
    ),
    ("https://ana:MARKED@www.kaggle.com/datasets/owner/name", "kaggle:owner/name"),
    ("ftp://ana:MARKED@example.org/a.zip", "ftp://…"),
  ])
  func `a source is written down without secrets`(source: String, label: String) {
    #expect(Ingestion.label(of: source) == label)
    #expect(!label.contains("MARKED"))
  }
}

import Reports
import Testing
import Training

@Suite struct AuditTextTests {
  private static let all: [(name: String, phrase: Phrase)] =
    AuditText.allCases.map { ("\($0)", $0.phrase) } + ShortcutText.allCases.map { ("\($0)", $0.phrase) }
    + PropertyText.allCases.map { ("\($0)", $0.phrase) }

  @Test func `every text is there in both languages and asks for the same values`() {
    for (name, phrase) in Self.all {
      #expect(!phrase.english.isEmpty && !phrase.spanish.isEmpty, "\(name)")
      #expect(Phrase.valueCount(of: phrase.english) == Phrase.valueCount(of: phrase.spanish), "\(name)")
    }
    let alike = Self.all.filter { $0.phrase.english == $0.phrase.spanish }.map(\.name)
    #expect(Set(alike).isSubset(of: ["facts", "series"]), "\(alike)")
  }
}

import Evaluation
import Reports

extension Scores {
  /// The scores for a person's terminal: every figure with its interval, and what is to be said of them.
  public var summary: String {
    var lines = ["Scores: \(split.images) pictures of \(split.series) series (\(split.seriesBasis)), split '\(split.method)', by \(split.scoredBy)."]
    lines.append(MetricText.summary(of: report))
    lines += decision?.lines ?? []
    lines += split.warnings.map { "WARNING: \($0)" }
    if let testSet = split.testSet { lines.append(testSet.sentence) }
    if split.seriesBasis == "look" {
      lines.append("Series were found by look; they stand in for patients, who are not known for this data.")
    }
    lines.append("Research use only.")
    return lines.joined(separator: "\n") + "\n"
  }
}

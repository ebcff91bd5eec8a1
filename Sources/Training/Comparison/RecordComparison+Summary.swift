import Evaluation
import Foundation
import Reports

extension RecordComparison {
  /// The comparison for a person's terminal.
  public var summary: String {
    var lines = [line(of: a, "A"), line(of: b, "B")]
    let scored = [a, b].map { "split '\($0.split)', by \($0.scoredBy)" }
    if scored[0] == scored[1] {
      lines.append("Both scored on \(scored[0]).")
    } else {
      lines += zip(["A", "B"], scored).map { "\($0) scored on \($1)." }
    }
    lines.append(
      "Compared on \(pictures) pictures of \(series) series, classes \(classes.joined(separator: ", "))"
        + (leftOut == LeftOut(a: 0, b: 0) ? "." : "; left out: \(leftOut.a) of A, \(leftOut.b) of B."))
    lines.append("")
    let areaName = classes.count == 2 ? "AUC" : "AUC, mean over classes"
    lines.append(
      TextTable(
        columns: [
          .init("", .left), .init("value", .right), .init("95 % interval"), .init("p", .right), .init("method"),
        ],
        rows: [
          row("\(areaName): A", a.auc), row("\(areaName): B", b.auc),
          row("\(areaName): A - B", difference.auc.difference, p: difference.auc.pValue),
          row("accuracy: A", a.accuracy), row("accuracy: B", b.accuracy),
          row("accuracy: A - B", difference.accuracy.difference, p: difference.accuracy.pValue),
        ]
      ).text)
    lines += [mcNemarLine, ""] + conclusions + warnings.map { "WARNING: \($0)" } + openings
    lines.append("Intervals are over series; that training again would give other models is not in them.")
    lines.append("Research use only.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(of side: Side, _ letter: String) -> String {
    "\(letter): \(side.name) (model \(side.modelDigest.prefix(12)))"
  }

  private func row(_ name: String, _ metric: Metric, p: Double? = nil) -> [String] {
    let interval = metric.low.flatMap { low in
      metric.high.map { "\(MetricText.number(low)) to \(MetricText.number($0))" }
    }
    return [name, MetricText.number(metric.value), interval ?? "-", p.map(MetricText.number) ?? "", metric.method]
  }

  private var mcNemarLine: String {
    let test = difference.mcNemar
    let only = "McNemar: only A is right on \(test.onlyFirst) pictures, only B on \(test.onlySecond)"
    guard let statistic = test.clusteredStatistic else { return only + "; no series differs." }
    let p = test.clusteredPValue.map { "p \(MetricText.number($0))" } ?? test.method
    return only
      + ". By series, each counting alike whatever its pictures: chi-squared \(MetricText.number(statistic)), \(p). "
      + "Pictures taken as independent, which they are not, would give p \(MetricText.number(test.exactPValue))."
  }
}

import Evaluation
import Foundation
import Reports

extension RecordComparison {
  /// The comparison for a person's terminal.
  public var summary: String {
    var lines = [line(of: a, "A"), line(of: b, "B")]
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
          row("A: \(areaName)", a.auc), row("B: \(areaName)", b.auc),
          row("A - B", difference.auc.difference, p: difference.auc.pValue),
          row("A: accuracy", a.accuracy), row("B: accuracy", b.accuracy),
          row("A - B", difference.accuracy.difference, p: difference.accuracy.pValue),
        ]
      ).text)
    lines += [mcNemarLine, ""] + conclusions + warnings.map { "WARNING: \($0)" }
    lines.append("Intervals are over series; that training again would give other models is not in them.")
    lines.append("Research use only.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(of side: Side, _ letter: String) -> String {
    "\(letter): \(side.name) (model \(side.modelDigest.prefix(12)), split '\(side.split)', by \(side.scoredBy))"
  }

  private func row(_ name: String, _ metric: Metric, p: Double? = nil) -> [String] {
    let interval = metric.low.flatMap { low in
      metric.high.map { "\(MetricText.number(low)) to \(MetricText.number($0))" }
    }
    return [name, MetricText.number(metric.value), interval ?? "-", p.map(MetricText.number) ?? "", metric.method]
  }

  private var mcNemarLine: String {
    let test = difference.mcNemar
    let only = "McNemar: only A right on \(test.onlyFirst) pictures, only B on \(test.onlySecond)"
    guard let statistic = test.clusteredStatistic, let p = test.clusteredPValue else {
      return only + "; no series differs."
    }
    return only
      + "; clustered by series chi-squared \(MetricText.number(statistic)), p \(MetricText.number(p)) (with pictures taken as independent p would be \(MetricText.number(test.exactPValue)))."
  }
}

import Evaluation
import Foundation

/// Metrics as people read them. No figure is printed without its interval, or the reason it has none.
public enum MetricText {
  /// One metric as a sentence, such as "accuracy 0.712 (0.641 to 0.783), cluster bootstrap,
  /// 139 images, 12 series".
  public static func line(_ name: String, _ metric: Metric) -> String {
    let interval = interval(of: metric).map { " (\($0)), " } ?? ", "
    return "\(TextTable.printable(name)) \(number(metric.value))\(interval)\(metric.method), "
      + "\(metric.images) images, \(metric.series) series"
  }

  /// Everything in a report as tables: metrics, classes, confusion matrix, notes.
  public static func summary(of report: ClassificationReport) -> String {
    var text = metricTable(of: report).text
    text += "\n" + classTable(of: report).text
    text += "\nPictures by true class (rows) and predicted class (columns)\n" + confusionTable(of: report).text
    for note in report.notes { text += "\nNote: \(TextTable.printable(note))." }
    return report.notes.isEmpty ? text : text + "\n"
  }

  /// The metrics of a report, one a row.
  public static func metricTable(of report: ClassificationReport) -> TextTable {
    let rows = report.metrics.named.map { name, metric in
      let about = ["sensitivity", "specificity", "auc"].contains(name) ? report.positiveClass.map { " (\($0))" } : nil
      return row((title(of: name)) + (about ?? ""), metric)
    }
    return TextTable(columns: columns("metric", report), rows: rows)
  }

  /// Sensitivity, precision and F1 of each class.
  public static func classTable(of report: ClassificationReport) -> TextTable {
    var rows: [[String]] = []
    for item in report.perClass {
      rows.append(row("\(item.className): sensitivity", item.sensitivity))
      if let precision = item.precision {
        rows.append(row("\(item.className): precision", precision))
      } else {
        rows.append(["\(item.className): precision", "-", "-", "0", "0", "never predicted"])
      }
      rows.append(row("\(item.className): F1", item.f1))
    }
    return TextTable(columns: columns("class", report), rows: rows)
  }

  /// Numbers of pictures by true class (rows) and predicted class (columns), with each class's series.
  public static func confusionTable(of report: ClassificationReport) -> TextTable {
    TextTable(
      columns: [.init("")] + report.classes.map { .init($0, .right) }
        + [.init("images", .right), .init("series", .right)],
      rows: zip(report.counts, report.confusionMatrix).map { count, row in
        [count.className] + row.map(String.init) + ["\(count.images)", "\(count.series)"]
      })
  }

  private static func columns(_ first: String, _ report: ClassificationReport) -> [TextTable.Column] {
    let level = percent(report.bootstrap.level)
    return [
      .init(first), .init("value", .right), .init("\(level) % interval"), .init("images", .right),
      .init("series", .right), .init("method"),
    ]
  }

  private static func row(_ name: String, _ metric: Metric) -> [String] {
    [name, number(metric.value), interval(of: metric) ?? "-", "\(metric.images)", "\(metric.series)", metric.method]
  }

  private static func interval(of metric: Metric) -> String? {
    guard let low = metric.low, let high = metric.high else { return nil }
    return "\(number(low)) to \(number(high))"
  }

  /// A figure's name in `scores.json` as a person reads it, such as "macro F1".
  public static func title(of name: String) -> String {
    switch name {
    case "auc": "AUC"
    case "macro_f1": "macro F1"
    case "brier": "Brier score"
    default: name.replacingOccurrences(of: "_", with: " ")
    }
  }

  /// A setting, such as a threshold: up to three decimals.
  public static func short(_ value: Double) -> String { String(format: "%g", (value * 1000).rounded() / 1000) }

  /// Three decimals, and up to six where they alone would claim a perfect 1 or 0; what is nearer than that is said to
  /// be so. Ends of intervals over few series come that near; JSON has all their digits.
  public static func number(_ value: Double) -> String {
    if value > 0, value < 1e-6 { return "<0.000001" }
    if value < 0, value > -1e-6 { return ">-0.000001" }
    if value != 0, abs(value) < 0.0005 { return String(format: "%.2g", value) }
    guard value < 1 else { return String(format: "%.3f", value) }
    for decimals in 3...6 {
      let text = String(format: "%.\(decimals)f", value)
      if Double(text) != 1 { return text }
    }
    return ">0.999999"
  }

  /// A share in percent without needless decimals, such as "95" or "97.5".
  static func percent(_ share: Double) -> String { String(format: "%g", 100 * share) }
}

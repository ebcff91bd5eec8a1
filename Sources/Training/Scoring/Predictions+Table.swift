import Evaluation

extension Predictions {
  /// Each picture's true and most probable class, comma-separated, with the header `actual,predicted`.
  var confusionTable: String {
    let rows = zip(labels, predicted).map { "\(Self.field(classes[$0])),\(Self.field(classes[$1]))" }
    return (["actual,predicted"] + rows).joined(separator: "\n") + "\n"
  }

  /// A class's receiver operating characteristic, comma-separated, with the header
  /// `false_positive_rate,true_positive_rate,threshold`; the first point has no threshold.
  ///
  /// - Throws: `EvaluationError.oneSideOnly` if all pictures, or none, are of that class.
  func rocTable(of className: String) throws -> String {
    let rows = try RocCurve(outcomes(of: className)).points.map { point in
      "\(point.falsePositiveRate),\(point.sensitivity),\(point.threshold.map { "\($0)" } ?? "")"
    }
    return (["false_positive_rate,true_positive_rate,threshold"] + rows).joined(separator: "\n") + "\n"
  }

  /// A class name with a comma or a quotation mark in it is quoted.
  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// Feedback as a table for spreadsheets and statistics: RFC 4180, one line each.
enum FeedbackCSV {
  static func text(_ rows: [FeedbackRow]) -> String {
    let classes = Set(rows.flatMap(\.probabilities.keys)).sorted()
    let head =
      ["id", "time", "prediction", "model_digest", "decision", "predicted_label"] + classes.map { "probability_\($0)" }
      + ["verdict", "label", "note", "by"]
    let lines = rows.map { row -> [String] in
      let feedback = row.feedback
      return ["\(feedback.id)", timestamp(feedback.time), feedback.prediction, row.model, row.decision, row.predictedLabel]
        + classes.map { row.probabilities[$0].map { "\($0)" } ?? "" }
        + [feedback.verdict.rawValue, feedback.label ?? "", feedback.note ?? "", feedback.by]
    }
    return ([head] + lines).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// What a spreadsheet would take for a formula gets an apostrophe.
  private static func cell(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
    let plain = isFormula ? "'" + text : text
    // Line ends are looked for as scalars: "\r\n" is one character.
    guard plain.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return plain }
    return "\"" + plain.replacing("\"", with: "\"\"") + "\""
  }
}

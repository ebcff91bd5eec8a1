/// Feedback as a table for spreadsheets and statistics: RFC 4180, one line each.
enum FeedbackCSV {
  static func head(_ classes: [String]) -> String {
    line(
      ["id", "time", "prediction", "model_digest", "decision", "predicted_label"]
        + classes.map { "probability_\($0)" } + ["verdict", "label", "note", "by"])
  }

  static func text(_ rows: [FeedbackRow], classes: [String]) -> String {
    rows.map { row in
      let feedback = row.feedback
      return line(
        ["\(feedback.id)", timestamp(feedback.time), feedback.prediction, row.model, row.decision, row.predictedLabel]
          + classes.map { row.probabilities[$0].map { "\($0)" } ?? "" }
          + [feedback.verdict.rawValue, feedback.label ?? "", feedback.note ?? "", feedback.by])
    }.joined()
  }

  private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  /// What a spreadsheet would take for a formula gets an apostrophe.
  private static func cell(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
    let plain = isFormula ? "'" + text : text
    // Line ends are looked for as scalars: "\r\n" is one character.
    guard plain.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return plain }
    return "\"" + plain.replacing("\"", with: "\"\"") + "\""
  }
}

import Inference
import Storage

/// Which of the results are looked for. All that is given must hold.
struct ResultSearch: Equatable, Sendable {
  /// What the last feedback on a result says, or that there is none.
  enum Verdict: String, CaseIterable, Sendable {
    case agree, disagree
    case missing = "none"
  }

  /// Only those with a smaller number.
  var before: Int64?
  /// Only those of one study.
  var study: String?
  /// Each must stand in the identity, the label, the model's name or version, the time as the API writes it, or a note
  /// that was given on it; letters' case does not matter.
  var words: [String] = []
  var decision: Answer.Decision?
  var verdict: Verdict?

  /// Whether results between the first and the last that are found may be left out.
  var leavesOut: Bool { !words.isEmpty || decision != nil || verdict != nil }

  /// Of what a person writes, in code points.
  static let longestText = 200

  /// - Parameter text: as a person writes it, words apart.
  /// - Returns: nil for a longer text.
  static func words(in text: String) -> [String]? {
    guard text.unicodeScalars.count <= longestText else { return nil }
    return text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
  }

  /// The conditions of the search on a row of `results`, and their arguments in order.
  var conditions: (sql: [String], arguments: StatementArguments) {
    var (sql, arguments): ([String], StatementArguments) = ([], [])
    func add(_ condition: String, _ values: any DatabaseValueConvertible...) {
      sql.append(condition)
      arguments += StatementArguments(values)
    }
    if let before { add("number < ?", before) }
    if let study { add("study = ?", study) }
    if let decision { add("decision = ?", decision.rawValue) }
    switch verdict {
    case nil: break
    case .missing?: add("NOT EXISTS (SELECT 1 FROM feedback WHERE result = results.id)")
    case let verdict?:
      add(
        "(SELECT verdict FROM feedback WHERE result = results.id ORDER BY feedback.id DESC LIMIT 1) = ?",
        verdict.rawValue)
    }
    for word in words { add(Self.holdsWord, word, word) }
    return (sql, arguments)
  }

  private static let holdsWord = """
    (instr(swiftLowercaseString(results.id || ' ' || label || ' ' || coalesce(document ->> '$.model.name', '') || ' '
       || coalesce(document ->> '$.model.version', '') || ' ' || coalesce(document ->> '$.time', '')), ?) > 0
     OR EXISTS (SELECT 1 FROM feedback WHERE result = results.id AND instr(swiftLowercaseString(note), ?) > 0))
    """
}

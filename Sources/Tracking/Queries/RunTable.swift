import Storage

/// The tables that hold what runs recorded under a name, in the order in which a bare word's value is looked for.
enum RunTable: String, CaseIterable {
  case figures
  /// The points of metrics; the last one counts.
  case history
  case parameters, tags

  /// The spellings under which a name stands here: parameters are also found in capitals, as `params.yaml` writes them.
  func spellings(_ name: String) -> [String] { self == .parameters ? [name, name.uppercased()] : [name, name] }

  /// What a row `runs` recorded here as a number; NULL where there is nothing, or no number.
  func number(_ name: String) -> BoundSQL {
    let numeric = "CASE WHEN json_valid(value) AND json_type(value) IN ('integer', 'real') THEN CAST(value AS REAL) END"
    return switch self {
    case .figures: BoundSQL(text: "(SELECT value FROM figures WHERE run = runs.id AND key = ?)", arguments: [name])
    case .history:
      BoundSQL(
        text: "(SELECT value FROM history WHERE run = runs.id AND key = ? ORDER BY step DESC, number DESC LIMIT 1)",
        arguments: [name])
    case .parameters, .tags: value(numeric, name)
    }
  }

  /// What a row `runs` recorded here as text, NULL where there is nothing; nil for a table of numbers.
  func text(_ name: String) -> BoundSQL? {
    switch self {
    case .figures, .history: nil
    case .parameters, .tags: value("value", name)
    }
  }

  private func value(_ value: String, _ name: String) -> BoundSQL {
    BoundSQL(
      text: "(SELECT \(value) FROM \(rawValue) WHERE run = runs.id AND key IN (?, ?) LIMIT 1)",
      arguments: StatementArguments(spellings(name)))
  }
}

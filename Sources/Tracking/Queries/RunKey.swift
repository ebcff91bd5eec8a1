import Storage

/// What a filter or an order asks of a run: one of its own fields, or something it recorded.
///
/// A bare word is looked for in this order: the run's fields (`name`, `kind`, `status`, `started`, `ended`, `duration`),
/// its figures, the last value of its metrics, its parameters (also in capitals, as `params.yaml` writes them), its tags.
/// `metrics.X` (figures, then last values), `params.X` and `tags.X` say which is meant.
public struct RunKey: Hashable, Sendable {
  /// Where a value is looked for.
  public enum Place: Hashable, Sendable {
    case field(Field)
    case metrics, parameters, tags, anywhere
  }

  /// What every run has.
  public enum Field: String, Sendable, CaseIterable {
    case name, kind, status
    /// Times of day.
    case started, ended
    /// Seconds.
    case duration

    var isTime: Bool { self == .started || self == .ended }
    var isNumber: Bool { self == .duration }
  }

  /// Where the value is looked for.
  public var place: Place
  /// As it was recorded; of a field its own name.
  public var name: String

  /// Understands `metrics.X`, `params.X`, `tags.X`, the name of a field in any capitals, or a bare word. Every text is a
  /// key: one that no run has finds nothing.
  public init(_ text: String) {
    for (prefix, place) in [("metrics.", Place.metrics), ("params.", .parameters), ("tags.", .tags)]
    where text.hasPrefix(prefix) && text.count > prefix.count {
      self.init(place: place, name: String(text.dropFirst(prefix.count)))
      return
    }
    if let field = Field(rawValue: text.lowercased()) {
      self.init(place: .field(field), name: field.rawValue)
    } else {
      self.init(place: .anywhere, name: text)
    }
  }

  init(place: Place, name: String) {
    self.place = place
    self.name = name
  }

  /// Whether it can be nothing but a number.
  var isNumber: Bool {
    switch place {
    case .metrics: true
    case .field(let field): field.isNumber
    case .parameters, .tags, .anywhere: false
    }
  }
}

/// A piece of SQL with the values bound to its question marks: nothing a person wrote ever stands in the text itself.
struct BoundSQL {
  var text: String
  var arguments: StatementArguments = []

  static func + (first: BoundSQL, second: BoundSQL) -> BoundSQL {
    BoundSQL(text: first.text + second.text, arguments: first.arguments + second.arguments)
  }

  /// The first value that is not NULL.
  static func first(of values: [BoundSQL]) -> BoundSQL {
    // SQLite's function wants two values at least.
    values.reduce(BoundSQL(text: "coalesce(NULL")) { $0 + BoundSQL(text: ", ") + $1 } + BoundSQL(text: ", NULL)")
  }
}

extension RunKey {
  /// The tables its name may stand in, in the order in which its value is looked for; none for a field of the run.
  var tables: [RunTable] {
    switch place {
    case .field: []
    case .metrics: [.figures, .history]
    case .parameters: [.parameters]
    case .tags: [.tags]
    case .anywhere: RunTable.allCases
    }
  }

  /// The value as a number, of a row `runs`; NULL where there is none or it is no number. Times are Unix milliseconds.
  ///
  /// - Parameter names: what the store knows of it.
  func number(_ names: KnownNames) -> BoundSQL {
    switch place {
    case .field(.started): BoundSQL(text: "runs.started")
    case .field(.ended): BoundSQL(text: "runs.ended")
    case .field(.duration): BoundSQL(text: "(runs.ended - runs.started) / 1000.0")
    case .field: BoundSQL(text: "NULL")
    case .metrics, .parameters, .tags, .anywhere: .first(of: names.tables(of: self).map { $0.number(name) })
    }
  }

  /// The value as text; NULL where there is none or it is a number by nature.
  ///
  /// - Parameter names: what the store knows of it.
  func text(_ names: KnownNames) -> BoundSQL {
    switch place {
    case .field(.name): BoundSQL(text: "runs.name")
    case .field(.kind): BoundSQL(text: "runs.kind")
    case .field(.status): BoundSQL(text: "runs.status")
    case .field: BoundSQL(text: "NULL")
    case .metrics, .parameters, .tags, .anywhere: .first(of: names.tables(of: self).compactMap { $0.text(name) })
    }
  }
}

import Foundation
import Storage

/// Which runs are meant: a text such as `auc > 0.9 and (epochs >= 5 or not name ~ trial)`, understood.
///
/// Comparisons are `=`, `!=`, `<`, `<=`, `>`, `>=` and `~` for "contains"; they are joined by `and`, `or`, `not` and
/// parentheses. Texts are compared without regard to case; quotes keep spaces together. A run that lacks what is compared
/// does not satisfy the comparison. See `RunKey` for what names mean.
public indirect enum RunFilter: Equatable, Sendable {
  case comparison(RunKey, Comparison, Value)
  case and(RunFilter, RunFilter)
  case or(RunFilter, RunFilter)
  case not(RunFilter)

  /// The signs between a name and a value.
  public enum Comparison: String, Sendable, CaseIterable {
    case equal = "=", unequal = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case contains = "~"
  }

  /// What is compared with.
  public enum Value: Equatable, Sendable {
    /// A number, with what was written: `version = 1.10` may mean a text.
    case number(Double, written: String)
    case text(String)
    /// Unix milliseconds.
    case time(Int64)
  }

  /// - Throws: `RunFilterError`, which says where and what is expected.
  public init(_ text: String) throws(RunFilterError) {
    var parser = try RunFilterParser(text)
    self = try parser.whole()
  }

  /// Every name that is compared, in order.
  public var keys: [RunKey] {
    switch self {
    case .comparison(let key, _, _): [key]
    case .and(let first, let second), .or(let first, let second): first.keys + second.keys
    case .not(let inner): inner.keys
    }
  }

  /// The condition on a row of `runs`: 1 or 0, never NULL.
  ///
  /// - Parameter names: what the store knows of its keys.
  func sql(_ names: KnownNames) -> BoundSQL {
    func pair(_ first: RunFilter, _ word: String, _ second: RunFilter) -> BoundSQL {
      BoundSQL(text: "(") + first.sql(names) + BoundSQL(text: " \(word) ") + second.sql(names) + BoundSQL(text: ")")
    }
    return switch self {
    case .and(let first, let second): pair(first, "AND", second)
    case .or(let first, let second): pair(first, "OR", second)
    case .not(let inner): BoundSQL(text: "(NOT ") + inner.sql(names) + BoundSQL(text: ")")
    case .comparison(let key, let comparison, let value): Self.sql(key, comparison, value, names)
    }
  }

  private static func sql(_ key: RunKey, _ comparison: Comparison, _ value: Value, _ names: KnownNames) -> BoundSQL {
    let (number, text) = (key.number(names), key.text(names))
    let sign = comparison.rawValue
    let test: BoundSQL
    switch (comparison, value) {
    case (.contains, .number(_, let part)), (.contains, .text(let part)):
      test = BoundSQL(text: "instr(lower(") + text + BoundSQL(text: "), lower(?)) > 0", arguments: [part])
    case (.contains, .time): test = BoundSQL(text: "0")
    case (_, .number(let value, _)): test = number + BoundSQL(text: " \(sign) ?", arguments: [value])
    case (_, .time(let time)): test = number + BoundSQL(text: " \(sign) ?", arguments: [time])
    case (_, .text(let value)):
      test = BoundSQL(text: "lower(") + text + BoundSQL(text: ") \(sign) lower(?)", arguments: [value])
    }
    return BoundSQL(text: "coalesce(") + test + BoundSQL(text: ", 0)")
  }
}

/// Where a filter cannot be understood.
public struct RunFilterError: Error, Equatable, CustomStringConvertible {
  /// The whole filter, as it was written.
  public var filter: String
  /// Counted from 1; one past the end where something is missing there.
  public var position: Int
  /// What may stand at `position`, in words.
  public var expected: String
  /// What stands there; nil at the end.
  public var found: String?

  /// Names the place, what may stand there and what does, and gives an example of a filter.
  public var description: String {
    "The filter '\(filter)' is not understood at character \(position): expected \(expected), "
      + "\(found.map { "not '\($0)'" } ?? "but it ends there"). An example: auc > 0.9 and epochs >= 5"
  }
}

import Foundation
import Hummingbird

/// The parameters behind a path's `?`, checked.
struct Query {
  private let fields: [String: String]

  init(_ request: Request) { fields = Self.fields(request.uri.query ?? "") }

  /// The fields of a query or a form as browsers write them: `+` is a space. Of several with one name the first counts.
  static func fields(_ text: String) -> [String: String] {
    let pairs = text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        $0.replacing("+", with: " ").removingPercentEncoding ?? ""
      }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// Nil where it is not there or empty.
  func text(_ name: String) -> String? {
    fields[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// - Throws: `Problem` 400 for what is no whole number of the range.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = fields[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw Problem.badRequest("'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// - Throws: `Problem` 400 for what is no number of the range.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = fields[name] else { return nil }
    guard let value = Double(text), range.contains(value) else {
      throw Problem.badRequest("'\(name)' must be a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// One of an enumeration's values.
  ///
  /// - Throws: `Problem` 400 for what is none of them.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) throws -> Choice? {
    guard let text = fields[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw Problem.badRequest("'\(name)' must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return choice
  }

  func flag(_ name: String) throws -> Bool {
    try fields[name].map { try Upload.flag($0, name: name) } ?? false
  }
}

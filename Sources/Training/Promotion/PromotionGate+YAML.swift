import Evaluation
import Foundation
import Yams

extension PromotionGate {
  /// Where a project declares its gate, relative to its folder.
  public static let fileName = "config/promotion.yaml"

  /// Reads a gate:
  ///
  /// ```yaml
  /// metrics:
  ///   auc: {low_at_least: 0.8}       # also value_at_least, high_at_least, and ..._at_most
  ///   loss: {value_at_most: 0.7}
  /// against_champion: not_worse      # better, not_worse or any
  /// margin: 0.05
  /// test_set_openings_at_most: 3
  /// ```
  ///
  /// - Throws: `ConfigurationError` for a missing file, an unknown key or a value that makes no sense.
  public init(file url: URL) throws {
    try self.init(YAMLMapping(file: url, .promotionGate))
  }

  /// The same from text; `path` is what errors call it.
  public init(yaml text: String, path: String = PromotionGate.fileName) throws {
    try self.init(YAMLMapping(text: text, path: path, .promotionGate))
  }

  private init(_ top: YAMLMapping) throws {
    try top.checkKeys(["metrics", "against_champion", "margin", "test_set_openings_at_most"])
    self = .standard
    if top.value("metrics") != nil { bounds = try Self.bounds(top.mapping("metrics")) }
    if let node = top.value("against_champion") {
      guard let rule = node.string.flatMap(AgainstChampion.init) else {
        throw top.bad("against_champion", node, expected: AgainstChampion.allCases.map(\.rawValue).joined(separator: ", "))
      }
      againstChampion = rule
    }
    if let node = top.value("margin") {
      guard let number = node.number, (0...1).contains(number) else {
        throw top.bad("margin", node, expected: "a number from 0 to 1")
      }
      margin = number
    }
    if let node = top.value("test_set_openings_at_most") {
      guard let number = node.wholeNumber, number >= 1 else {
        throw top.bad("test_set_openings_at_most", node, expected: "a whole number of at least 1")
      }
      openingsAtMost = number
    }
  }

  private static func bounds(_ metrics: YAMLMapping) throws -> [Bound] {
    try metrics.checkKeys(knownMetrics)
    let ends: [Bound.End] = [.value, .low, .high]
    return try knownMetrics.filter { metrics.value($0) != nil }.flatMap { name in
      let mapping = try metrics.mapping(name)
      try mapping.checkKeys(ends.flatMap { ["\($0.rawValue)_at_least", "\($0.rawValue)_at_most"] })
      return try ends.compactMap { end in
        func number(_ key: String) throws -> Double? {
          guard let node = mapping.value(key) else { return nil }
          guard let number = node.number, number.isFinite else { throw mapping.bad(key, node, expected: "a number") }
          return number
        }
        let least = try number("\(end.rawValue)_at_least")
        let most = try number("\(end.rawValue)_at_most")
        return least == nil && most == nil ? nil : Bound(metric: name, end: end, atLeast: least, atMost: most)
      }
    }
  }

  private static let knownMetrics = ClassificationMetrics.names.sorted()
}

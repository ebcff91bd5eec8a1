import Foundation
import RandomStreams

/// A key of `params.yaml` with a value, in YAML's words.
public struct ParameterSetting: Codable, Equatable, Hashable, Sendable {
  /// Of `params.yaml`, such as `LEARNING_RATE`.
  public var key: String
  /// In YAML's words.
  public var value: String

  /// - Parameters:
  ///   - key: of `params.yaml`, such as `LEARNING_RATE`.
  ///   - value: in YAML's words.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

extension [ParameterSetting] {
  /// "LEARNING_RATE 0.01, DROPOUT 0.5".
  var name: String { map { "\($0.key) \($0.value)" }.joined(separator: ", ") }
}

/// The keys that a sweep varies, and what each may be.
public struct SearchSpace: Equatable, Sendable {
  /// How a range is drawn from.
  public enum Scale: String, Codable, CaseIterable, Sendable {
    case linear
    /// Each power of ten is as likely as the next: for rates and decays.
    case log
  }

  /// What a key may be.
  public enum Values: Equatable, Sendable {
    /// These, in YAML's words.
    case list([String])
    /// Any number between two, both included.
    case range(low: Double, high: Double, scale: Scale, isWhole: Bool)
  }

  /// A key that varies.
  public struct Dimension: Equatable, Sendable {
    /// Of `params.yaml`.
    public var key: String
    /// What the key may be.
    public var values: Values

    /// - Parameters:
    ///   - key: of `params.yaml`.
    ///   - values: not empty; a range with `low` below `high`, above 0 on the scale `log`.
    public init(_ key: String, _ values: Values) {
      self.key = key
      self.values = values
    }
  }

  /// In the specification's order.
  public var dimensions: [Dimension]

  /// - Parameter dimensions: each of another key, in the specification's order.
  public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  /// Every combination of the lists; the last key changes fastest. A range counts for nothing: a grid has none.
  public func grid() -> [[ParameterSetting]] {
    dimensions.reduce([[]]) { rows, dimension in
      guard case .list(let values) = dimension.values else { return [] }
      return rows.flatMap { row in values.map { row + [ParameterSetting(dimension.key, $0)] } }
    }
  }

  /// How many combinations a grid has; `Int.max` where that does not fit.
  public var gridCount: Int {
    dimensions.reduce(1) { product, dimension in
      guard case .list(let values) = dimension.values else { return 0 }
      let (count, overflow) = product.multipliedReportingOverflow(by: values.count)
      return overflow ? Int.max : count
    }
  }

  /// How often a draw that came before is drawn again.
  static let mostAttempts = 10_000

  /// Random combinations, all different. Each value has a random stream of its own, named by seed, key and trial: another
  /// order of the keys, or more trials, changes none of the draws.
  ///
  /// - Returns: fewer than `count` if so many different ones were not found in ten thousand attempts at one of them.
  public func draws(_ count: Int, seed: UInt64) -> [[ParameterSetting]] {
    var found: [[ParameterSetting]] = []
    var known: Set<[ParameterSetting]> = []
    for trial in 0..<count {
      let draw = (0..<Self.mostAttempts).lazy.map { self.draw(trial: trial, attempt: $0, seed: seed) }
        .first { !known.contains($0) }
      guard let draw else { break }
      known.insert(draw)
      found.append(draw)
    }
    return found
  }

  private func draw(trial: Int, attempt: Int, seed: UInt64) -> [ParameterSetting] {
    dimensions.map { dimension in
      var stream = RandomStream(
        seed: seed,
        path: [
          RandomStream.number(of: "sweep"), RandomStream.number(of: dimension.key), UInt64(trial), UInt64(attempt),
        ])
      return ParameterSetting(dimension.key, dimension.values.draw(&stream))
    }
  }
}

extension SearchSpace.Values {
  func draw(_ stream: inout RandomStream) -> String {
    switch self {
    case .list(let values): return values[stream.index(below: values.count)]
    case .range(let low, let high, let scale, let isWhole):
      // Half a step beyond the ends, so that whole numbers at the ends are as likely as those between.
      let margin = isWhole && scale == .linear ? 0.5 : 0
      let share = stream.uniform()
      let value =
        switch scale {
        case .linear: low - margin + (high - low + 2 * margin) * share
        case .log: low * Foundation.exp(Foundation.log(high / low) * share)
        }
      if isWhole { return String(Int(min(max(value.rounded(), low), high))) }
      // Four significant digits: enough to search with, and few enough to read.
      let rounded = Double(String(format: "%.4g", value)) ?? value
      return String(min(max(rounded, low), high))
    }
  }
}

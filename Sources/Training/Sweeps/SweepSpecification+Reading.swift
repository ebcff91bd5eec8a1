import Foundation
import Yams

extension SweepSpecification {
  static let keys = ["method", "trials", "seed", "parameters", "base", "folds", "repeats", "metric"]

  /// Reads a sweep's file.
  ///
  /// - Throws: `ConfigurationError` for a missing file, an unknown, repeated or missing key, or a value that is not accepted,
  ///   each with its line.
  public init(file url: URL) throws {
    try self.init(YAMLMapping(file: url, .sweep))
  }

  /// The same from text; `path` is what errors call it.
  public init(yaml text: String, path: String = "sweep.yaml") throws {
    try self.init(YAMLMapping(text: text, path: path, .sweep))
  }

  private init(_ mapping: YAMLMapping) throws {
    try mapping.checkKeys(Self.keys)
    func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
      guard let node = mapping.value(key) else { return nil }
      guard let value = node.wholeNumber, range.contains(value) else {
        throw mapping.bad(key, node, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    func name<Value: RawRepresentable<String> & CaseIterable>(_ key: String, default standard: Value?) throws -> Value {
      guard let node = mapping.value(key) else {
        guard let standard else { throw ConfigurationError.missingKey(path: mapping.path, key: key) }
        return standard
      }
      guard let value = node.string.flatMap(Value.init(rawValue:)) else {
        throw mapping.bad(key, node, expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return value
    }
    method = try name("method", default: nil)
    trials = try whole("trials", 1...Self.mostTrials)
    seed = try whole("seed", 0...Int.max).map(UInt64.init)
    folds = try whole("folds", 2...50)
    repeats = try whole("repeats", 1...100)
    metric = try name("metric", default: .auc)
    space = try Self.space(mapping.mapping("parameters"), method: method)
    base = try mapping.value("base") == nil ? [] : Self.base(mapping.mapping("base"))
    try check(mapping)
  }

  private func check(_ mapping: YAMLMapping) throws {
    if method == .grid, trials != nil {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["method: grid", "trials"],
        reason: "a grid tries every combination. Leave trials out, or set method: random.")
    }
    if method == .random, trials == nil { throw ConfigurationError.missingKey(path: mapping.path, key: "trials") }
    if method == .grid, seed != nil {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["method: grid", "seed"],
        reason: "a grid draws nothing. Leave seed out; to train with another SEED, set it in 'base'.")
    }
    if method == .grid, space.gridCount > Self.mostTrials {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["method: grid", "parameters"],
        reason: "these lists have more than \(Self.mostTrials) combinations. Shorten them, or set method: random.")
    }
    if let both = base.first(where: { setting in space.dimensions.contains { $0.key == setting.key } }) {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["base.\(both.key)", "parameters.\(both.key)"],
        reason: "a key is either varied or fixed. Remove one of the two.")
    }
    if let trials, assignments(seed: seed ?? 0).count < trials {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["trials: \(trials)", "parameters"],
        reason: "there are not so many different combinations. Lower trials, or set method: grid.")
    }
  }

  private static func key(_ name: String) -> ParameterKey { ParameterKey.all.first { $0.name == name }! }

  private static func base(_ mapping: YAMLMapping) throws -> [ParameterSetting] {
    try mapping.checkKeys(ParameterKey.all.map(\.name), of: .project)
    return try mapping.keys.map { name in
      ParameterSetting(name, try value(mapping.value(name)!, of: key(name), in: mapping))
    }
  }

  private static func space(_ mapping: YAMLMapping, method: Method) throws -> SearchSpace {
    try mapping.checkKeys(ParameterKey.all.map(\.name), of: .project)
    guard !mapping.keys.isEmpty else {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["parameters"], reason: "nothing is varied. Name at least one key of params.yaml.")
    }
    return SearchSpace(
      try mapping.keys.map { name in
        if let reason = reasonNotToVary(name) {
          throw ConfigurationError.conflict(path: mapping.path, keys: ["parameters", name], reason: reason + ".")
        }
        let node = mapping.value(name)!
        if node.mapping != nil { return try range(name, mapping, method: method) }
        guard let sequence = node.sequence, !sequence.isEmpty else {
          throw mapping.bad(name, node, expected: "a list of values such as [1, 2], or {min, max, scale} for a random search")
        }
        let values = try sequence.map { try value($0, of: key(name), in: mapping) }
        if let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) {
          throw mapping.bad(name, node, expected: "a list without repetition; \(values[twice]) stands there twice")
        }
        return SearchSpace.Dimension(name, .list(values))
      })
  }

  private static func range(_ name: String, _ outer: YAMLMapping, method: Method) throws -> SearchSpace.Dimension {
    let mapping = try outer.mapping(name)
    try mapping.checkKeys(["min", "max", "scale"])
    guard method == .random else {
      throw ConfigurationError.conflict(
        path: outer.path, keys: ["method: grid", "parameters.\(name)"],
        reason: "a grid takes lists; a range from min to max is for method: random.")
    }
    guard let numbers = key(name).numbers else {
      throw outer.bad(name, outer.value(name)!, expected: "a list: \(name) has no numbers to draw between")
    }
    func end(_ end: String) throws -> Double {
      guard let node = mapping.value(end) else {
        throw ConfigurationError.missingKey(path: mapping.path, key: mapping.prefix + end)
      }
      _ = try value(node, of: key(name), in: mapping, as: end)
      return node.number ?? .nan
    }
    let (low, high) = (try end("min"), try end("max"))
    guard low < high else { throw mapping.bad("max", mapping.value("max")!, expected: "more than min") }
    var scale = SearchSpace.Scale.linear
    if let node = mapping.value("scale") {
      guard let named = node.string.flatMap(SearchSpace.Scale.init(rawValue:)) else {
        throw mapping.bad(
          "scale", node, expected: "one of " + SearchSpace.Scale.allCases.map(\.rawValue).joined(separator: ", "))
      }
      scale = named
    }
    if scale == .log, low <= 0 {
      throw mapping.bad("min", mapping.value("min")!, expected: "more than 0 where scale is log")
    }
    return SearchSpace.Dimension(name, .range(low: low, high: high, scale: scale, isWhole: numbers == .whole))
  }

  /// A value in YAML's words, checked alone; what does not go together is found in the trial.
  private static func value(
    _ node: Node, of key: ParameterKey, in mapping: YAMLMapping, as name: String? = nil
  ) throws -> String {
    var parameters = TrainingParameters()
    guard key.read(node, &parameters) else { throw mapping.bad(name ?? key.name, node, expected: key.expected) }
    return key.text(parameters)
  }
}

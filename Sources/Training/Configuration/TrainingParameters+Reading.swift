import Foundation

extension TrainingParameters {
  /// Reads `params.yaml`.
  ///
  /// - Throws: `ConfigurationError` for a missing file, an unknown or repeated key, a value out of range
  ///   or keys that do not go together.
  public init(file url: URL) throws {
    try self.init(YAMLMapping(file: url, .project))
  }

  /// The same from text; `path` is what errors call it.
  public init(yaml text: String, path: String = "params.yaml") throws {
    try self.init(YAMLMapping(text: text, path: path, .project))
  }

  private init(_ mapping: YAMLMapping) throws {
    self.init()
    try mapping.checkKeys(ParameterKey.all.map(\.name))
    for key in ParameterKey.all {
      guard let node = mapping.value(key.name) else { continue }
      guard key.read(node, &self) else { throw mapping.bad(key.name, node, expected: key.expected) }
    }
    if optimizer != .sgd, momentum != 0 || nesterov {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["OPTIMIZER", "MOMENTUM", "NESTEROV"],
        reason: "momentum belongs to sgd. Set OPTIMIZER: sgd or leave momentum out.")
    }
    if nesterov, momentum == 0 {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["NESTEROV", "MOMENTUM"], reason: "Nesterov's form needs a MOMENTUM above 0.")
    }
    if head == .flatten, mapping.value("DROPOUT") != nil, dropout > 0 {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["HEAD: flatten", "DROPOUT"],
        reason: "the report's head has no dropout. Use HEAD: pooled, or leave DROPOUT out.")
    }
    let defaults = TrainingParameters()
    if schedule == .constant || schedule == .cosine,
      scheduleFactor != defaults.scheduleFactor || scheduleEpochs != defaults.scheduleEpochs
    {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["SCHEDULE: \(schedule.rawValue)", "SCHEDULE_FACTOR or SCHEDULE_EPOCHS"],
        reason: "these belong to step and plateau. Set SCHEDULE to one of the two, or leave them out.")
    }
    if split != .keras, validationFraction + testFraction >= 1 {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["VALIDATION_FRACTION", "TEST_FRACTION"], reason: "nothing is left for training.")
    }
    if decision.calibration == .platt, classCount != 2 {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["CALIBRATION: platt", "CLASSES: \(classCount)"],
        reason: "Platt scaling is for two classes. Set CALIBRATION: temperature.")
    }
    let needed = [
      ("SENSITIVITY_AT_LEAST", "OPERATING_POINT: sensitivity", decision.operatingPoint == .sensitivity),
      ("ABSTENTION_RISK", "ABSTENTION: risk", decision.abstention == .risk),
      ("ABSTENTION_COVERAGE", "ABSTENTION: coverage", decision.abstention == .coverage),
    ]
    for (key, owner, isSet) in needed where !isSet && mapping.value(key) != nil {
      guard record.first(where: { $0.key == key })?.value != defaults.record.first(where: { $0.key == key })?.value else {
        continue
      }
      throw ConfigurationError.conflict(
        path: mapping.path, keys: [key, owner], reason: "the first belongs to the second. Set both, or leave the first out.")
    }
    if warmUpEpochs >= epochs {
      throw ConfigurationError.conflict(
        path: mapping.path, keys: ["WARM_UP_EPOCHS", "EPOCHS"], reason: "warm-up would never end.")
    }
  }

  /// Every key with its value, in the documents' order.
  public var record: [(key: String, value: String)] {
    ParameterKey.all.map { ($0.name, $0.text(self)) }
  }

  /// The keys and values of some parameters as one stable text, for fingerprints.
  public func fingerprint(of keys: [String]) -> String {
    record.filter { keys.contains($0.key) }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
  }
}

extension TrainingParameters {
  /// Reads `params.yaml` with some values set from elsewhere, such as the command line.
  ///
  /// - Parameter overrides: keys with values in YAML's words; they win over the file's.
  public init(file url: URL, overrides: [(key: String, value: String)]) throws {
    try self.init(YAMLMapping(file: url, .project).overriding(overrides))
  }

  /// The same parameters with some values set anew, and checked together as those of a file are.
  ///
  /// - Parameters:
  ///   - settings: keys with values in YAML's words.
  ///   - source: what errors call the place they came from.
  /// - Throws: `ConfigurationError`.
  func setting(_ settings: [(key: String, value: String)], source: String) throws -> TrainingParameters {
    try TrainingParameters(YAMLMapping(text: yaml, path: source, .project).overriding(settings) { _ in source })
  }

  /// `params.yaml`: the report's keys, and of the others those that differ from their defaults, so that a key which does
  /// not go with another one is not named for nothing.
  var yaml: String {
    let defaults = TrainingParameters().record
    let shown = zip(record, defaults).filter { own, standard in
      ParameterKey.reportNames.contains(own.key) || own.value != standard.value
    }
    return shown.map { "\($0.0.key): \($0.0.value)\n" }.joined()
  }
}

import Evaluation
import Foundation
import TestSupport
import Testing
import Training

@Suite struct SweepSpecificationTests {
  @Test func `a grid is every combination, the last key fastest`() throws {
    let specification = try SweepSpecification(
      yaml: """
        method: grid
        parameters:
          OPTIMIZER: [sgd, adamw]
          TRAINABLE_FROM: [null, block5_conv1]
          IMAGE_SIZE: [[64, 64, 3]]
          AUGMENTATION: [True]
        """)
    let size = ParameterSetting("IMAGE_SIZE", "[64, 64, 3]")
    let augmented = ParameterSetting("AUGMENTATION", "true")
    #expect(
      specification.assignments(seed: 1) == [
        [.init("OPTIMIZER", "sgd"), .init("TRAINABLE_FROM", "null"), size, augmented],
        [.init("OPTIMIZER", "sgd"), .init("TRAINABLE_FROM", "block5_conv1"), size, augmented],
        [.init("OPTIMIZER", "adamw"), .init("TRAINABLE_FROM", "null"), size, augmented],
        [.init("OPTIMIZER", "adamw"), .init("TRAINABLE_FROM", "block5_conv1"), size, augmented],
      ])
    #expect(specification.metric == .auc)
    #expect(specification.folds == nil)
  }

  static let random = """
    method: random
    trials: 200
    seed: 5
    folds: 4
    repeats: 3
    metric: brier
    base: {OPTIMIZER: adamw, SEED: 9}
    parameters:
      LEARNING_RATE: {min: 1e-5, max: 0.1, scale: log}
      DROPOUT: {min: 0, max: 0.5}
      EPOCHS: {min: 2, max: 5, scale: linear}
      BATCH_SIZE: {min: 4, max: 64, scale: log}
      HEAD: [pooled, flatten]
    """

  @Test func `every key of a random search is read`() throws {
    let specification = try SweepSpecification(yaml: Self.random)
    #expect(specification.method == .random)
    #expect(specification.trials == 200)
    #expect(specification.seed == 5)
    #expect(specification.folds == 4)
    #expect(specification.repeats == 3)
    #expect(specification.metric == .brier)
    #expect(specification.base == [.init("OPTIMIZER", "adamw"), .init("SEED", "9")])
    #expect(
      specification.space.dimensions.map(\.key) == ["LEARNING_RATE", "DROPOUT", "EPOCHS", "BATCH_SIZE", "HEAD"])
    #expect(specification.space.dimensions[0].values == .range(low: 1e-5, high: 0.1, scale: .log, isWhole: false))
    #expect(specification.space.dimensions[2].values == .range(low: 2, high: 5, scale: .linear, isWhole: true))
  }

  @Test func `whatever a sweep can choose by is a figure of the scores`() {
    #expect(Set(SweepMetric.allCases.map(\.rawValue)).isSubset(of: ClassificationMetrics.names))
  }

  @Test func `draws follow from the seed, stay in range and reach the ends of whole numbers`() throws {
    let specification = try SweepSpecification(yaml: Self.random)
    let draws = specification.assignments(seed: 1)
    #expect(draws.count == 200)
    // The specification's own seed counts, not the project's.
    #expect(specification.assignments(seed: 2) == draws)
    func values(_ key: String) -> [String] { draws.map { draw in draw.first { $0.key == key }!.value } }
    let rates = try values("LEARNING_RATE").map { try #require(Double($0)) }
    #expect(rates.allSatisfy { (1e-5...0.1).contains($0) })
    // Of four powers of ten each gets about a quarter: 50 of 200, standard deviation 6.
    for power in [1e-5, 1e-4, 1e-3, 1e-2] {
      #expect((25...75).contains(rates.count { (power..<power * 10).contains($0) }))
    }
    #expect(Set(values("EPOCHS")) == ["2", "3", "4", "5"])
    #expect((25...75).contains(values("EPOCHS").count { $0 == "2" }))
    #expect(try values("BATCH_SIZE").allSatisfy { (4...64).contains(try #require(Int($0))) })
    #expect(Set(values("HEAD")) == ["pooled", "flatten"])
    // Every drawn value is one that params.yaml accepts, to the same number.
    for rate in values("LEARNING_RATE") {
      #expect(try TrainingParameters(yaml: "LEARNING_RATE: \(rate)").learningRate == Double(rate))
    }
  }

  @Test func `another seed draws others, and more trials or another order of keys the same`() throws {
    let space = try SweepSpecification(yaml: Self.random).space
    let draws = space.draws(20, seed: 1)
    #expect(space.draws(20, seed: 1) == draws)
    #expect(space.draws(20, seed: 2) != draws)
    #expect(Array(space.draws(40, seed: 1).prefix(20)) == draws)
    let turned = SearchSpace(space.dimensions.reversed()).draws(20, seed: 1)
    #expect(turned.map { Array($0.reversed()) } == draws)
  }

  @Test func `a random search over few values tries none twice`() throws {
    let specification = try SweepSpecification(
      yaml: "method: random\ntrials: 6\nparameters: {EPOCHS: [1, 2, 3], HEAD: [pooled, flatten]}")
    #expect(Set(specification.assignments(seed: 3)).count == 6)
  }

  @Test(arguments: [
    ("metod: grid\nparameters: {EPOCHS: [1]}", "unknown key 'metod'. Did you mean 'method'?"),
    ("method: grid\nparameters: {LEARNING_RAT: [1]}", "unknown key 'parameters.LEARNING_RAT'. Did you mean 'parameters.LEARNING_RATE'?"),
    ("method: grid\nbase: {EPOCH: 1}\nparameters: {HEAD: [pooled]}", "unknown key 'base.EPOCH'. Did you mean 'base.EPOCHS'?"),
    ("parameters: {EPOCHS: [1]}", "the key 'method' is missing"),
    ("method: grid", "the key 'parameters' is missing"),
    ("method: random\nparameters: {EPOCHS: [1]}", "the key 'trials' is missing"),
    ("method: bayes\nparameters: {EPOCHS: [1]}", "method is 'bayes', but must be one of grid, random"),
    ("method: grid\ntrials: 3\nparameters: {EPOCHS: [1]}", "a grid tries every combination"),
    ("method: grid\nseed: 3\nparameters: {EPOCHS: [1]}", "a grid draws nothing"),
    ("method: random\ntrials: 0\nparameters: {EPOCHS: [1]}", "trials is '0', but must be a whole number from 1 to 1000"),
    ("method: random\ntrials: 3\nparameters: {EPOCHS: [1, 2]}", "not so many different combinations"),
    ("method: grid\nfolds: 1\nparameters: {EPOCHS: [1]}", "folds is '1'"),
    ("method: grid\nrepeats: many\nparameters: {EPOCHS: [1]}", "repeats is 'many'"),
    ("method: grid\nmetric: aux\nparameters: {EPOCHS: [1]}", "metric is 'aux', but must be one of auc, accuracy"),
    ("method: grid\nparameters: {}", "nothing is varied"),
    ("method: grid\nparameters: [EPOCHS]", "'parameters' must be a mapping"),
    ("method: grid\nparameters: {EPOCHS: 3}", "must be a list of values"),
    ("method: grid\nparameters: {EPOCHS: []}", "must be a list of values"),
    ("method: grid\nparameters: {EPOCHS: [1, 0]}", "EPOCHS is '0', but must be a whole number from 1 to 10000"),
    ("method: grid\nparameters: {LEARNING_RATE: [0.1, 1e-1]}", "0.1 stands there twice"),
    ("method: grid\nparameters: {LEARNING_RATE: [99]}", "LEARNING_RATE is '99', but must be a number from 1e-08 to 10.0"),
    ("method: grid\nparameters: {EPOCHS: {min: 1, max: 2}}", "a grid takes lists"),
    ("method: random\ntrials: 2\nparameters: {EPOCHS: {min: 1}}", "the key 'parameters.EPOCHS.max' is missing"),
    ("method: random\ntrials: 2\nparameters: {EPOCHS: {min: 3, max: 2}}", "parameters.EPOCHS.max is '2', but must be more than min"),
    ("method: random\ntrials: 2\nparameters: {EPOCHS: {min: 1, max: 2.5}}", "parameters.EPOCHS.max is '2.5'"),
    ("method: random\ntrials: 2\nparameters: {EPOCHS: {min: 1, max: 5, step: 2}}", "unknown key 'parameters.EPOCHS.step'"),
    ("method: random\ntrials: 2\nparameters: {DROPOUT: {min: 0, max: 0.5, scale: log}}", "more than 0 where scale is log"),
    ("method: random\ntrials: 2\nparameters: {DROPOUT: {min: 0, max: 0.5, scale: wide}}", "one of linear, log"),
    ("method: random\ntrials: 2\nparameters: {HEAD: {min: 0, max: 1}}", "no numbers to draw between"),
    ("method: grid\nparameters: {SEED: [1, 2]}", "which series are set aside for the test"),
    ("method: grid\nparameters: {FOLDS: [3, 5]}", "set 'folds' and 'repeats'"),
    ("method: grid\nparameters: {CALIBRATION: [none, platt]}", "scores the answers before that"),
    ("method: grid\nbase: {EPOCHS: 2}\nparameters: {EPOCHS: [1]}", "either varied or fixed"),
    ("method: grid\nparameters: {EPOCHS: [1], EPOCHS: [2]}", "expected all keys to be unique"),
    ("method: [", "is not valid YAML"),
    ("", "must be a mapping"),
  ])
  func `a specification that cannot be is refused with what to do`(yaml: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try SweepSpecification(yaml: yaml) }
    let text = error?.description ?? ""
    #expect(text.contains("sweep.yaml"))
    #expect(text.contains(words), "\(text)")
  }

  @Test func `a grid too large to be read is refused`() {
    let many = (1...40).map(String.init).joined(separator: ", ")
    let error = #expect(throws: ConfigurationError.self) {
      try SweepSpecification(yaml: "method: grid\nparameters: {EPOCHS: [\(many)], BATCH_SIZE: [\(many)]}")
    }
    #expect(error?.description.contains("more than 1000 combinations") == true)
  }

  @Test func `an error names the file and the line`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try SweepSpecification(yaml: "method: grid\nparameters:\n  EPOCHS: [1]\n  DROPUOT: [0.1]", path: "wide.yaml")
    }
    #expect(error?.description == "'wide.yaml' line 4: unknown key 'parameters.DROPUOT'. Did you mean 'parameters.DROPOUT'?")
  }

  @Test func `a value from the command line that no trial would have is refused`() throws {
    let specification = try SweepSpecification(
      yaml: "method: grid\nbase: {OPTIMIZER: adamw}\nparameters: {EPOCHS: [1, 2], DROPOUT: [0]}")
    try specification.checkUnused(settings: ["BATCH_SIZE", "SEED"])
    #expect(throws: SweepError.settingUnused(keys: ["DROPOUT"], isVaried: true)) {
      try specification.checkUnused(settings: ["SEED", "DROPOUT"])
    }
    let error = #expect(throws: SweepError.self) { try specification.checkUnused(settings: ["OPTIMIZER"]) }
    #expect(error?.description.contains("--set OPTIMIZER") == true && error?.description.contains("'base'") == true)
  }

  @Test func `an unknown key names the page that lists it`() {
    let key = #expect(throws: ConfigurationError.self) { try SweepSpecification(yaml: "zzz: 1") }
    #expect(key?.description.contains("docs/sweeps.md") == true)
    let parameter = #expect(throws: ConfigurationError.self) {
      try SweepSpecification(yaml: "method: grid\nparameters: {ZZZZZZZZ: [1]}")
    }
    #expect(parameter?.description.contains("docs/parameters.md") == true)
  }
}

import Foundation
import TestSupport
import Testing
import Training

@Suite struct TrainingParametersTests {
  @Test func `the report's own file is read as it is`() throws {
    let parameters = try TrainingParameters(file: packageRoot.appending(path: "params.yaml"))
    #expect(parameters.augmentation)
    #expect(parameters.imageHeight == 224)
    #expect(parameters.imageWidth == 224)
    #expect(parameters.batchSize == 16)
    #expect(!parameters.includeTop)
    #expect(parameters.epochs == 5)
    #expect(parameters.classCount == 2)
    #expect(parameters.weights == .imagenet)
    #expect(parameters.learningRate == 0.01)
  }

  @Test func `every key is read into its own property and written back`() throws {
    let yaml = """
      AUGMENTATION: false
      IMAGE_SIZE: [64, 96, 3]
      BATCH_SIZE: 7
      INCLUDE_TOP: no
      EPOCHS: 9
      CLASSES: 4
      WEIGHTS: null
      LEARNING_RATE: 0.5
      SEED: 42
      PREPROCESSING: divide_255
      RESAMPLING: nearest
      KERAS_COMPATIBLE: true
      SPLIT: keras
      VALIDATION_FRACTION: 0.25
      TEST_FRACTION: 0.3
      FOLDS: 3
      FOLD_REPEATS: 4
      HEAD: pooled
      DROPOUT: 0.125
      TRAINABLE_FROM: block5_conv1
      OPTIMIZER: sgd
      MOMENTUM: 0.9
      NESTEROV: true
      WEIGHT_DECAY: 0.001
      LABEL_SMOOTHING: 0.05
      BALANCED_CLASSES: false
      SCHEDULE: step
      WARM_UP_EPOCHS: 2
      SCHEDULE_FACTOR: 0.5
      SCHEDULE_EPOCHS: 3
      EARLY_STOPPING: 4
      CALIBRATION: none
      OPERATING_POINT: sensitivity
      SENSITIVITY_AT_LEAST: 0.9
      THRESHOLD_PROBABILITY: 0.1
      PREVALENCE: 0.03
      ABSTENTION: risk
      ABSTENTION_RISK: 0.1
      ABSTENTION_COVERAGE: 0.8
      GATE: true
      """
    let parameters = try TrainingParameters(yaml: yaml)
    let given = yaml.split(separator: "\n").map { $0.split(separator: ":")[0] }
    #expect(given.map(String.init) == ParameterKey.all.map(\.name), "the test must name every key")
    let defaults = TrainingParameters()
    for key in ParameterKey.all where !["INCLUDE_TOP", "HEAD", "OPTIMIZER", "ABSTENTION_COVERAGE"].contains(key.name) {
      #expect(key.text(parameters) != key.text(defaults), "\(key.name) was not read")
    }
    let again = try TrainingParameters(yaml: parameters.record.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
    #expect(again == parameters)
  }

  @Test func `the keys whose other value excludes some of the above are read too`() throws {
    #expect(try TrainingParameters(yaml: "OPTIMIZER: adamw").optimizer == .adamw)
    #expect(try TrainingParameters(yaml: "HEAD: flatten").head == .flatten)
    #expect(try TrainingParameters(yaml: "ABSTENTION_COVERAGE: 0.7").decision.abstentionCoverage == 0.7)
  }

  @Test(arguments: [
    ("EPOCHS: 0", "line 1: EPOCHS is '0', but must be a whole number from 1 to 10000"),
    ("EPOCHS: \"5\"", "EPOCHS is '5', but must be a whole number"),
    ("EPOCHS: 5.5", "EPOCHS is '5.5', but must be a whole number"),
    ("LEARNING_RATE: -1", "LEARNING_RATE is '-1', but must be a number from 1e-08 to 10.0"),
    ("LEARNING_RATE: .nan", "LEARNING_RATE is '.nan'"),
    ("AUGMENTATION: perhaps", "AUGMENTATION is 'perhaps', but must be True or False"),
    ("IMAGE_SIZE: [224, 224]", "IMAGE_SIZE is [224, 224], but must be [height, width, 3]"),
    ("IMAGE_SIZE: [224, 225, 3]", "multiples of 32"),
    ("IMAGE_SIZE: 224", "IMAGE_SIZE is '224'"),
    ("INCLUDE_TOP: True", "INCLUDE_TOP is 'True', but must be False"),
    ("WEIGHTS: places365", "WEIGHTS is 'places365', but must be imagenet, or null"),
    ("SPLIT: chance", "SPLIT is 'chance', but must be one of series, random, keras"),
    ("TRAINABLE_FROM: block6_conv1", "TRAINABLE_FROM is 'block6_conv1', but must be null, or one of block1_conv1"),
    ("SEED: -1", "SEED is '-1'"),
    ("EPOCH: 5", "unknown key 'EPOCH'. Did you mean 'EPOCHS'?"),
    ("COLOUR: blue", "unknown key 'COLOUR'. Remove it"),
    ("EPOCHS: 5\nEPOCHS: 6", "EPOCHS"),
    ("OPTIMIZER: adamw\nMOMENTUM: 0.9", "OPTIMIZER and MOMENTUM and NESTEROV do not go together"),
    ("OPTIMIZER: sgd\nNESTEROV: true", "needs a MOMENTUM above 0"),
    ("HEAD: flatten\nDROPOUT: 0.2", "the report's head has no dropout"),
    ("EPOCHS: 3\nWARM_UP_EPOCHS: 3", "warm-up would never end"),
    ("SCHEDULE: cosine\nSCHEDULE_FACTOR: 0.5", "SCHEDULE: cosine and SCHEDULE_FACTOR or SCHEDULE_EPOCHS do not go together"),
    ("CALIBRATION: platt\nCLASSES: 4", "Platt scaling is for two classes"),
    ("SENSITIVITY_AT_LEAST: 0.8", "SENSITIVITY_AT_LEAST and OPERATING_POINT: sensitivity do not go together"),
    ("ABSTENTION: none\nABSTENTION_COVERAGE: 0.7", "ABSTENTION_COVERAGE and ABSTENTION: coverage do not go together"),
    ("ABSTENTION_RISK: 0.1", "ABSTENTION_RISK and ABSTENTION: risk do not go together"),
    ("PREVALENCE: 0", "PREVALENCE is '0', but must be null, or a number from 0.0001 to 0.9999"),
    ("SCHEDULE_EPOCHS: 3", "these belong to step and plateau"),
    ("- 1", "must be a mapping"),
    ("a: [", "not valid YAML"),
    ("", "must be a mapping"),
  ])
  func `a bad value names file, key, value and range`(yaml: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try TrainingParameters(yaml: yaml) }
    let text = error?.description ?? ""
    #expect(text.contains(message), "got: \(text)")
    #expect(text.contains("params.yaml"))
  }

  @Test(arguments: [
    ("EPOCHS", "many", "'--set EPOCHS': EPOCHS is 'many', but must be a whole number"),
    ("EPOCH", "5", "'--set EPOCH': unknown key 'EPOCH'. Did you mean 'EPOCHS'?"),
    ("EPOCHS", "[", "'--set EPOCHS' is not valid YAML"),
  ])
  func `a bad value of the command line names the option, not the file`(key: String, value: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingParameters(file: packageRoot.appending(path: "params.yaml"), overrides: [(key, value)])
    }
    let text = error?.description ?? ""
    #expect(text.contains(message), "got: \(text)")
    #expect(!text.contains("params.yaml"))
  }

  @Test func `a missing file says where to run`() {
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingParameters(file: URL(filePath: "/nowhere/params.yaml"))
    }
    #expect(error?.description.contains("/nowhere/params.yaml") == true)
  }

  @Test func `a fingerprint holds the named keys alone and changes with them`() throws {
    var parameters = TrainingParameters()
    let before = parameters.fingerprint(of: ["EPOCHS", "SEED"])
    parameters.batchSize = 99
    #expect(parameters.fingerprint(of: ["EPOCHS", "SEED"]) == before)
    parameters.seed = 2
    #expect(parameters.fingerprint(of: ["EPOCHS", "SEED"]) != before)
  }
}

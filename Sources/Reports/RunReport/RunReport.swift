import Evaluation

/// Everything one run is to be judged by, as plain values: what the page and the model card are made of.
///
/// Nothing here holds a path outside of the data set: pictures are named relative to its folder.
public struct RunReport: Sendable {
  /// What the run is called: the data set's or project's name.
  public var name: String
  /// The program's version.
  public var version: String
  /// As in `scores.json`.
  public var report: ClassificationReport
  /// The predictions that `report` measures; their series are those of the split.
  public var predictions: Predictions
  public var model: ModelFacts
  public var data: DataFacts
  /// Nil where no audit was made.
  public var audit: AuditFacts?
  public var split: SplitFacts
  /// Nil where no test part was set aside.
  public var testSet: TestSetFacts?
  public var history: TrainingCurves?
  public var mistakes: MistakeFacts
  public var subgroups: [SubgroupFacts]
  /// Nil where the ladder was not climbed.
  public var ladder: LadderFacts?
  public var rules: RuleFacts

  public init(
    name: String, version: String, report: ClassificationReport, predictions: Predictions, model: ModelFacts,
    data: DataFacts, audit: AuditFacts? = nil, split: SplitFacts, testSet: TestSetFacts? = nil,
    history: TrainingCurves? = nil, mistakes: MistakeFacts = MistakeFacts(), subgroups: [SubgroupFacts] = [],
    ladder: LadderFacts? = nil, rules: RuleFacts = RuleFacts()
  ) {
    self.name = name
    self.version = version
    self.report = report
    self.predictions = predictions
    self.model = model
    self.data = data
    self.audit = audit
    self.split = split
    self.testSet = testSet
    self.history = history
    self.mistakes = mistakes
    self.subgroups = subgroups
    self.ladder = ladder
    self.rules = rules
  }

  /// Confidence level of all intervals.
  var level: Double { report.bootstrap.level }
}

/// The model file that was judged.
public struct ModelFacts: Sendable, Equatable {
  /// Hexadecimal SHA-256.
  public var digest: String
  /// Such as "vgg16".
  public var network: String
  public var baseDigest: String
  /// The first layer of the base that was trained; nil for a frozen base.
  public var trainableFrom: String?
  /// Such as "pooled".
  public var head: String
  /// Such as "rgb-224x224-bilinear-imagenet-v1".
  public var preprocessing: String
  public var epochs: Int
  public var seed: UInt64
  /// Every key of the parameters with its value, in their order.
  public var parameters: [KeyedValue]
  /// Whether probabilities are calibrated, whether the model abstains, whether it refuses what is no kidney CT.
  public var isCalibrated: Bool
  public var abstains: Bool
  public var hasGate: Bool

  public init(
    digest: String, network: String, baseDigest: String, trainableFrom: String?, head: String, preprocessing: String,
    epochs: Int, seed: UInt64, parameters: [KeyedValue], isCalibrated: Bool = false, abstains: Bool = false,
    hasGate: Bool = false
  ) {
    self.digest = digest
    self.network = network
    self.baseDigest = baseDigest
    self.trainableFrom = trainableFrom
    self.head = head
    self.preprocessing = preprocessing
    self.epochs = epochs
    self.seed = seed
    self.parameters = parameters
    self.isCalibrated = isCalibrated
    self.abstains = abstains
    self.hasGate = hasGate
  }
}

/// A parameter's name and value, as they are shown.
public struct KeyedValue: Sendable, Equatable {
  public var key: String
  public var value: String

  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

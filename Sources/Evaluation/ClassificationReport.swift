/// Everything measured about one set of predictions.
///
/// Its JSON has the keys `classes`, `positive_class`, `metrics` (`loss`, `accuracy`,
/// `balanced_accuracy`, `sensitivity`, `specificity`, `auc`, `macro_f1`, `brier`), `per_class`,
/// `confusion_matrix`, `counts`, `images`, `series`, `bootstrap` and `notes`. The metrics can be read
/// directly: `report.auc` is `report.metrics.auc`.
@dynamicMemberLookup
public struct ClassificationReport: Codable, Sendable, Equatable {
  /// Names, in the order of the probabilities.
  public var classes: [String]
  /// The class that sensitivity, specificity and AUC are about; nil where they are means over all
  /// classes, each against the rest.
  public var positiveClass: String?
  /// Over all pictures.
  public var metrics: ClassificationMetrics
  /// One for each class, in the order of `classes`.
  public var perClass: [ClassMetrics]
  /// Shape: [true class, predicted class], numbers of pictures.
  public var confusionMatrix: [[Int]]
  /// One for each class, in the order of `classes`.
  public var counts: [ClassCount]
  /// Number of pictures evaluated.
  public var images: Int
  /// Number of series evaluated.
  public var series: Int
  /// How intervals by resampling were made.
  public var bootstrap: BootstrapSettings
  /// What a reader of the figures should know, such as a class that was never predicted.
  public var notes: [String]

  /// A report of parts that were computed or read; `evaluate` makes one of predictions.
  ///
  /// - Parameters:
  ///   - positiveClass: the class that metrics of two classes are for; nil for none.
  ///   - perClass: one for each class, in the order of `classes`.
  ///   - confusionMatrix: pictures by true and predicted class. Shape: [classes, classes], counts.
  ///   - counts: one for each class.
  ///   - images: number of pictures.
  ///   - series: number of series.
  public init(
    classes: [String], positiveClass: String?, metrics: ClassificationMetrics, perClass: [ClassMetrics],
    confusionMatrix: [[Int]], counts: [ClassCount], images: Int, series: Int, bootstrap: BootstrapSettings, notes: [String]
  ) {
    self.classes = classes
    self.positiveClass = positiveClass
    self.metrics = metrics
    self.perClass = perClass
    self.confusionMatrix = confusionMatrix
    self.counts = counts
    self.images = images
    self.series = series
    self.bootstrap = bootstrap
    self.notes = notes
  }

  /// A figure of `metrics` by its name.
  public subscript(dynamicMember path: KeyPath<ClassificationMetrics, Metric>) -> Metric { metrics[keyPath: path] }

  enum CodingKeys: String, CodingKey {
    case classes, metrics, counts, images, series, bootstrap, notes
    case positiveClass = "positive_class"
    case perClass = "per_class"
    case confusionMatrix = "confusion_matrix"
  }

  /// Spelled out, since the synthesized version would leave out `positive_class` where it is nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classes, forKey: .classes)
    try container.encode(positiveClass, forKey: .positiveClass)
    try container.encode(metrics, forKey: .metrics)
    try container.encode(perClass, forKey: .perClass)
    try container.encode(confusionMatrix, forKey: .confusionMatrix)
    try container.encode(counts, forKey: .counts)
    try container.encode(images, forKey: .images)
    try container.encode(series, forKey: .series)
    try container.encode(bootstrap, forKey: .bootstrap)
    try container.encode(notes, forKey: .notes)
  }
}

/// The figures of a whole set of predictions.
public struct ClassificationMetrics: Codable, Sendable, Equatable {
  /// Mean cross-entropy in natural logarithms, probabilities clipped at 1e-7 as Keras does.
  public var loss: Metric
  /// Share of the pictures whose most probable class is the true one, 0…1.
  public var accuracy: Metric
  /// Mean of the classes' sensitivities.
  public var balancedAccuracy: Metric
  /// Share of the pictures of the positive class that are found, 0…1; a mean over the classes where none is positive.
  public var sensitivity: Metric
  /// Share of the other pictures that are not called positive, 0…1; a mean over the classes where none is positive.
  public var specificity: Metric
  /// Area under the receiver operating characteristic, 0…1; a mean over the classes where none is positive.
  public var auc: Metric
  /// Mean of the classes' F1, 0…1.
  public var macroF1: Metric
  /// With two classes 0…1, with more 0…2.
  public var brier: Metric

  /// Each figure's key in JSON and its property, in the order they are best read in. All that treats figures alike goes
  /// by it: tables, marks, the bounds of promotion gates, what sweeps choose by. A property is a `Metric`, or a `Metric?`
  /// if scores of earlier versions, which do not have it, are to stay readable.
  private static let figures: [(key: CodingKeys, path: PartialKeyPath<ClassificationMetrics> & Sendable)] = [
    (.loss, \.loss), (.accuracy, \.accuracy), (.balancedAccuracy, \.balancedAccuracy), (.sensitivity, \.sensitivity),
    (.specificity, \.specificity), (.auc, \.auc), (.macroF1, \.macroF1), (.brier, \.brier),
  ]

  /// The names that figures have in JSON, in the order they are best read in.
  public static let names = figures.map(\.key.rawValue)

  /// The figures with the names their JSON has, in the order they are best read in.
  public var named: [(name: String, metric: Metric)] {
    Self.figures.compactMap { figure in
      (self[keyPath: figure.path] as? Metric).map { (figure.key.rawValue, $0) }
    }
  }

  /// The same with each figure changed.
  public func mapped(_ change: (Metric) -> Metric) -> ClassificationMetrics {
    var metrics = self
    for (key, path) in Self.figures {
      switch path {
      case let path as WritableKeyPath<Self, Metric>: metrics[keyPath: path] = change(self[keyPath: path])
      case let path as WritableKeyPath<Self, Metric?>: metrics[keyPath: path] = self[keyPath: path].map(change)
      default: preconditionFailure("\(key.rawValue) is no metric")
      }
    }
    return metrics
  }

  enum CodingKeys: String, CodingKey {
    case loss, accuracy, sensitivity, specificity, auc, brier
    case balancedAccuracy = "balanced_accuracy"
    case macroF1 = "macro_f1"
  }
}

/// The figures of one class.
public struct ClassMetrics: Codable, Sendable, Equatable {
  /// As in `ClassificationReport.classes`.
  public var className: String
  /// Share of the pictures of the class that are called so, 0…1.
  public var sensitivity: Metric
  /// Nil for a class that was never predicted, whose precision is undefined.
  public var precision: Metric?
  /// Harmonic mean of sensitivity and precision, 0…1.
  public var f1: Metric

  enum CodingKeys: String, CodingKey {
    case className = "class"
    case sensitivity, precision, f1
  }

  /// Spelled out, since the synthesized version would leave out `precision` where it is nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(className, forKey: .className)
    try container.encode(sensitivity, forKey: .sensitivity)
    try container.encode(precision, forKey: .precision)
    try container.encode(f1, forKey: .f1)
  }
}

/// How much there is of one class.
public struct ClassCount: Codable, Sendable, Equatable {
  /// As in `ClassificationReport.classes`.
  public var className: String
  /// Pictures of the class.
  public var images: Int
  /// Series with a picture of the class.
  public var series: Int
  /// Pictures predicted as the class.
  public var predicted: Int

  enum CodingKeys: String, CodingKey {
    case className = "class"
    case images, series, predicted
  }
}

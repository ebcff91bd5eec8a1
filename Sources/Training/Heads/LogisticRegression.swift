import TensorKernels

/// A multinomial logistic regression with an L2 penalty on the weights, fitted to the minimum.
///
/// Minimizes Σᵢ wᵢ CEᵢ + λ/2 ‖W‖² over weights W and biases, which are free. With plain weights wᵢ = 1/n; balanced,
/// wᵢ = 1/(K n_class), so that each of the K classes counts alike. The same optimum as scikit-learn's
/// `LogisticRegression(C=1/λ)` with `sample_weight` wᵢ; for two classes, which scikit-learn fits with one column where
/// two stand here, `C=2/λ`.
///
/// L-BFGS in Double from zero, on rows whose mean is taken off; nothing is drawn, and the result does not depend on the
/// number of threads. Where features outnumber rows the very same steps are taken in the rows' span, by their Gram matrix.
public struct LogisticRegression: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    public enum ClassWeights: String, Sendable, CaseIterable {
      /// Every row counts alike.
      case plain
      /// Every class counts alike.
      case balanced
    }

    /// The penalty, more than 0.
    public var lambda: Double
    public var classWeights: ClassWeights
    /// 1 or more.
    public var maximumIterations: Int
    /// The fit has converged when the gradient's Euclidean norm is at most this.
    public var gradientTolerance: Double

    public init(
      lambda: Double, classWeights: ClassWeights = .plain, maximumIterations: Int = 1000, gradientTolerance: Double = 1e-6
    ) {
      self.lambda = lambda
      self.classWeights = classWeights
      self.maximumIterations = maximumIterations
      self.gradientTolerance = gradientTolerance
    }
  }

  public let classCount: Int
  public let featureCount: Int
  /// Shape: [classes, features], Double.
  public let weights: [Double]
  /// Shape: [classes], Double.
  public let biases: [Double]
  public let iterations: Int
  /// Whether the gradient came under the tolerance; else the most iterations were made, or no step was possible any more.
  public let hasConverged: Bool
  /// What was minimized, at its end.
  public let objective: Double

  /// Fits.
  ///
  /// - Parameters:
  ///   - rows: Shape: [rows, features], Float32, finite.
  ///   - features: of a row, 1 or more.
  ///   - labels: the class of each row, `0..<classCount`; every class has a row.
  ///   - importance: how much each row counts beside the others of its class (balanced) or of all; nil is 1 for each.
  ///   - classCount: 2 or more.
  /// - Throws: `LogisticRegressionError`.
  public init(
    rows: [Float], features: Int, labels: [Int], importance: [Double]? = nil, classCount: Int, settings: Settings,
    pool: ThreadPool = .shared
  ) throws {
    try self.init(
      rows: rows, features: features, labels: labels, importance: importance, classCount: classCount, settings: settings,
      byGram: features > labels.count, pool: pool)
  }

  /// The same, by the way that is asked for.
  package init(
    rows: [Float], features: Int, labels: [Int], importance: [Double]? = nil, classCount: Int, settings: Settings,
    byGram: Bool, pool: ThreadPool = .shared
  ) throws {
    let objective = try SoftmaxObjective(labels: labels, importance: importance, classCount: classCount, settings: settings)
    try checkRows(rows, count: labels.count, features: features)
    let means = columnMeans(of: rows, features: features)
    let solution: SoftmaxSolution
    if byGram {
      let gram = GramMatrix(rows: rows, features: features, centre: means, pool: pool)
      solution = objective.minimize(in: GramSpace(gram: gram, pool: pool), settings: settings)
      weights = combined(
        coefficients: solution.coordinates, classes: classCount, rows: rows, features: features, centre: means, pool: pool)
    } else {
      solution = objective.minimize(
        in: FeatureSpace(rows: rows, features: features, centre: means, pool: pool), settings: settings)
      weights = solution.coordinates
    }
    self.classCount = classCount
    featureCount = features
    iterations = solution.iterations
    hasConverged = solution.hasConverged
    self.objective = solution.objective
    let fitted = weights
    biases = solution.biases.enumerated().map { label, bias in
      means.enumerated().reduce(bias) { $0 - fitted[label * features + $1.offset] * $1.element }
    }
  }

  /// - Parameter rows: Shape: [rows, features], Float32.
  /// - Returns: Shape: [rows][classes].
  public func logits(of rows: [Float]) -> [[Double]] {
    precondition(rows.count % featureCount == 0, "whole rows of \(featureCount) features")
    return (0..<rows.count / featureCount).map { row in
      biases.indices.map { label in
        var sum = biases[label]
        for feature in 0..<featureCount {
          sum += weights[label * featureCount + feature] * Double(rows[row * featureCount + feature])
        }
        return sum
      }
    }
  }

  /// - Parameter rows: Shape: [rows, features], Float32.
  /// - Returns: Shape: [rows][classes], 0…1, each row sums to 1.
  public func probabilities(of rows: [Float]) -> [[Double]] { logits(of: rows).map(softmax) }
}

/// Why a logistic regression cannot be fitted.
public enum LogisticRegressionError: Error, Equatable, CustomStringConvertible {
  case noRows
  case differentLengths(rows: Int, labels: Int, features: Int)
  case labelOutOfRange(row: Int, label: Int, classes: Int)
  case oneClassOnly(label: Int, rows: Int)
  case classWithoutRows(label: Int, classes: Int)
  case notFinite(row: Int, feature: Int)
  case settingOutOfRange(setting: String, actual: String, range: String)

  public var description: String {
    switch self {
    case .noRows: "There is no row to fit a logistic regression to. Give at least one row of each class."
    case .differentLengths(let rows, let labels, let features):
      "\(rows) numbers are no \(labels) rows of \(features) features. Give one row of features for each label."
    case .labelOutOfRange(let row, let label, let classes):
      "The label of row \(row) is \(label), outside 0..<\(classes). Labels count the classes from 0."
    case .oneClassOnly(let label, let rows):
      "All \(rows) rows are of class \(label), so there is nothing to tell apart. Give rows of at least two classes."
    case .classWithoutRows(let label, let classes):
      "No row is of class \(label) of \(classes). Give rows of every class, or count only the classes that have some."
    case .notFinite(let row, let feature):
      "Feature \(feature) of row \(row) is not a finite number. The base's weights or the cached features are damaged: run `nefro weights verify`, or remove the feature cache."
    case .settingOutOfRange(let setting, let actual, let range): "\(setting) is \(actual), outside \(range)."
    }
  }
}

/// How the ladder of splits is climbed.
public struct LadderSettings: Codable, Equatable, Sendable {
  /// Of every cross-validation; fewer where a class has fewer series.
  public var folds: Int
  /// How often each rung's cross-validation is repeated with other folds.
  public var repeats: Int
  /// How often labels are shuffled for the placebo.
  public var shuffles: Int
  /// Of folds and shuffles.
  public var seed: UInt64

  public init(folds: Int = 5, repeats: Int = 5, shuffles: Int = 10, seed: UInt64 = 1) {
    self.folds = folds
    self.repeats = repeats
    self.shuffles = shuffles
    self.seed = seed
  }

  /// The classifier in words.
  static let classifier =
    "logistic regression, not tuned: L2 penalty of scikit-learn's default C = 1, each class counting alike, on the square roots of VGG-16's block5_pool at all positions"
}

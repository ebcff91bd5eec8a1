/// How simple and how regularised a training is, for the one-standard-error rule.
///
/// Trainings are compared by one property after the other, and the first in which they differ decides:
///
/// 1. fewer layers of the base are trained;
/// 2. the smaller head (pooled before flatten);
/// 3. smaller pictures;
/// 4. augmentation before none;
/// 5. the larger weight decay;
/// 6. the higher dropout;
/// 7. the stronger label smoothing;
/// 8. fewer epochs;
/// 9. the lower learning rate.
///
/// Optimizer, batch size, schedule and the rest have no order: there the better score decides.
public struct Simplicity: Comparable, Sendable {
  /// The same properties in words, in order: what a report says.
  public static let order = [
    "fewer trained layers of the base", "smaller head", "smaller pictures", "augmentation", "larger weight decay",
    "higher dropout", "stronger label smoothing", "fewer epochs", "lower learning rate",
  ]

  /// Each the smaller the simpler.
  private let properties: [Double]

  /// - Parameter parameters: of a training.
  public init(_ parameters: TrainingParameters) {
    let layers = parameters.network.convolutions.map(\.name)
    let trained = parameters.trainableFrom.flatMap { layers.firstIndex(of: $0) }.map { layers.count - $0 } ?? 0
    properties = [
      Double(trained), parameters.head == .pooled ? 0 : 1, Double(parameters.imageHeight * parameters.imageWidth),
      parameters.augmentation ? 0 : 1, -parameters.weightDecay, -parameters.effectiveDropout,
      -parameters.labelSmoothing, Double(parameters.epochs), parameters.learningRate,
    ]
  }

  /// Whether the first is simpler.
  public static func < (a: Simplicity, b: Simplicity) -> Bool { a.properties.lexicographicallyPrecedes(b.properties) }
  public static func == (a: Simplicity, b: Simplicity) -> Bool { a.properties == b.properties }
}

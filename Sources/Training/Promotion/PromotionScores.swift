import Digests
import Evaluation
import Foundation

/// What a promotion reads of a model's `scores.json`.
public struct PromotionScores: Equatable, Sendable {
  /// Of the model they are for.
  public var model: ContentDigest
  /// By the names they have in the file.
  public var metrics: [String: Metric]
  /// What makes them leaky; nil for an honest split.
  public var leakage: String?
  /// How often the test set was opened; nil where none was set aside.
  public var opening: TestSetOpening?

  /// - Parameters:
  ///   - model: whose scores they are.
  ///   - metrics: by the names they have in `scores.json`.
  ///   - leakage: what makes them leaky; nil for an honest split.
  ///   - opening: of the test set; nil where none was set aside.
  public init(model: ContentDigest, metrics: [String: Metric], leakage: String? = nil, opening: TestSetOpening? = nil) {
    self.model = model
    self.metrics = metrics
    self.leakage = leakage
    self.opening = opening
  }

  /// - Throws: `ReportingError` for a file that is missing or damaged.
  public init(file url: URL) throws {
    let scores = try ScoresFile.load(from: url, shown: url.path)
    guard let model = ContentDigest(hex: scores.modelDigest) else { throw ReportingError.damaged(path: url.path) }
    self.init(
      model: model, metrics: Dictionary(uniqueKeysWithValues: scores.metrics.named.map { ($0.name, $0.metric) }),
      leakage: scores.split.leakage.map { leakage in
        "\(leakage.trainedOn) of \(leakage.scoredPictures) scored pictures were trained on, \(leakage.ofTrainedSeries) "
          + "are slices of a series that was"
      },
      opening: scores.split.testSet)
  }
}

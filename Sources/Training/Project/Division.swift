import Digests
import Evaluation
import Foundation
import KidneyData
import LocalFiles

/// How a data set is divided for one training and its scores: the series found, and which pictures are for what.
public struct Division: Codable, Equatable, Sendable {
  public var dataDigest: ContentDigest
  public var series: SeriesAssignment
  public var split: DataSplit
  /// How the scores come about.
  public var protocolKind: ScoreProtocol
  /// The pictures that are scored, in rising order. With Keras's split they may have been trained on: it has no test part.
  public var scored: [Int]

  public enum ScoreProtocol: Codable, Equatable, Sendable {
    /// The trained model on pictures set aside for it.
    case heldOut
    /// Too few series to set any aside: each picture is answered by a model that was trained without its fold.
    case groupedFolds(Int)
  }

  /// With fewer series in a class than this, scores are pooled over grouped folds: under ten nothing can be spared, and a
  /// test part with fewer than five series of a class would give figures without an interval.
  ///
  /// - Parameter testFraction: share of the pictures in the test part.
  public static func fewestSeriesForHeldOut(testFraction: Double) -> Int {
    max(10, Int((Double(BootstrapSettings.minimumSeries) / testFraction).rounded(.up)))
  }

  public func save(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: url)
  }
}

extension Project {
  var divisionFile: URL { configuration.trainingFolder.appending(path: "division.json") }

  /// Finds the series and divides the pictures as the parameters say.
  ///
  /// - Throws: `TrainingError.tooFewSeries` if grouping leaves a class without pictures on a side it needs.
  public func divide(_ data: DataSet) throws -> Division {
    let series = try series(of: data)
    let counts = series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    let fewest = counts.min() ?? 0
    var scoreProtocol = Division.ScoreProtocol.heldOut
    if parameters.split == .series {
      if let label = counts.firstIndex(where: { $0 < 2 }) {
        throw TrainingError.tooFewSeries(
          className: data.classes[label], count: counts[label], needed: 2,
          purpose: "a split that keeps series together")
      }
      if fewest < Division.fewestSeriesForHeldOut(testFraction: parameters.testFraction) {
        scoreProtocol = .groupedFolds(min(parameters.folds, fewest))
      }
    }
    let paths = data.manifest.pictures.map(\.path)
    let hasTestPart = scoreProtocol == .heldOut && parameters.split != .keras
    let split = try Splitter.split(
      labels: data.labels, series: series.seriesOf, paths: paths, classes: data.classes, method: parameters.split,
      validationFraction: parameters.validationFraction, testFraction: hasTestPart ? parameters.testFraction : 0,
      seed: parameters.seed)
    let scored =
      switch (parameters.split, scoreProtocol) {
      case (.keras, _): Splitter.kerasHead(labels: data.labels, paths: paths, fraction: parameters.testFraction)
      case (_, .heldOut): split.test
      case (_, .groupedFolds): Array(data.labels.indices)
      }
    return Division(
      dataDigest: data.manifest.digest, series: series, split: split, protocolKind: scoreProtocol, scored: scored)
  }
}

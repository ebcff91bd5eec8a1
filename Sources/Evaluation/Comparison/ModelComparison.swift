/// Two models judged on the same pictures.
public struct ModelComparison: Sendable, Equatable, Codable {
  /// First model minus second: the AUC of the second of two classes, or with more classes the mean over
  /// all, each against the rest.
  public var auc: PairedComparison
  /// First model minus second: the share of pictures that is named rightly.
  public var accuracy: PairedComparison
  /// On which pictures only one of them is right.
  public var mcNemar: McNemar

  /// - Parameters:
  ///   - first: predictions of the first model.
  ///   - second: predictions of the second model for the same pictures in the same order.
  /// - Throws: `EvaluationError.notTheSamePictures` where classes, labels or series differ,
  ///   `classWithoutPictures`.
  public init(_ first: Predictions, _ second: Predictions, level: Double = 0.95) throws {
    try checkLevel(level)
    if first.classes != second.classes { throw EvaluationError.notTheSamePictures(array: "classes") }
    if first.labels != second.labels { throw EvaluationError.notTheSamePictures(array: "labels") }
    // Series are compared by which pictures they put together, not by their numbers.
    let groups = SeriesGroups(series: first.series, labels: first.labels, classCount: first.classes.count)
    let others = SeriesGroups(series: second.series, labels: second.labels, classCount: second.classes.count)
    if groups.seriesOf != others.seriesOf { throw EvaluationError.notTheSamePictures(array: "series") }
    let present = Set(first.labels)
    if let absent = first.classes.indices.first(where: { !present.contains($0) }) {
      throw EvaluationError.classWithoutPictures(first.classes[absent], classes: first.classes)
    }
    let right = [first, second].map { model in zip(model.predicted, model.labels).map { $0 == $1 } }
    accuracy = try compareAccuracies(
      right[0], right[1], labels: first.labels, classCount: first.classes.count, series: first.series, level: level)
    mcNemar = try McNemar(
      right[0], right[1], labels: first.labels, classCount: first.classes.count, series: first.series)
    if first.classes.count == 2 {
      auc = try compareAreas(
        first.probabilities.map { $0[1] }, second.probabilities.map { $0[1] },
        positive: first.labels.map { $0 == 1 }, series: first.series, level: level)
    } else {
      auc = try Self.macroAreas(first, second, groups, level)
    }
  }

  /// The mean over classes has no formula as simple as Obuchowski's: one series at a time is left out.
  private static func macroAreas(
    _ first: Predictions, _ second: Predictions, _ groups: SeriesGroups, _ level: Double
  ) throws -> PairedComparison {
    let rankings = [first, second].map { model in
      model.classes.indices.map { label in
        Ranking(
          scores: model.probabilities.map { $0[label] }, positive: model.labels.map { $0 == label },
          series: Array(model.labels.indices))
      }
    }
    let difference = try groups.metrics(
      [
        .init(scale: .any) { weights in
          let sums = rankings.map { $0.reduce(0) { $0 + $1.area(weights: weights) } }
          return (sums[0] - sums[1]) / Double(first.classes.count)
        }
      ], level: level)[0]
    return PairedComparison(difference, pValue: nil)
  }
}

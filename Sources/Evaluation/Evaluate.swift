/// Measures predictions: every figure with an interval that respects series.
///
/// How much a figure varies is measured by leaving out one series at a time (`SeriesJackknife`), and
/// its interval is `effectiveSampleInterval`; that of the loss, which is no share, comes from a
/// bootstrap over whole series (`ClusterBootstrap`) and is symmetric on the scale of logarithms. How
/// often these intervals hold the truth stands in `docs/validation.md`. Where leaving out a series
/// changes nothing (every picture right), the interval is Wilson's with series as trials; that of a
/// balanced accuracy with such a sensitivity follows from those of the sensitivities
/// (`RateCombination`).
///
/// - Parameters:
///   - predictions: the checked predictions.
///   - positiveClass: the class whose sensitivity, specificity and AUC are meant. Nil means the second
///     of two classes; with more classes the mean over all, each against the rest.
///   - bootstrap: resamples, seed and level.
/// - Returns: the figures. A class with fewer than `BootstrapSettings.minimumSeries` series leaves what
///   rests on it without an interval.
/// - Throws: `EvaluationError` for a class without pictures, an unknown positive class, or a setting
///   out of range.
public func evaluate(
  _ predictions: Predictions, positiveClass: String? = nil, bootstrap: BootstrapSettings
) throws -> ClassificationReport {
  try bootstrap.check()
  let assessment = try Assessment([predictions], positiveClass: positiveClass)
  return try assessment.report(bootstrap)
}

/// Measures a cross-validation that was repeated with other folds: each figure is the mean of those of the repeats.
///
/// The answers of the repeats are not averaged: that would measure a committee of as many models as there are repeats,
/// which answers better than one model trained like them. Nor do repeats count as more pictures or series: a series is
/// left out with its answers of all repeats at once, so that the interval tells how much the series vary, and repeats
/// only take away the chance of how they fell into folds.
///
/// - Parameters:
///   - repeats: the same pictures in the same order, answered once in each repeat.
///   - positiveClass: as for one set of predictions.
///   - bootstrap: as for one set of predictions.
/// - Returns: as for one set of predictions. The confusion matrix, the number of times that a class was predicted and the
///   pictures behind a precision are those of the first repeat. A precision is the mean over the repeats that have one.
/// - Throws: as for one set of predictions; `EvaluationError.notTheSamePictures` if classes, labels or series of the
///   repeats differ, and `.noPictures` without repeats.
public func evaluate(
  repeats: [Predictions], positiveClass: String? = nil, bootstrap: BootstrapSettings
) throws -> ClassificationReport {
  try bootstrap.check()
  guard let first = repeats.first else { throw EvaluationError.noPictures }
  for other in repeats.dropFirst() {
    guard other.classes == first.classes else { throw EvaluationError.notTheSamePictures(array: "classes") }
    guard other.labels == first.labels else { throw EvaluationError.notTheSamePictures(array: "labels") }
    guard other.series == first.series else { throw EvaluationError.notTheSamePictures(array: "series") }
  }
  return try Assessment(repeats, positiveClass: positiveClass).report(bootstrap)
}

private struct Assessment {
  let classes: [String]
  /// The positive class, or nil for means over classes.
  let positive: Int?
  /// One for each repeat, of the same series.
  let tables: [SeriesTable]
  /// The first repeat's.
  var table: SeriesTable { tables[0] }
  let figures: [Figure]

  init(_ repeats: [Predictions], positiveClass: String?) throws {
    let predictions = repeats[0]
    classes = predictions.classes
    let present = Set(predictions.labels)
    if let absent = classes.indices.first(where: { !present.contains($0) }) {
      throw EvaluationError.classWithoutPictures(classes[absent], classes: classes)
    }
    if let positiveClass {
      guard let index = classes.firstIndex(of: positiveClass) else {
        throw EvaluationError.unknownClass(positiveClass, known: classes)
      }
      positive = index
    } else {
      positive = classes.count == 2 ? 1 : nil
    }
    let ranked = positive.map { [$0] } ?? Array(classes.indices)
    tables = repeats.map { SeriesTable($0, rankedClasses: ranked) }
    figures = Self.figures(of: tables[0], positive: positive)
  }

  private static func figures(of table: SeriesTable, positive: Int?) -> [Figure] {
    let images = Int(table.imageCounts.reduce(0, +))
    let series = table.seriesCount
    let sides = (0..<table.classCount).map { label in
      (own: table.seriesCount { own, _ in own == label }, rest: table.seriesCount { own, _ in own != label })
    }
    let smallest = sides.map(\.own).min() ?? 0
    func whole(_ kind: Figure.Kind, _ scale: FigureScale = .share(upper: 1), side: Int) -> Figure {
      Figure(kind: kind, scale: scale, images: images, series: series, smallestSide: side)
    }
    func of(_ kind: Figure.Kind, side: Int, _ belongs: (_ label: Int, _ predicted: Int) -> Bool) -> Figure {
      Figure(
        kind: kind, scale: .share(upper: 1), images: table.imageCount(where: belongs),
        series: table.seriesCount(where: belongs), smallestSide: side)
    }
    var figures = [
      whole(.loss, .positive, side: smallest),
      whole(.accuracy, side: smallest),
      whole(.balancedAccuracy, side: smallest),
    ]
    if let positive {
      figures += [
        of(.sensitivity, side: sides[positive].own) { label, _ in label == positive },
        of(.specificity, side: sides[positive].rest) { label, _ in label != positive },
        whole(.areaUnderCurve, side: min(sides[positive].own, sides[positive].rest)),
      ]
    } else {
      figures += [
        whole(.sensitivity, side: smallest), whole(.specificity, side: smallest),
        whole(.areaUnderCurve, side: smallest),
      ]
    }
    figures += [
      whole(.macroF1, side: smallest),
      whole(.brier, .share(upper: table.classCount == 2 ? 1 : 2), side: smallest),
    ]
    for label in 0..<table.classCount {
      let side = min(sides[label].own, sides[label].rest)
      figures += [
        of(.classSensitivity(label), side: sides[label].own) { own, _ in own == label },
        of(.classPrecision(label), side: side) { _, predicted in predicted == label },
        whole(.classF1(label), side: side),
      ]
    }
    return figures
  }

  /// Writes the means of the repeats' figures when each picture counts as its series's weight.
  private func compute(_ weights: [Double], _ confusion: inout ConfusionMatrix, _ results: inout [Double]) {
    compute(weights, of: tables[0], &confusion, &results)
    guard tables.count > 1 else { return }
    var defined = results.map { $0.isNaN ? 0.0 : 1 }
    var others = results
    for table in tables.dropFirst() {
      compute(weights, of: table, &confusion, &others)
      for index in results.indices where !others[index].isNaN {
        results[index] = (defined[index] == 0 ? 0 : results[index]) + others[index]
        defined[index] += 1
      }
    }
    for index in results.indices { results[index] /= defined[index] == 0 ? 1 : defined[index] }
  }

  private func compute(
    _ weights: [Double], of table: SeriesTable, _ confusion: inout ConfusionMatrix, _ results: inout [Double]
  ) {
    confusion.clear()
    var (images, logLoss, brier) = (0.0, 0.0, 0.0)
    for series in weights.indices where weights[series] > 0 {
      let weight = weights[series]
      confusion.add(table.confusions[series], weight: weight)
      images += weight * table.imageCounts[series]
      logLoss += weight * table.logLossSums[series]
      brier += weight * table.brierSums[series]
    }
    for (index, figure) in figures.enumerated() {
      results[index] =
        switch figure.kind {
        case .loss: logLoss / images
        case .brier: brier / images
        case .accuracy: confusion.accuracy
        case .balancedAccuracy: confusion.balancedAccuracy
        case .sensitivity: positive.map(confusion.sensitivity(of:)) ?? confusion.balancedAccuracy
        case .specificity: positive.map(confusion.specificity(of:)) ?? confusion.meanSpecificity
        case .areaUnderCurve:
          table.rankings.reduce(0) { $0 + $1.area(weights: weights) } / Double(table.rankings.count)
        case .macroF1: confusion.macroF1
        case .classSensitivity(let label): confusion.sensitivity(of: label)
        case .classPrecision(let label): confusion.precision(of: label)
        case .classF1(let label): confusion.f1(of: label)
        }
    }
  }

  func report(_ settings: BootstrapSettings) throws -> ClassificationReport {
    var (whole, scratch) = (ConfusionMatrix(classCount: classes.count), ConfusionMatrix(classCount: classes.count))
    var values = [Double](repeating: 0, count: figures.count)
    let ones = [Double](repeating: 1, count: table.seriesCount)
    compute(ones, &scratch, &values)
    for confusion in table.confusions { whole.add(confusion, weight: 1) }

    var spreads = SeriesJackknife(strata: table.strata, imageCounts: table.imageCounts)
      .spreads(figureCount: figures.count) { weights, results in compute(weights, &scratch, &results) }
    var generator = SplitMix64(seed: settings.seed)
    spreads[index(of: .loss)] =
      ClusterBootstrap(
        strata: table.strata, seriesCount: table.seriesCount, resamples: settings.resamples
      ).spreads(figureCount: 1, using: &generator) { weights, results in
        results[0] = tables.reduce(0) { $0 + $1.loss(weights) } / Double(tables.count)
      }[0]
    func metric(_ kind: Figure.Kind) throws -> Metric {
      let index = index(of: kind)
      return try figures[index].metric(value: values[index], spread: spreads[index], settings: settings)
    }
    let perClass = try classes.indices.map { label in
      ClassMetrics(
        className: classes[label], sensitivity: try metric(.classSensitivity(label)),
        precision: values[index(of: .classPrecision(label))].isNaN ? nil : try metric(.classPrecision(label)),
        f1: try metric(.classF1(label)))
    }
    let mean = RateCombination(weights: classes.map { _ in 1 / Double(classes.count) })
    let balancedAccuracy = mean.bounded(try metric(.balancedAccuracy), by: perClass.map(\.sensitivity))
    let metrics = ClassificationMetrics(
      loss: try metric(.loss), accuracy: try metric(.accuracy), balancedAccuracy: balancedAccuracy,
      sensitivity: positive == nil ? balancedAccuracy : try metric(.sensitivity),
      specificity: try metric(.specificity), auc: try metric(.areaUnderCurve), macroF1: try metric(.macroF1),
      brier: try metric(.brier))
    return ClassificationReport(
      classes: classes, positiveClass: positive.map { classes[$0] }, metrics: metrics, perClass: perClass,
      confusionMatrix: classes.indices.map { label in
        classes.indices.map { Int(whole[label: label, predicted: $0]) }
      },
      counts: classes.indices.map { label in
        ClassCount(
          className: classes[label], images: Int(whole.support(of: label)),
          series: table.seriesCount { own, _ in own == label }, predicted: Int(whole.predictions(of: label)))
      },
      images: Int(whole.total), series: table.seriesCount, bootstrap: settings, notes: notes(values))
  }

  private func index(of kind: Figure.Kind) -> Int {
    guard let index = figures.firstIndex(where: { $0.kind == kind }) else {
      preconditionFailure("\(kind) is not among the figures that are computed")
    }
    return index
  }

  private func notes(_ values: [Double]) -> [String] {
    var notes: [String] = []
    if tables.count > 1 {
      notes.append(
        "every figure is the mean over \(tables.count) repeats of the cross-validation; the confusion matrix is the first repeat's")
    }
    if positive == nil {
      notes.append("sensitivity, specificity and AUC are means over classes, each against the rest")
    }
    for label in classes.indices where values[index(of: .classPrecision(label))].isNaN {
      notes.append("class \(classes[label]) was never predicted: its precision is undefined")
    }
    return notes
  }
}

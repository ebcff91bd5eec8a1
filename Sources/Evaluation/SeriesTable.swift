/// Predictions summed up by series, so that the figures of a resample cost one pass over series and
/// one over the ranked pictures.
struct SeriesTable {
  let classCount: Int
  /// The series of each picture, counted from 0 without gaps.
  let seriesOf: [Int]
  /// One confusion matrix for each series.
  let confusions: [ConfusionMatrix]
  /// Sums over the pictures of each series.
  let logLossSums: [Double]
  let brierSums: [Double]
  let imageCounts: [Double]
  /// Series by the class that most of their pictures have.
  let strata: [[Int]]
  /// Rankings of the classes whose AUC is asked for.
  let rankings: [Ranking]

  /// - Parameters:
  ///   - predictions: checked predictions.
  ///   - rankedClasses: classes whose AUC is needed.
  init(_ predictions: Predictions, rankedClasses: [Int]) {
    let classCount = predictions.classes.count
    self.classCount = classCount
    var place: [Int: Int] = [:]
    var confusions: [ConfusionMatrix] = []
    var (logLossSums, brierSums, imageCounts, seriesOf) = ([Double](), [Double](), [Double](), [Int]())
    for (picture, predicted) in predictions.predicted.enumerated() {
      let slot = place[predictions.series[picture], default: confusions.count]
      if slot == confusions.count {
        place[predictions.series[picture]] = slot
        confusions.append(ConfusionMatrix(classCount: classCount))
        logLossSums.append(0)
        brierSums.append(0)
        imageCounts.append(0)
      }
      let label = predictions.labels[picture]
      let row = predictions.probabilities[picture]
      confusions[slot].add(1, label: label, predicted: predicted)
      logLossSums[slot] += ProbabilityScores.logLoss(row, label: label)
      brierSums[slot] += ProbabilityScores.brier(row, label: label)
      imageCounts[slot] += 1
      seriesOf.append(slot)
    }
    self.seriesOf = seriesOf
    self.confusions = confusions
    self.logLossSums = logLossSums
    self.brierSums = brierSums
    self.imageCounts = imageCounts
    strata = Self.strata(
      supports: confusions.map { confusion in (0..<classCount).map { confusion.support(of: $0) } },
      classCount: classCount)
    rankings = rankedClasses.map { ranked in
      Ranking(
        scores: predictions.probabilities.map { $0[ranked] },
        positive: predictions.labels.map { $0 == ranked }, series: seriesOf)
    }
  }

  var seriesCount: Int { confusions.count }

  /// Mean cross-entropy when each picture counts as its series's weight.
  func loss(_ weights: [Double]) -> Double {
    var (sum, images) = (0.0, 0.0)
    for (series, weight) in weights.enumerated() {
      sum += weight * logLossSums[series]
      images += weight * imageCounts[series]
    }
    return sum / images
  }

  /// Number of series with a picture for which `belongs(label, predicted)` holds.
  func seriesCount(where belongs: (_ label: Int, _ predicted: Int) -> Bool) -> Int {
    confusions.count { Self.weight(in: $0, where: belongs) > 0 }
  }

  /// Number of pictures for which `belongs(label, predicted)` holds.
  func imageCount(where belongs: (_ label: Int, _ predicted: Int) -> Bool) -> Int {
    Int(confusions.reduce(0) { $0 + Self.weight(in: $1, where: belongs) })
  }

  private static func weight(in confusion: ConfusionMatrix, where belongs: (Int, Int) -> Bool) -> Double {
    var sum = 0.0
    for label in 0..<confusion.classCount {
      for predicted in 0..<confusion.classCount where belongs(label, predicted) {
        sum += confusion[label: label, predicted: predicted]
      }
    }
    return sum
  }

  /// One stratum a class. A stratum of a single series cannot vary, so it joins the largest one; that
  /// happens only where series hold several classes, or where a class has too few for an interval.
  ///
  /// - Parameter supports: pictures of each class. Shape: [series, classes].
  static func strata(supports: [[Double]], classCount: Int) -> [[Int]] {
    var byClass = [[Int]](repeating: [], count: classCount)
    for (series, support) in supports.enumerated() {
      var main = 0
      for label in 1..<classCount where support[label] > support[main] { main = label }
      byClass[main].append(series)
    }
    var strata = byClass.filter { $0.count > 1 }
    let single = byClass.filter { $0.count == 1 }.flatMap { $0 }
    if single.isEmpty { return strata }
    guard let largest = strata.indices.max(by: { strata[$0].count < strata[$1].count }) else { return [single] }
    strata[largest] += single
    return strata
  }
}

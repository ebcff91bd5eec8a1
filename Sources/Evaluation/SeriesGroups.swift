/// Pictures grouped by series, and figures of them with intervals over series.
struct SeriesGroups {
  /// The series of each picture, counted from 0 without gaps.
  let seriesOf: [Int]
  /// Pictures of each series.
  let imageCounts: [Double]
  /// Series by the class that most of their pictures have.
  private(set) var strata: [[Int]]
  /// Number of series with a picture of each class.
  let seriesOfClass: [Int]

  init(series: [Int], labels: [Int], classCount: Int) {
    var place: [Int: Int] = [:]
    var (seriesOf, supports) = ([Int](), [[Double]]())
    for (number, label) in zip(series, labels) {
      let slot = place[number, default: supports.count]
      if slot == supports.count {
        place[number] = slot
        supports.append([Double](repeating: 0, count: classCount))
      }
      seriesOf.append(slot)
      supports[slot][label] += 1
    }
    self.seriesOf = seriesOf
    imageCounts = supports.map { $0.reduce(0, +) }
    strata = SeriesTable.strata(supports: supports, classCount: classCount)
    seriesOfClass = (0..<classCount).map { label in supports.count { $0[label] > 0 } }
  }

  /// Class 0 are the negatives, class 1 the positives; strata are those of the outcomes' classes, where these are known.
  init(_ outcomes: BinaryOutcomes) {
    self.init(series: outcomes.series, labels: outcomes.positive.map { $0 ? 1 : 0 }, classCount: 2)
    if let classes = outcomes.classes {
      let places = Self.places(of: classes)
      strata =
        SeriesGroups(series: outcomes.series, labels: classes.map { places[$0]! }, classCount: places.count).strata
    }
  }

  /// A place from 0 for each number that occurs, in rising order.
  static func places(of numbers: [Int]) -> [Int: Int] {
    let present = Set(numbers).sorted()
    return Dictionary(uniqueKeysWithValues: zip(present, present.indices))
  }

  /// The same with all series in one stratum, for figures that rest on how frequent each class is: strata hold that
  /// fixed, and another sample of series would not.
  var unstratified: SeriesGroups {
    var groups = self
    groups.strata = [Array(imageCounts.indices)]
    return groups
  }

  var seriesCount: Int { imageCounts.count }
  var imageCount: Int { seriesOf.count }
  /// Number of series of the class that has fewest.
  var smallestSide: Int { seriesOfClass.min() ?? 0 }

  /// One figure that depends on how much each picture counts.
  struct Part {
    var scale: FigureScale
    /// Series that the figure rests on; nil means the smallest class.
    var smallestSide: Int?
    var images: Int?
    var series: Int?
    /// NaN where undefined.
    var figure: (_ weights: [Double]) -> Double
  }

  /// The mean of one number a picture.
  ///
  /// - Parameter smallestSide: number of series that the mean rests on; nil means the smallest class.
  func mean(of values: [Double], scale: FigureScale, smallestSide: Int? = nil, level: Double) throws -> Metric {
    let part = Part(scale: scale, smallestSide: smallestSide) { weights in
      var (sum, total) = (0.0, 0.0)
      for (value, weight) in zip(values, weights) {
        sum += weight * value
        total += weight
      }
      return sum / total
    }
    return try metrics([part], level: level)[0]
  }

  /// Figures with intervals from leaving out one series at a time.
  func metrics(_ parts: [Part], level: Double) throws -> [Metric] {
    try metrics(parts, settings: BootstrapSettings(seed: 0, level: level)) { figures in
      SeriesJackknife(strata: strata, imageCounts: imageCounts).spreads(figureCount: parts.count, figures: figures)
    }
  }

  /// Figures with intervals from a bootstrap over whole series, for figures that jump.
  func bootstrapped(_ parts: [Part], settings: BootstrapSettings) throws -> [Metric] {
    var generator = SplitMix64(seed: settings.seed)
    return try metrics(parts, settings: settings) { figures in
      ClusterBootstrap(strata: strata, seriesCount: seriesCount, resamples: settings.resamples)
        .spreads(figureCount: parts.count, using: &generator, figures: figures)
    }
  }

  private func metrics(
    _ parts: [Part], settings: BootstrapSettings,
    spreads: ((_ weights: [Double], _ results: inout [Double]) -> Void) -> [Spread]
  ) throws -> [Metric] {
    try settings.check()
    let whole = [Double](repeating: 1, count: imageCount)
    var weights = whole
    let found = spreads { seriesWeights, results in
      for picture in weights.indices { weights[picture] = seriesWeights[seriesOf[picture]] }
      for (index, part) in parts.enumerated() { results[index] = part.figure(weights) }
    }
    return try zip(parts, found).map { part, spread in
      let value = part.figure(whole)
      let interval = try part.scale.interval(
        of: value, spread: spread, smallestSide: part.smallestSide ?? smallestSide, settings: settings)
      return Metric(
        value: value, low: interval.interval?.low, high: interval.interval?.high, method: interval.method,
        images: part.images ?? imageCount, series: part.series ?? seriesCount)
    }
  }
}

import Evaluation
import KidneyData
import RandomStreams
import TensorKernels

/// One data set's rungs and placebo.
final class LadderClimb {
  private let prepared: LadderData
  private let settings: LadderSettings
  private let validation: GramCrossValidation
  private let progress: (LadderEvent) -> Void
  private var fitted = 0
  private var total = 0

  private var data: DataSet { prepared.data }
  /// Whose AUC is given; the mean over classes with more than two.
  private var positiveClass: String? { data.classes.count == 2 ? data.positiveClass : nil }

  init(
    _ prepared: LadderData, settings: LadderSettings, pool: ThreadPool, progress: @escaping (LadderEvent) -> Void
  ) {
    self.prepared = prepared
    self.settings = settings
    self.progress = progress
    validation = GramCrossValidation(gram: prepared.gram, pool: pool)
  }

  /// - Parameter joined: how the data came about, if it was joined of several sets.
  func result(name: String, joined: JoinedData? = nil) throws -> LadderDataSet {
    let (labels, series) = (data.labels, prepared.series.seriesOf)
    let kept = Pictures(prepared.kept, labels: labels, series: series, classCount: data.classes.count)
    let whole = Pictures(Array(labels.indices), labels: labels, series: series, classCount: data.classes.count)
    let grouped = kept.groupedFolds(wanted: settings.folds)
    total = settings.repeats * (2 * settings.folds + grouped) + settings.shuffles * (settings.folds + grouped)
    let counts = prepared.series.seriesPerClass(labels: labels, classes: data.classes.count)
    let join = try joined.map { try self.join($0, kept: kept) }
    let rungs = try LadderRung.Kind.allCases.map { try rung($0, of: $0 == .random ? whole : kept) }
    return LadderDataSet(
      name: name, dataDigest: data.manifest.digest.hex, classes: data.classes, positiveClass: positiveClass,
      pictures: data.count, series: prepared.series.count, seriesBasis: prepared.series.basis.rawValue,
      counts: data.classes.indices.map { label in
        LadderDataSet.Count(
          className: data.classes[label], pictures: labels.count { $0 == label }, series: counts[label])
      },
      copies: prepared.copies, rungs: rungs, placebo: try placebo(kept), join: join)
  }

  /// The same with the question which part a picture is of, asked under folds that keep series together.
  private func join(_ joined: JoinedData, kept: Pictures) throws -> LadderJoin {
    var join = joined.join
    let asked = kept.numbers.filter { !join.partialClasses.contains(data.classes[data.labels[$0]]) }
    let names = join.parts.enumerated().map { "\($0 + 1) \($1.name)" }
    let pictures = Pictures(
      asked, labels: joined.origin, series: prepared.series.seriesOf, classCount: names.count)
    guard !asked.isEmpty else {
      join.originReason = "the parts have no two classes in common"
      return join
    }
    if let reason = impossible(pictures, classes: names, grouped: true) {
      join.originReason = reason
      return join
    }
    do {
      let answers = try (0..<settings.repeats).map { number in
        try self.answers(
          pictures, foldOf: folds(pictures, classes: names, grouped: true, purpose: "origin", number: number))
      }
      join.origin = try Evaluation.evaluate(
        repeats: answers.map { try pictures.predictions($0.probabilities, classes: names) },
        positiveClass: names.count == 2 ? names[1] : nil, bootstrap: BootstrapSettings(seed: settings.seed)
      ).auc
    } catch let error as KidneyDataError {
      // Series that several parts share may leave a fold without one of them.
      join.originReason = "\(error)"
    }
    return join
  }

  /// - Throws: `KidneyDataError.tooFewSeries` if series of several classes leave a class out of a fold.
  private func folds(
    _ pictures: Pictures, classes: [String]? = nil, grouped: Bool, purpose: String, number: Int
  ) throws -> [Int] {
    var stream = RandomStream(
      seed: settings.seed, RandomStream.number(of: "ladder"), RandomStream.number(of: purpose), UInt64(number))
    guard grouped else { return pictures.randomFolds(settings.folds, stream: &stream) }
    return try Splitter.groupedFolds(
      labels: pictures.labels, series: pictures.series, classes: classes ?? data.classes,
      folds: pictures.groupedFolds(wanted: settings.folds), seed: stream.next())
  }

  private func rung(_ kind: LadderRung.Kind, of pictures: Pictures) throws -> LadderRung {
    var rung = LadderRung(
      kind: kind, pictures: pictures.labels.count, series: Set(pictures.series).count,
      folds: kind == .grouped ? pictures.groupedFolds(wanted: settings.folds) : settings.folds,
      repeats: settings.repeats, report: nil, reason: nil, unconverged: 0)
    if let reason = impossible(pictures, grouped: kind == .grouped) {
      rung.reason = reason
      return rung
    }
    do {
      let answers = try (0..<settings.repeats).map { number in
        try self.answers(
          pictures, foldOf: folds(pictures, grouped: kind == .grouped, purpose: kind.rawValue, number: number))
      }
      let report = try Evaluation.evaluate(
        repeats: answers.map { try pictures.predictions($0.probabilities, classes: data.classes) },
        positiveClass: positiveClass, bootstrap: BootstrapSettings(seed: settings.seed))
      rung.report = report.marked(kind.isLeaky ? [.leaky] : [])
      rung.unconverged = answers.reduce(0) { $0 + $1.unconverged }
    } catch let error as KidneyDataError {
      // Series that hold several classes may leave one out of a fold.
      rung.reason = "\(error)"
    }
    return rung
  }

  private func impossible(_ pictures: Pictures, classes: [String]? = nil, grouped: Bool) -> String? {
    for (label, name) in (classes ?? data.classes).enumerated() {
      let count = pictures.labels.count { $0 == label }
      if count < settings.folds { return "class '\(name)' has \(count) pictures for \(settings.folds) folds" }
      if grouped, pictures.seriesPerClass[label] < 2 {
        return
          "class '\(name)' has \(pictures.seriesPerClass[label]) series, and keeping series together takes two at least"
      }
    }
    return nil
  }

  private func answers(_ pictures: Pictures, foldOf: [Int]) throws -> GramCrossValidation.Answers {
    try validation.answers(
      of: pictures.numbers, labels: pictures.labels, classCount: pictures.classCount, foldOf: foldOf
    ) {
      fitted += 1
      progress(.fitting(done: fitted, total: max(fitted, total)))
    }
  }

  private func placebo(_ pictures: Pictures) throws -> LadderPlacebo {
    if let reason = impossible(pictures, grouped: true) {
      return LadderPlacebo(grouped: nil, random: nil, reason: reason)
    }
    var areas = (grouped: [Metric](), random: [Metric]())
    do {
      for number in 0..<settings.shuffles {
        var stream = RandomStream(
          seed: settings.seed, RandomStream.number(of: "ladder"), RandomStream.number(of: "placebo"), UInt64(number))
        let shuffled = pictures.withShuffledSeries(&stream)
        for isGrouped in [true, false] {
          let purpose = "placebo, \(isGrouped ? "grouped" : "random")"
          let foldOf = try folds(shuffled, grouped: isGrouped, purpose: purpose, number: number)
          let probabilities = try answers(shuffled, foldOf: foldOf).probabilities
          let report = try Evaluation.evaluate(
            shuffled.predictions(probabilities, classes: data.classes), positiveClass: positiveClass,
            bootstrap: BootstrapSettings(resamples: 100, seed: settings.seed))
          if isGrouped { areas.grouped.append(report.auc) } else { areas.random.append(report.auc) }
        }
      }
    } catch let error as KidneyDataError {
      return LadderPlacebo(grouped: nil, random: nil, reason: "\(error)")
    }
    return LadderPlacebo(
      grouped: .init(mean: Self.mean(areas.grouped), shuffles: areas.grouped),
      random: .init(mean: Self.mean(areas.random), shuffles: areas.random), reason: nil)
  }

  /// The mean of a figure over shuffles, with Student's interval: shuffles are independent draws.
  private static func mean(_ metrics: [Metric]) -> Metric {
    let count = Double(metrics.count)
    let mean = metrics.reduce(0) { $0 + $1.value } / count
    var metric = Metric(
      value: mean, low: nil, high: nil, method: "no interval: \(metrics.count) shuffle", images: metrics[0].images,
      series: metrics[0].series)
    guard count > 1 else { return metric }
    let variance = metrics.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / (count - 1)
    let half = studentQuantile(0.975, degreesOfFreedom: count - 1) * (variance / count).squareRoot()
    (metric.low, metric.high) = (max(0, mean - half), min(1, mean + half))
    metric.method = "mean over \(metrics.count) shuffles, Student's t"
    return metric
  }
}

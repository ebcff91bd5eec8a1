import Evaluation
import Foundation
import Reports

/// A run with everything a report can show, drawn from a small generator of its own.
struct RunFixture {
  var classes = ["Normal", "Tumor"]
  var seriesPerClass = 8
  var picturesPerSeries = 6
  /// The last class is never the most probable one.
  var lastNeverPredicted = false
  var leaks = false
  var madeAfterOpening = false
  var openedSince: Int? = 0
  /// Every picture gets the same probabilities.
  var isConstant = false
  var path = "Tumor/slice"

  private static let metricOfShortcut = Metric(
    value: 0.61, low: 0.42, high: 0.77, method: "jackknife over series", images: 96, series: 16)

  func predictions() throws -> Predictions {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    for number in 0..<classes.count * seriesPerClass {
      let label = number % classes.count
      let shift = draw() - 0.4
      for _ in 0..<picturesPerSeries {
        var row = classes.indices.map { 0.2 + draw() + ($0 == label ? max(0, 0.6 + shift) : 0) }
        if isConstant { row = classes.indices.map { Double($0 + 1) } }
        if lastNeverPredicted { row[classes.count - 1] *= 0.05 }
        let sum = row.reduce(0, +)
        rows.append(row.map { $0 / sum })
        labels.append(label)
        series.append(number)
      }
    }
    return try Predictions(classes: classes, labels: labels, probabilities: rows, series: series)
  }

  /// Every rule with numbers that nothing else on a page has.
  var rules: RuleFacts {
    func metric(_ value: Double, _ low: Double, _ high: Double) -> Metric {
      Metric(value: value, low: low, high: high, method: "jackknife over series", images: 96, series: 16)
    }
    let basis = RuleFacts.Basis(pictures: 57, series: 11)
    return RuleFacts(
      calibration: .temperature(1.734), calibrationBasis: basis,
      calibrationNote: "temperature scaling; log loss 0.71 (0.6 to 0.83) before, 0.64 (0.53 to 0.75) after, on the same pictures",
      threshold: .init(className: classes[1], probability: 0.2371, rule: "sensitivity at least 0.95", basis: basis),
      abstention: .init(
        leastConfidence: 0.8642, rule: "at most 0.05 of the answers wrong", coverage: 0.613, risk: 0.047, basis: basis),
      gate: .init(
        layer: "block3_pool", threshold: 417.25, largestColour: 6.125, wantedRefusals: 0.005, heldOutRefusals: 0.0083,
        warning: "It was fitted on 12 series: slices of a scanner or protocol that they do not show may be refused.",
        basis: .init(pictures: 88, series: 12)),
      measured: .init(
        className: classes[1], sensitivity: metric(0.911, 0.81, 0.97), specificity: metric(0.722, 0.6, 0.83),
        positiveValue: metric(0.733, 0.61, 0.84), negativeValue: nil, prevalence: 0.5,
        coverage: metric(0.644, 0.52, 0.76), risk: metric(0.055, 0.01, 0.16),
        refusedByGate: metric(0.0166, 0.004, 0.05),
        notes: ["every picture is referred (at most 0.05 of the answers wrong, which no confidence reaches)"]))
  }

  func run() throws -> RunReport {
    let predictions = try predictions()
    var report = try evaluate(
      predictions, positiveClass: classes.count == 2 ? classes[1] : nil,
      bootstrap: BootstrapSettings(resamples: 200, seed: 3))
    if leaks {
      for metric in [\ClassificationMetrics.accuracy, \.auc] {
        report.metrics[keyPath: metric].method += ", LEAKY split"
      }
    }
    let count = predictions.labels.count
    let part = SplitFacts.Part(pictures: count, series: classes.count * seriesPerClass)
    let picture = EmbeddedPicture(.jpeg, Data([255, 216, 255]), width: 160, height: 120)
    let shown = MistakeFacts.surest(in: predictions, most: 4).map {
      MistakeFacts.Mistake(
        picture: $0, path: "\(path) (\($0)).jpg", series: "series \(predictions.series[$0])", thumbnail: picture,
        evidence: picture)
    }
    return RunReport(
      name: "hospital", version: "nefro 0.1.0", report: report, predictions: predictions,
      model: ModelFacts(
        digest: String(repeating: "ab", count: 32), network: "vgg16", baseDigest: String(repeating: "cd", count: 32),
        trainableFrom: nil, head: "pooled", preprocessing: "rgb-224x224-bilinear-imagenet-v1", epochs: 5, seed: 1,
        parameters: [KeyedValue("EPOCHS", "5"), KeyedValue("SEED", "1")]),
      data: DataFacts(
        digest: String(repeating: "12", count: 32),
        classes: classes.map { .init(name: $0, pictures: count / classes.count, series: seriesPerClass) },
        pictures: count, series: classes.count * seriesPerClass, setAside: 2, sizes: 3),
      audit: AuditFacts(
        sameFile: 3, samePixels: 1, nearCopies: 12, mirrored: 2, surplus: 14, labelConflicts: 1,
        series: classes.count * seriesPerClass, largestSeries: 6, mixedSeries: 1, oddPictures: 4, setAside: 2,
        usesFeatures: true, shortcut: .suspected, shortcutAUC: Self.metricOfShortcut),
      split: SplitFacts(
        method: leaks ? .random : .series, basis: .look, scoring: .heldOut, seed: 1,
        digest: String(repeating: "34", count: 32), training: part, validation: part, scored: part,
        leak: leaks ? .init(trainedOn: 4, ofTrainedSeries: 44) : nil),
      testSet: TestSetFacts(
        pictures: count, openings: 2, crossValidations: 3, openedBefore: 7, firstOpened: "2026-01-02T03:04:05Z",
        modelPredatesFirstOpening: !madeAfterOpening, openedSince: openedSince,
        entries: [
          .init(number: 1, time: "2026-01-01T03:04:05Z", event: .modelWritten, model: "abababababab"),
          .init(number: 2, time: "2026-01-02T03:04:05Z", event: .crossValidated, model: "abababababab"),
          .init(number: 3, time: "2026-01-03T03:04:05Z", event: .opened, model: "abababababab"),
        ]),
      history: TrainingCurves(
        epochs: [1, 2, 3], trainingLoss: [0.9, 0.5, 0.4], validationLoss: [0.8, 0.6, 0.6],
        trainingAccuracy: [0.6, 0.7, 0.8], validationAccuracy: [0.6, 0.65, 0.65]),
      mistakes: MistakeFacts(
        shown: shown,
        total: zip(predictions.predicted, predictions.labels).count { $0 != $1 }, evidence: .ofTheFinalModel),
      subgroups: [
        SubgroupFacts(
          .plane,
          [
            .init("axial", pictures: Array(0..<count / 2)), .init("coronal", pictures: Array(count / 2..<count - 3)),
            .init("unknown", pictures: Array(count - 3..<count)),
          ]),
        SubgroupFacts(.size, [.init("256 x 256", pictures: Array(0..<count))]),
      ], rules: rules)
  }
}

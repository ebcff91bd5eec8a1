import Backbones
import Digests
import Evaluation
import Foundation
import Inference
import KidneyData
import LocalFiles
import MedicalImages
import RandomStreams
import TensorKernels

/// Makes the heads that are shipped: judges the recipe by cross-validation over whole series, then fits each head to all
/// pictures, and writes models, cards and figures.
///
/// Nothing is chosen here: the recipe was. The same data, base, seed and program give the same bytes.
public struct HeadStudy: Sendable {
  /// From a picture to features, and how a head is fitted to them.
  public var recipe = HeadRecipe.shipped
  /// The heads to be made, each with its classes.
  public var tasks = HeadTask.all
  /// Of each cross-validation; 2 or more.
  public var folds = 5
  /// How often the folds over series are drawn.
  public var repeats = 5
  /// How often those over runs of slices are.
  public var runRepeats = 3
  /// Slices of a run at most.
  public var runLength = 30
  /// Of the draws of the folds.
  public var seed: UInt64 = 1
  /// Where the base's weights are.
  public var store: WeightStore
  /// Where features are kept; nil computes them anew.
  public var cache: FeatureCache?
  /// Whether the held-out answers of the first draw of the folds are written beside each model, as records that `compare`
  /// reads: `MODEL-series.json`, and `MODEL-runs.json`, which is leaky.
  public var keepsAnswers = false
  /// The program's version, for the models' records.
  public var version: String

  /// - Parameters:
  ///   - store: where the base's weights are.
  ///   - cache: where features are kept; nil computes them anew.
  ///   - version: the program's, for the models' records.
  public init(store: WeightStore = WeightStore(), cache: FeatureCache? = FeatureCache(), version: String) {
    self.store = store
    self.cache = cache
    self.version = version
  }

  /// How far the study is; `done` of `total` counts pictures where those are opened and their features computed, and fits
  /// of a fold in `folds`.
  public enum Progress: Sendable {
    case opening(done: Int, total: Int)
    case audit(DataAudit.Progress)
    case features(change: String, done: Int, total: Int)
    case folds(task: String, done: Int, total: Int)
    case note(String)
  }

  /// What was found, and where it was written.
  public struct Outcome: Sendable {
    /// Every figure, with its interval.
    public var report: HeadsReport
    /// Of the models, in the order of the tasks.
    public var models: [URL]
    /// `heads.json`, the report as a file.
    public var figures: URL
  }

  /// - Parameters:
  ///   - twoClass: the folder of the two-class release.
  ///   - fourClass: of the four-class release.
  ///   - out: where models, cards and figures go; created if it is not there.
  /// - Throws: `KidneyDataError`, `LogisticRegressionError`, `EvaluationError`, what opening the base's weights and reading
  ///   pictures throws, and `LocalFileError` where something cannot be written.
  public func run(
    twoClass: URL, fourClass: URL, out: URL, progress: @escaping @Sendable (Progress) -> Void
  ) throws -> Outcome {
    let links = FileManager.default.temporaryDirectory.appending(path: "nefro-heads-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: links) }
    let sets = try [("two-class", twoClass), ("four-class", fourClass)].map { name, folder in
      (name: name, data: try DataSet.open(folder) { progress(.opening(done: $0, total: $1)) })
    }
    let united = try UnitedData(sets, linkedIn: links)
    let kept = try cache.map { try KeptWork(in: $0.folder.deletingLastPathComponent().appending(path: "heads")) }
    func find() throws -> KeptWork.Audited {
      let audit = try DataAudit(united.data) { progress(.audit($0)) }
      return .init(copies: audit.copies, series: audit.series)
    }
    let audit = try kept.map { try $0.audited(united.data, or: find) } ?? find()
    progress(.note(note(of: audit, in: united.data)))
    // Too few series for the folds are refused here, before the features, which take minutes.
    let plan = try plan(united, audit)
    let features = try prepare(united.data, progress)

    let gate = try HeadGate(features: features, series: audit.series.seriesOf).fit()
    var figures: [HeadFigures] = []
    var models: [URL] = []
    try AtomicFile.createFolder(out)
    for task in tasks {
      let validation = HeadValidation(features: features, task: task, pool: .shared, kept: kept)
      let (measured, head, rule, answers) = try measure(
        validation, audit: audit, plan: plan, gate: gate, progress: progress)
      let model = out.appending(path: "\(task.fileStem).safetensors")
      let digest = try write(head, measured, rule, gate, features: features, plan: plan, to: model)
      if keepsAnswers {
        let records = HeadAnswers(
          validation: validation, series: audit.series, model: digest, seed: seed, version: version)
        try records.record(answers.series, method: SplitMethod.series.rawValue, foldOf: plan.seriesFolds[0])
          .save(to: out.appending(path: "\(task.fileStem)-series.json"))
        try records.record(answers.runs, method: "runs", foldOf: plan.runFolds[0])
          .save(to: out.appending(path: "\(task.fileStem)-runs.json"))
      }
      figures.append(measured)
      models.append(model)
      progress(.note("\(model.relativePath): \(digest.short)"))
    }
    let report = HeadsReport(
      seed: seed, recipe: recipe.record, preprocessing: recipe.preprocessing.identity,
      baseDigest: features.baseDigest.hex, dataDigest: united.data.manifest.digest.hex, copies: audit.copies.count,
      heads: figures)
    for (figures, model) in zip(figures, models) {
      let card = HeadCard(figures: figures, report: report, model: try ModelFile(model)).markdown
      try AtomicFile.write(card, to: model.deletingPathExtension().appendingPathExtension("md"))
    }
    let file = out.appending(path: "heads.json")
    try AtomicFile.write(report.json(), to: file)
    return Outcome(report: report, models: models, figures: file)
  }

  private func note(of audit: KeptWork.Audited, in data: DataSet) -> String {
    let counts = audit.series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    let classes = zip(data.classes, counts).map { "\($0) \($1)" }.joined(separator: ", ")
    return "\(data.count) pictures, \(audit.copies.count) pairs of copies, \(audit.series.count) series (\(classes))."
  }

  /// Every feature that will be needed.
  private func prepare(_ data: DataSet, _ progress: (Progress) -> Void) throws -> HeadFeatures {
    let features = try HeadFeatures(data, recipe: recipe, store: store, cache: cache, pool: .shared)
    let wanted =
      ([.none] + recipe.copies).map { ($0, features.pictures(with: $0)) }
      + HeadRecipe.trials.map { ($0, features.triedPictures(with: $0)) }
    for (change, pictures) in wanted {
      try features.prepare(pictures, change) {
        progress(.features(change: change.identity, done: $0, total: $1))
      }
    }
    cache?.trim()
    return features
  }

  /// Who is held out together, and when.
  private struct Plan {
    /// For each time: the fold of each picture.
    var seriesFolds: [[Int]]
    var runFolds: [[Int]]
    var runCount: Int

    /// Of every fold of every time.
    var digest: ContentDigest {
      ContentDigest(of: (seriesFolds + runFolds).map { $0.map(String.init).joined(separator: ",") }.joined(separator: "\n"))
    }
  }

  private func plan(_ united: UnitedData, _ audit: KeptWork.Audited) throws -> Plan {
    let data = united.data
    let isUpright = try data.labels.indices.map { index in
      let picture = try PictureReader.read(data.url(of: index)).picture
      return SliceRuns.isUpright(try PictureChange.none.applied(to: picture, preprocessing: recipe.preprocessing))
    }
    let runs = SliceRuns.runs(
      data, series: audit.series.seriesOf, origin: united.origin, isUpright: isUpright, copies: audit.copies,
      length: runLength)
    func draw(_ groups: [Int], _ repeats: Int) throws -> [[Int]] {
      try Splitter.repeatedGroupedFolds(
        labels: data.labels, series: groups, classes: data.classes, folds: folds, repeats: repeats, seed: seed)
    }
    return Plan(
      seriesFolds: try draw(audit.series.seriesOf, repeats), runFolds: try draw(runs, runRepeats),
      runCount: Set(runs).count)
  }

  private func measure(
    _ validation: HeadValidation, audit: KeptWork.Audited, plan: Plan, gate: Gate?,
    progress: (Progress) -> Void
  ) throws -> (
    HeadFigures, LinearHead, DecisionRule, answers: (series: HeadValidation.Answers, runs: HeadValidation.Answers)
  ) {
    let total = (plan.seriesFolds + plan.runFolds).reduce(0) { $0 + Set($1).count }
    var done = 0
    func answers(_ folds: [[Int]]) throws -> [HeadValidation.Answers] {
      try folds.enumerated().map { number, foldOf in
        try validation.answers(foldOf: foldOf, trials: number == 0 ? HeadRecipe.trials : []) {
          done += 1
          progress(.folds(task: validation.task.name, done: done, total: total))
        }
      }
    }
    let measurement = HeadMeasurement(
      validation: validation, series: audit.series.seriesOf, settings: BootstrapSettings(seed: seed))
    let (bySeries, byRuns) = (try answers(plan.seriesFolds), try answers(plan.runFolds))
    let (seriesName, runsName) = ("whole series", "runs of at most \(runLength) neighbouring slices")
    let head = try validation.fit(to: Array(validation.labels.indices))
    let calibration = try measurement.calibration(bySeries[0], foldOf: plan.seriesFolds[0])
    let (rule, decision) = try measurement.decision(
      bySeries[0], foldOf: plan.seriesFolds[0], isCalibrated: calibration.isUsed)
    let (own, task) = (validation.labels, validation.task)
    let figures = HeadFigures(
      task: validation.task.name, classes: validation.task.classes,
      counts: validation.task.classes.enumerated().map { label, name in
        let members = own.indices.filter { own[$0] == label }
        return .init(
          className: name, images: members.count, series: Set(members.map { audit.series.seriesOf[$0] }).count)
      },
      fit: .init(
        classes: task.fittedClasses, features: head.featureCount,
        pictures: validation.features.data.labels.count {
          task.fittedClasses.contains(validation.features.data.classes[$0])
        }, rows: head.rowCount, iterations: head.iterations, converged: head.hasConverged),
      series: try measurement.heldOut(
        seriesName, groups: audit.series.count, folds: plan.seriesFolds, copies: audit.copies, answers: bySeries),
      runs: try measurement.heldOut(
        runsName, groups: plan.runCount, folds: plan.runFolds, copies: audit.copies, answers: byRuns),
      trials: try measurement.trials(seriesName, HeadRecipe.trials, bySeries[0], foldOf: plan.seriesFolds[0])
        + measurement.trials(runsName, HeadRecipe.trials, byRuns[0], foldOf: plan.runFolds[0]),
      calibration: calibration, decision: decision, gate: gate?.record.fit.words,
      strangers: try measurement.strangers(bySeries[0]))
    return (figures, head, rule, (bySeries[0], byRuns[0]))
  }

  private func write(
    _ head: LinearHead, _ figures: HeadFigures, _ rule: DecisionRule, _ gate: Gate?, features: HeadFeatures, plan: Plan, to url: URL
  ) throws -> ContentDigest {
    let network = try features.network(classCount: figures.classes.count)
    try head.assign(to: network)
    var record = recipe.record
    record["FOLDS"] = "\(folds)"
    record["REPEATS"] = "\(repeats)"
    var description = ModelDescription(
      classes: figures.classes, preprocessing: recipe.preprocessing,
      base: .init(network: "vgg16", digest: features.baseDigest, trainableFrom: nil),
      head: .init(kind: .linear, dropout: 0),
      training: .init(
        parameters: record, seed: seed, dataDigest: features.data.manifest.digest, splitDigest: plan.digest, epochs: 0,
        version: version),
      features: recipe.features)
    let calibration = figures.calibration
    if calibration.isUsed, let temperature = calibration.temperature {
      description.calibration = Calibration(
        map: .temperature(value: temperature.value), images: temperature.images, series: temperature.series,
        note: calibration.decision)
    } else {
      description.calibration = Calibration(map: .none, images: 0, series: 0, note: calibration.decision)
    }
    description.decision = rule
    description.gate = gate?.record
    return try ModelFile.write(network, description: description, gate: gate, to: url)
  }
}

import Backbones
import Digests
import Evaluation
import Inference
import KidneyData
import NeuralNetworks

/// Scores trials one after the other; what they share is kept between them.
final class TrialScorer {
  private let plan: SweepPlan
  private let project: Project
  private let decoded = DecodedPictures()
  private var weights: [TrainingParameters.BaseWeights: StoredWeights] = [:]
  /// The last base that nobody trained, with what it is for: its packed weights take much memory.
  private var frozen: (key: BaseKey, base: Network)?

  private struct BaseKey: Equatable {
    var weights: TrainingParameters.BaseWeights
    var shape: [Int]
  }

  init(plan: SweepPlan, project: Project) {
    self.plan = plan
    self.project = project
  }

  /// - Parameter passed: is told how many pictures of all that the trial's trainings and answers take are through.
  /// - Throws: what is not the trial's own fault, such as a picture that cannot be read.
  func result(of trial: SweepTrial, passed: (_ done: Int, _ total: Int) -> Void) throws -> TrialResult {
    var result = TrialResult(number: trial.number, settings: trial.settings, digest: trial.digest, folds: [])
    guard var parameters = trial.parameters else {
      result.failure = trial.problem
      return result
    }
    // It changes no answer, and would look at features that nobody asks for.
    parameters.gate = false
    do {
      let repeats = try predictions(parameters, passed: passed)
      let settings = BootstrapSettings(seed: plan.parameters.seed)
      let whole = try Evaluation.evaluate(
        repeats: repeats, positiveClass: plan.data.positiveClass, bootstrap: settings)
      result.folds = try zip(repeats, plan.foldOf).map(foldScores)
      result.metrics = whole.metrics
    } catch let error where Self.isOwnFault(error) {
      result.failure = "\(error)"
      result.folds = []
    }
    return result
  }

  /// Whether these settings alone are to blame; anything else would hit the next trial, too.
  private static func isOwnFault(_ error: any Error) -> Bool {
    switch error {
    case is TrainingError, is ConfigurationError, is NeuralNetworkError, is EvaluationError: true
    case let error as KidneyDataError:
      switch error {
      case .tooFewSeries, .tooFewPictures, .invalidSetting: true
      default: false
      }
    default: false
    }
  }

  /// - Returns: one for each repeat.
  private func predictions(
    _ parameters: TrainingParameters, passed: (_ done: Int, _ total: Int) -> Void
  ) throws -> [Predictions] {
    let data = plan.data
    var count = PassedPictures(parameters)
    let folds = plan.foldOf.map { foldOf in
      (0..<plan.folds).map { FoldPictures($0, of: foldOf, among: plan.pictures) }
    }
    let total = folds.joined().reduce(0) { $0 + count.size(of: $1) }
    return try folds.map { folds in
      var rows: [Int: [Double]] = [:]
      for fold in folds {
        let (training, validation) = try fold.sides(for: parameters, division: plan.division, data: data)
        let (network, baseDigest) = try network(for: parameters)
        let trainer = try Trainer(
          network: network, parameters: parameters, data: data, baseDigest: baseDigest, cache: project.cache,
          decoded: decoded)
        func tell(_ event: TrainingEvent) {
          guard case .progress(_, let done, let size) = event else { return }
          count.add(done, of: size)
          passed(min(count.done, total), total)
        }
        _ = try trainer.train(training: training, validation: validation, report: tell)
        let answers = try trainer.probabilities(of: fold.answered, report: tell)
        for (picture, row) in zip(fold.answered, answers) { rows[picture] = row }
        count.end(fold)
      }
      return try Predictions(
        classes: data.classes, labels: plan.pictures.map { data.labels[$0] },
        probabilities: plan.pictures.map { rows[$0]! }, series: plan.pictures.map { plan.division.series.seriesOf[$0] })
    }
  }

  /// As `Project.startingNetwork` gives it after `prepare` with these parameters.
  private func network(for parameters: TrainingParameters) throws -> (ClassifierNetwork, ContentDigest) {
    let weights = try self.weights[parameters.weights] ?? project.with(parameters).baseWeights()
    if self.weights[parameters.weights] == nil { try weights.verify(parameters.network) }
    self.weights[parameters.weights] = weights
    let key = BaseKey(weights: parameters.weights, shape: [parameters.imageHeight, parameters.imageWidth, 3])
    let isFrozen = parameters.trainableFrom == nil
    let known = isFrozen && frozen?.key == key ? frozen?.base : nil
    let base = try known ?? parameters.network.convolutionBase(weights: weights.file(), inputShape: key.shape)
    if isFrozen { frozen = (key, base) }
    let network = try ClassifierNetwork(
      base: base, headKind: parameters.head, dropout: parameters.effectiveDropout, classCount: parameters.classCount,
      seed: parameters.seed)
    return (network, weights.digest)
  }

  /// The sweep's metric in each fold alone.
  private func foldScores(_ predictions: Predictions, _ foldOf: [Int]) throws -> [Double] {
    // Only the figure itself is wanted, not its interval: the fewest resamples will do.
    let settings = BootstrapSettings(resamples: 100, seed: plan.parameters.seed)
    return try (0..<plan.folds).map { fold in
      let places = foldOf.indices.filter { foldOf[$0] == fold }
      let own = try Predictions(
        classes: predictions.classes, labels: places.map { predictions.labels[$0] },
        probabilities: places.map { predictions.probabilities[$0] }, series: places.map { predictions.series[$0] })
      let report = try Evaluation.evaluate(own, positiveClass: plan.data.positiveClass, bootstrap: settings)
      return plan.specification.metric.metric(in: report.metrics).value
    }
  }
}

/// How many pictures have gone through a trial's trainings and answers.
private struct PassedPictures {
  private(set) var done = 0
  private let passes: Int
  private var before = 0
  private var last = 0

  init(_ parameters: TrainingParameters) {
    // A pooled head's standardisation takes a pass of its own.
    passes = parameters.epochs + (parameters.head == .pooled ? 1 : 0)
  }

  /// Without an early stop; validation pictures go through each epoch as those that are trained on.
  func size(of fold: FoldPictures) -> Int { fold.rest.count * passes + fold.answered.count }

  /// - Parameters:
  ///   - phase: pictures through the phase that goes on.
  ///   - size: of that phase.
  mutating func add(_ phase: Int, of size: Int) {
    done += phase - last
    last = phase == size ? 0 : phase
  }

  /// Where trainings stop early, the rest of the fold counts as done.
  mutating func end(_ fold: FoldPictures) {
    before += size(of: fold)
    (done, last) = (before, 0)
  }
}

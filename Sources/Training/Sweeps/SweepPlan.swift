import Digests
import KidneyData
import TensorKernels

/// All that a sweep's results depend on, settled before the first trial.
public struct SweepPlan: Sendable {
  /// What the sweep's file asks for.
  public let specification: SweepSpecification
  /// What holds in every trial: the project's parameters with the specification's base.
  public let parameters: TrainingParameters
  /// Folds that are made: as many as were asked for, or as the class with the fewest series has.
  public let folds: Int
  /// Why there are fewer folds than were asked for, as a sentence; nil if there are not.
  public let foldsNote: String?
  /// How often the cross-validation is made, each time with other folds; 1 or more.
  public let repeats: Int
  /// In the specification's order, counted from 1.
  public let trials: [SweepTrial]
  /// In words, by name: what a folder's earlier trials must have been planned with, too.
  public let identity: [String: String]
  /// What is scored: the training and validation parts. No picture of a test part is among them.
  public let pictures: [Int]
  /// Series that `pictures` come from.
  public let series: Int
  /// Pictures set aside for the test, which the sweep does not look at.
  public let setAside: Int

  let data: DataSet
  let division: Division
  /// Of the weights of `parameters`.
  let baseDigest: ContentDigest
  /// The fold of each of `pictures`, for each repeat.
  let foldOf: [[Int]]

  /// One sentence.
  public var summary: String {
    "\(trials.count) trials (\(specification.method.rawValue)), each scored by \(specification.metric.title) in \(folds) grouped folds"
      + (repeats > 1 ? ", \(repeats) times," : "") + " on \(pictures.count) pictures of \(series) series."
      + (foldsNote.map { " \($0)" } ?? "")
  }

  /// Of the identity.
  public var digest: String {
    ContentDigest(of: identity.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")).hex
  }

  /// What the trials work on.
  public var facts: TrainingFacts {
    TrainingFacts(division: division, data: data, base: baseDigest, parameters: parameters)
  }

  /// What a trial works on; nil for one whose settings do not go together.
  ///
  /// - Parameter trial: one of `trials`.
  public func facts(of trial: SweepTrial) -> TrainingFacts? {
    trial.parameters.map { TrainingFacts(division: division, data: data, base: baseDigest, parameters: $0) }
  }

  /// Counts up with every change of how trials are trained or scored that changes results, so that old ones are not taken
  /// for new ones. A new build of the program alone changes nothing.
  static let recipe = 1

  /// - Parameter project: with the parameters of the sweep's base.
  init(_ specification: SweepSpecification, project: Project) throws {
    let parameters = project.parameters
    guard parameters.split == .series else { throw SweepError.leakySplit(method: parameters.split.rawValue) }
    let data = try project.openData()
    let division = try project.divide(data)
    let pictures = (division.split.training + division.split.validation).sorted()
    let labels = pictures.map { data.labels[$0] }
    let series = pictures.map { division.series.seriesOf[$0] }
    let counts = Splitter.seriesPerClass(labels: labels, series: series)
    let fewest = counts.min() ?? 0
    if fewest < 2, let label = counts.firstIndex(of: fewest) {
      throw TrainingError.tooFewSeries(
        className: data.classes[label], count: fewest, needed: 2, purpose: "a grouped cross-validation")
    }
    let wanted = specification.folds ?? parameters.folds
    folds = min(wanted, fewest)
    foldsNote =
      wanted > fewest
      ? "\(specification.folds == nil ? "FOLDS" : "folds") is \(wanted), but '\(data.classes[counts.firstIndex(of: fewest)!])' has \(fewest) series: \(fewest) folds are made."
      : nil
    repeats = specification.repeats ?? parameters.foldRepeats
    foldOf = try Splitter.repeatedGroupedFolds(
      labels: labels, series: series, classes: data.classes, folds: folds, repeats: repeats, seed: parameters.seed)
    let base = try project.baseWeights().digest
    let common = [
      "data \(data.manifest.digest.hex)", "folds \(ContentDigest(of: "\(pictures) \(foldOf)").hex)",
      "base \(base.hex)", "kernels \(KernelPath.current.rawValue) revision \(KernelPath.arithmeticRevision)",
      "recipe \(Self.recipe)",
    ]
    trials = specification.assignments(seed: parameters.seed).enumerated().map { place, settings in
      var trial = SweepTrial(number: place + 1, settings: settings)
      do {
        trial.parameters = try parameters.setting(settings.map { ($0.key, $0.value) }, source: "trial \(place + 1)")
      } catch {
        trial.problem = "\(error)"
      }
      let known = trial.parameters.map(Self.trained) ?? settings.map { ($0.key, $0.value) }
      let lines = known.map { "\($0.0) \($0.1)" } + common
      trial.digest = ContentDigest(of: lines.joined(separator: "\n")).hex
      return trial
    }
    baseDigest = base
    var identity: [String: String] = [
      "the method": specification.method.rawValue,
      "the trials": ContentDigest(of: trials.map(\.name).joined(separator: "\n")).hex,
      "folds": "\(folds)", "repeats": "\(repeats)", "the metric": specification.metric.rawValue,
      "the data set": data.manifest.digest.hex, "the split": division.split.digest.hex, "the base's weights": base.hex,
      "the kernels": "\(KernelPath.current.rawValue) revision \(KernelPath.arithmeticRevision)",
      "the way trials are scored": "\(Self.recipe)",
    ]
    for (key, value) in Self.trained(parameters) { identity[key] = value }
    self.identity = identity
    self.specification = specification
    self.parameters = parameters
    self.data = data
    self.division = division
    self.pictures = pictures
    self.series = Set(series).count
    setAside = division.split.test.count
  }

  /// What a fold's training depends on.
  private static func trained(_ parameters: TrainingParameters) -> [(String, String)] {
    parameters.record.filter { !ParameterKey.ofScores(parameters).contains($0.key) && !ParameterKey.afterTraining.contains($0.key) }
      .map { ($0.key, $0.value) }
  }
}

import Digests
import Inference
import KidneyData

/// What a training or an evaluation works on: enough to tell whether two of them can be compared.
public struct TrainingFacts: Equatable, Sendable {
  public var data: ContentDigest
  public var split: ContentDigest
  public var splitMethod: String
  /// Of the pretrained weights.
  public var base: ContentDigest
  /// The identity of how pixels are prepared.
  public var preprocessing: String
  /// The model that is scored; nil while one is trained.
  public var model: ContentDigest?
  /// Whether a training goes on from a checkpoint.
  public var goesOn: Bool
  /// What must stand beside every figure, such as "LEAKY split"; nil where nothing must.
  public var mark: String?

  init(
    division: Division, data: DataSet, base: ContentDigest, parameters: TrainingParameters, model: ContentDigest? = nil,
    goesOn: Bool = false
  ) {
    self.data = data.manifest.digest
    split = division.split.digest
    splitMethod = division.split.method.rawValue
    self.base = base
    preprocessing = parameters.preprocessingSpecification.identity
    self.model = model
    self.goesOn = goesOn
    mark = Leakage.mark(of: division.split.method)
  }
}

import Backbones
import Foundation
import Inference
import KidneyData
import MedicalImages

/// Everything `params.yaml` says: the report's eight keys, and ours with their defaults.
///
/// `ParameterKey.all` ties each property to its key, range and meaning.
public struct TrainingParameters: Equatable, Sendable {
  // The report's keys.
  public var augmentation = true
  public var imageHeight = 224
  public var imageWidth = 224
  public var batchSize = 16
  public var includeTop = false
  public var epochs = 5
  public var classCount = 2
  public var weights = BaseWeights.imagenet
  public var learningRate = 0.01

  // Ours: the data.
  public var seed: UInt64 = 1
  public var preprocessing = PixelScaling.imagenet
  public var resampling = Resampling.bilinear
  public var kerasCompatible = false
  public var split = SplitMethod.series
  public var validationFraction = 0.2
  public var testFraction = 0.2
  public var folds = 5
  public var foldRepeats = 1

  // Ours: the model.
  public var head = HeadKind.pooled
  public var dropout = 0.5
  public var trainableFrom: String?
  /// The network under the head. No key names it while only one is known: see `docs/contributing.md`.
  public var network = VGGArchitecture.vgg16

  // Ours: the optimisation.
  /// The report's; its rate of 0.01 is too high for AdamW on standardised features.
  public var optimizer = OptimizerKind.sgd
  public var momentum = 0.0
  public var nesterov = false
  public var weightDecay = 0.01
  public var labelSmoothing = 0.0
  public var balancedClasses = true
  public var schedule = ScheduleKind.constant
  public var warmUpEpochs = 0
  public var scheduleFactor = 0.1
  public var scheduleEpochs = 10
  public var earlyStopping: Int?

  // Ours: what is made of the probabilities.
  public var decision = DecisionSettings()
  public var gate = false

  public init() {}

  /// Where the base's weights come from.
  public enum BaseWeights: Equatable, Sendable {
    case imagenet
    /// Fresh He-normal weights drawn from the seed; Keras's `None`.
    case random
  }

  public enum OptimizerKind: String, CaseIterable, Sendable, Codable { case sgd, adamw }

  public enum ScheduleKind: String, CaseIterable, Sendable, Codable { case constant, step, cosine, plateau }

  public var preprocessingSpecification: PreprocessingSpecification {
    PreprocessingSpecification(
      height: imageHeight, width: imageWidth, resampling: resampling, scaling: preprocessing)
  }

  public var augmentationSettings: AugmentationSettings? {
    guard augmentation else { return nil }
    var settings = AugmentationSettings()
    settings.kerasCompatible = kerasCompatible
    return settings
  }
}

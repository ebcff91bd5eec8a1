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
  /// Random rotation, shift, shear, zoom and flip of each training picture.
  public var augmentation = true
  /// Pixels that pictures are resized to, a multiple of 32 in 32…1024.
  public var imageHeight = 224
  /// Pixels that pictures are resized to, a multiple of 32 in 32…1024.
  public var imageWidth = 224
  /// Pictures in a training step, 1…1024.
  public var batchSize = 16
  /// Always false: transfer learning replaces VGG-16's own classifier.
  public var includeTop = false
  /// Passes over the training pictures, 1…10,000.
  public var epochs = 5
  /// 2…1000; must be the data set's.
  public var classCount = 2
  /// The base's first weights.
  public var weights = BaseWeights.imagenet
  /// Of the optimizer, 1e-8…10.
  public var learningRate = 0.01

  // Ours: the data.
  /// Of everything drawn: split, order, augmentation, dropout, first weights.
  public var seed: UInt64 = 1
  /// How pixels become numbers.
  public var preprocessing = PixelScaling.imagenet
  /// How pictures are resized, as Pillow does it.
  public var resampling = Resampling.bilinear
  /// Whether augmentation follows the formulas of Keras's ImageDataGenerator exactly.
  public var kerasCompatible = false
  /// How pictures are divided between training, validation and scores.
  public var split = SplitMethod.series
  /// Share of the pictures, 0.01…0.5.
  public var validationFraction = 0.2
  /// Share of the pictures that the scores are for, 0.01…0.5.
  public var testFraction = 0.2
  /// Of the grouped cross-validation that small data sets are scored by, at most; 2…50.
  public var folds = 5
  /// How often that is done, each time with other folds; 1…100.
  public var foldRepeats = 1

  // Ours: the model.
  /// What stands on the base.
  public var head = HeadKind.pooled
  /// Share of the pooled head's inputs that is dropped in training, 0…0.95.
  public var dropout = 0.5
  /// The first layer of the base that is trained too; nil keeps all of it frozen.
  public var trainableFrom: String?
  /// The network under the head. No key names it while only one is known: see `docs/contributing.md`.
  public var network = VGGArchitecture.vgg16

  // Ours: the optimisation.
  /// The report's; its rate of 0.01 is too high for AdamW on standardised features.
  public var optimizer = OptimizerKind.sgd
  /// Of SGD, 0…0.999.
  public var momentum = 0.0
  /// Whether SGD's momentum has Nesterov's form.
  public var nesterov = false
  /// Decoupled: each step takes learning rate times this share off a weight; 0…1.
  public var weightDecay = 0.01
  /// Share of the target that is spread over all classes, 0…0.5.
  public var labelSmoothing = 0.0
  /// Whether a class's loss is weighed by the inverse of its share of the training pictures.
  public var balancedClasses = true
  /// How the learning rate goes on.
  public var schedule = ScheduleKind.constant
  /// Epochs in which the rate first rises from 0; 0…1000.
  public var warmUpEpochs = 0
  /// What the schedules step and plateau multiply the rate by, 0.001…0.999.
  public var scheduleFactor = 0.1
  /// Epochs between steps, or without progress for plateau; 1…10,000.
  public var scheduleEpochs = 10
  /// Epochs without a lower validation loss, 1…10,000, after which training stops and keeps the best epoch's weights; nil
  /// trains all and keeps the last.
  public var earlyStopping: Int?

  // Ours: what is made of the probabilities.
  /// Calibration, threshold and abstention.
  public var decision = DecisionSettings()
  /// Whether pictures that are no kidney CT are refused, by features of the training pictures.
  public var gate = false

  /// The report's values and our defaults.
  public init() {}

  /// Where the base's weights come from.
  public enum BaseWeights: Equatable, Sendable {
    case imagenet
    /// Fresh He-normal weights drawn from the seed; Keras's `None`.
    case random
  }

  /// The update rule, as in Keras 3.
  public enum OptimizerKind: String, CaseIterable, Sendable, Codable { case sgd, adamw }

  /// How the learning rate goes on after the warm-up.
  public enum ScheduleKind: String, CaseIterable, Sendable, Codable { case constant, step, cosine, plateau }

  /// How a picture becomes the input of the network with these parameters.
  public var preprocessingSpecification: PreprocessingSpecification {
    PreprocessingSpecification(
      height: imageHeight, width: imageWidth, resampling: resampling, scaling: preprocessing)
  }

  /// How training pictures are changed; nil where they are not.
  public var augmentationSettings: AugmentationSettings? {
    guard augmentation else { return nil }
    var settings = AugmentationSettings()
    settings.kerasCompatible = kerasCompatible
    return settings
  }
}

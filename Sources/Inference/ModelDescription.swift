import Digests
import Foundation
import MedicalImages

/// What a model file says of itself, next to its tensors.
public struct ModelDescription: Codable, Equatable, Sendable {
  /// Class names; a probability's position is its class's position here.
  public var classes: [String]
  /// How a picture becomes the network's input.
  public var preprocessing: PreprocessingSpecification
  /// The identity the preprocessing had when the model was trained; it must still be the same.
  public var preprocessingIdentity: String
  /// Which convolution base the network has, and which of its layers were trained.
  public var base: Base
  /// The layers behind the base.
  public var head: Head
  /// The settings, data and split that made the weights.
  public var training: TrainingRecord
  /// Nil gives the softmax as it is.
  public var calibration: Calibration?
  /// Nil gives the most probable class for every picture.
  public var decision: DecisionRule?
  /// Nil answers for every picture, whatever it shows. Its numbers are tensors of the file.
  public var gate: Gate.Record?
  /// What a linear head looks at; nil where the head follows the base's last layer.
  public var features: FeatureRecipe?

  /// The convolution base: named by digest, not held in the file, but for the layers that were trained.
  public struct Base: Codable, Equatable, Sendable {
    /// "vgg16".
    public var network: String
    /// Of the base's weights, as they were before any training here.
    public var digest: ContentDigest
    /// The first layer whose trained weights are in the file; nil if all of the base was frozen.
    public var trainableFrom: String?

    /// A base whose layers from `trainableFrom` on were trained; nil for one that was frozen as a whole.
    public init(network: String, digest: ContentDigest, trainableFrom: String?) {
      self.network = network
      self.digest = digest
      self.trainableFrom = trainableFrom
    }
  }

  /// The layers behind the convolution base, with what training them needs to know.
  public struct Head: Codable, Equatable, Sendable {
    /// Which layers these are.
    public var kind: HeadKind
    /// Share of the inputs dropped in training.
    public var dropout: Double

    /// A head of this kind; `dropout` is the share of its inputs dropped in training.
    public init(kind: HeadKind, dropout: Double) {
      self.kind = kind
      self.dropout = dropout
    }
  }

  /// What made the model. Only what a repetition with the same seed repeats: no times, no paths.
  public struct TrainingRecord: Codable, Equatable, Sendable {
    /// Every key of the parameters with its value.
    public var parameters: [String: String]
    /// Of every random draw of the training.
    public var seed: UInt64
    /// Of the data set's manifest; of the empty text for a head that was not trained.
    public var dataDigest: ContentDigest
    /// Of the division of the pictures, or of a linear head's folds; of the empty text for a head that was not trained.
    public var splitDigest: ContentDigest
    /// Epochs behind the weights in the file; 0 for a fresh head.
    public var epochs: Int
    /// The program's version.
    public var version: String
    /// For a model whose split does not keep series together, so that its validation figures, and whatever was chosen by
    /// them, say nothing of new patients: in words. Nil for all others.
    public var leakage: String?

    /// - Parameters:
    ///   - parameters: every key with its value, as text.
    ///   - epochs: behind the weights in the file; 0 for a fresh head and for a linear one, which has none.
    ///   - version: the program's.
    ///   - leakage: in words; nil where the split keeps series together.
    public init(
      parameters: [String: String], seed: UInt64, dataDigest: ContentDigest, splitDigest: ContentDigest, epochs: Int,
      version: String, leakage: String? = nil
    ) {
      self.leakage = leakage
      self.parameters = parameters
      self.seed = seed
      self.dataDigest = dataDigest
      self.splitDigest = splitDigest
      self.epochs = epochs
      self.version = version
    }
  }

  /// Describes a model of today's preprocessing: `preprocessingIdentity` is that of `preprocessing` now.
  public init(
    classes: [String], preprocessing: PreprocessingSpecification, base: Base, head: Head, training: TrainingRecord,
    features: FeatureRecipe? = nil, calibration: Calibration? = nil, decision: DecisionRule? = nil,
    gate: Gate.Record? = nil
  ) {
    self.classes = classes
    self.preprocessing = preprocessing
    preprocessingIdentity = preprocessing.identity
    self.base = base
    self.head = head
    self.training = training
    self.features = features
    self.calibration = calibration
    self.decision = decision
    self.gate = gate
  }

  /// Whether a fitted calibration changes its probabilities: one that could not be fitted leaves them as they are, and
  /// says why in its note.
  public var isCalibrated: Bool { calibration.map { $0.map != .none } ?? false }

  /// What is wrong with it that its types do not exclude; nil if nothing is.
  var fault: String? {
    guard classes.count >= 2, Set(classes).count == classes.count else {
      return "it names \(classes.count) classes; a classifier has at least two different ones"
    }
    guard (head.kind == .linear) == (features != nil) else {
      return "its head is '\(head.kind.rawValue)', which does not fit the features it names"
    }
    return calibration?.fault(classes: classes) ?? decision?.fault(classes: classes) ?? gate?.fault
  }
}

/// The layers behind the convolution base.
public enum HeadKind: String, Codable, Sendable {
  /// The report's: Flatten, Dense.
  case flatten
  /// Global average pooling, standardisation by the training pictures, dropout, Dense.
  case pooled
  /// Dense on the features of a `FeatureRecipe`.
  case linear

  /// Those that sit on the base's last layer and are trained by gradient descent.
  public static let trainable: [HeadKind] = [.flatten, .pooled]
}

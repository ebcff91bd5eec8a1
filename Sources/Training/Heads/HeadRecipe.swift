import Inference
import MedicalImages

/// How the shipped heads are made. `Reference/heads/README.md` tells how it was found, and what else was tried.
public struct HeadRecipe: Sendable {
  public var preprocessing: PreprocessingSpecification
  public var features: FeatureRecipe
  /// Copies of every training picture that are trained on beside it.
  public var copies: [PictureChange]
  /// The penalty of the logistic regression, on features scaled to variance 1 in all.
  public var lambda: Double
  /// Where the fit stops at the latest: the stop is part of the recipe.
  public var iterations: Int

  public init(
    preprocessing: PreprocessingSpecification, features: FeatureRecipe, copies: [PictureChange], lambda: Double,
    iterations: Int
  ) {
    self.preprocessing = preprocessing
    self.features = features
    self.copies = copies
    self.lambda = lambda
    self.iterations = iterations
  }

  public static let shipped = HeadRecipe(
    preprocessing: PreprocessingSpecification(
      height: 320, width: 320, scaling: .imagenet, colors: .grey,
      common: .init(height: 256, width: 256, resampling: .lanczos)),
    features: FeatureRecipe(blocks: [
      .init(layer: "block2_pool", statistic: .mean), .init(layer: "block2_pool", statistic: .deviation),
      .init(layer: "block3_pool", statistic: .mean), .init(layer: "block3_pool", statistic: .deviation),
      .init(layer: "block3_pool", statistic: .cellDeviation(7)),
    ]),
    copies: [.jpeg(quality: 75), .blur(hundredths: 50), .otherResampling, .straight], lambda: 1e-5, iterations: 300)

  /// What the answers are tried on besides pictures as they are.
  public static let trials: [PictureChange] = [
    .jpeg(quality: 60), .jpeg(quality: 30), .brightness(hundredths: 75), .brightness(hundredths: 110),
    .brightness(hundredths: 125), .mirrored, .smaller(side: 144), .noise(deviation: 3), .otherResampling, .straight,
  ]
  /// The share of pictures that are answered; the least sure are referred instead. So few series cannot promise a share
  /// of wrong answers.
  public static let wantedCoverage = 0.8
  /// Trials are made on every so many pictures.
  public static let trialStride = 6

  /// For the model file's record of its training.
  var record: [String: String] {
    [
      "FEATURES": features.identity, "LAMBDA": "\(lambda)", "ITERATIONS": "\(iterations)",
      "COPIES": copies.isEmpty ? "none" : copies.map(\.identity).joined(separator: ", "),
    ]
  }
}

/// One of the heads that are made together.
///
/// All are columns of one head, fitted to every class: told apart from their likes, Normal and Tumor are told apart
/// better than by a head that never saw a cyst or a stone.
public struct HeadTask: Sendable, Hashable {
  /// Such as "two-class".
  public var name: String
  /// What it answers.
  public var classes: [String]
  /// The classes of the pictures that are trained on; those it answers are among them.
  public var fittedClasses: [String]

  public init(name: String, classes: [String], fittedClasses: [String]) {
    self.name = name
    self.classes = classes
    self.fittedClasses = fittedClasses
  }

  private static let four = ["Cyst", "Normal", "Stone", "Tumor"]
  public static let fourClass = HeadTask(name: "four-class", classes: four, fittedClasses: four)
  public static let twoClass = HeadTask(name: "two-class", classes: ["Normal", "Tumor"], fittedClasses: four)
  public static let all = [twoClass, fourClass]

  /// The shipped file's name without its suffix.
  public var fileStem: String { "kidney-\(name)" }
}

import Backbones
import Digests
import Foundation
import MedicalImages
import NeuralNetworks
import TensorKernels

/// A model ready to answer: preprocessing, base, head and class names as they were trained together.
public struct Classifier: Sendable {
  public let description: ModelDescription
  /// The model file's digest.
  public let modelDigest: ContentDigest
  public let network: ClassifierNetwork
  /// Nil for a model that answers for every picture.
  public let gate: Gate?
  private let pool: ThreadPool
  /// Of the base's file; nil for parts that were in memory.
  private let baseCheck: BaseCheck?

  public var classes: [String] { description.classes }
  public var preprocessing: PreprocessingSpecification { description.preprocessing }

  /// Opens a model file and finds its base, whose weights are checked meanwhile: a damaged base gives no answer.
  ///
  /// - Parameters:
  ///   - kernelUse: `.single` for a process that answers for a few pictures; `.repeated` for one that stays.
  /// - Throws: `InferenceError` if the file is no model of this program or its base is not here;
  ///   `BackboneError.unknownNetwork` if its base is a network of another program's.
  public init(
    model url: URL, locator: BaseLocator = BaseLocator(), kernelUse: KernelUse = .repeated, pool: ThreadPool = .shared
  ) throws {
    let file = try ModelFile(url)
    let description = file.description
    let architecture = try VGGArchitecture.named(description.base.network)
    let weights = try locator.base(of: description, model: url)
    let check = BaseCheck(of: weights, expected: description.base.digest, architecture: architecture)
    let base = try architecture.convolutionBase(
      weights: weights, inputShape: [description.preprocessing.height, description.preprocessing.width, 3],
      kernelUse: kernelUse)
    let network = try ClassifierNetwork(base: base, description: description)
    try file.load(into: network)
    if let gate = file.gate?.record {
      guard let shape = try? network.base.outputShape(of: gate.layer), shape.last == gate.features else {
        throw InferenceError.notAModel(
          path: url.path, reason: "its gate looks at \(gate.features) channels of a layer '\(gate.layer)' that its base does not have")
      }
    }
    self.init(
      description: description, modelDigest: file.digest, network: network, gate: file.gate, pool: pool,
      baseCheck: check)
  }

  /// A classifier of parts that are in memory.
  public init(
    description: ModelDescription, modelDigest: ContentDigest, network: ClassifierNetwork, gate: Gate? = nil,
    pool: ThreadPool = .shared
  ) {
    self.init(
      description: description, modelDigest: modelDigest, network: network, gate: gate, pool: pool, baseCheck: nil)
  }

  private init(
    description: ModelDescription, modelDigest: ContentDigest, network: ClassifierNetwork, gate: Gate?,
    pool: ThreadPool, baseCheck: BaseCheck?
  ) {
    self.description = description
    self.modelDigest = modelDigest
    self.network = network
    self.gate = gate
    self.pool = pool
    self.baseCheck = baseCheck
  }

  /// - Parameter pictures: at least one, decoded, of any size.
  /// - Returns: a row for each picture, calibrated if the model is. Shape: [pictures, classes], Double, 0…1; each row sums
  ///   to 1.
  /// - Throws: `BackboneError.changed` if the base's file is damaged; `NeuralNetworkError` for our own mistakes only.
  public func probabilities(of pictures: [Picture]) throws -> [[Double]] {
    try probabilities(preprocessed: preprocessed(pictures))
  }

  /// - Parameter pixels: Shape: [pictures, height, width, 3], preprocessed.
  /// - Returns: calibrated if the model is. Shape: [pictures, classes], Double, 0…1; each row sums to 1.
  /// - Throws: As `probabilities(of:)`.
  public func probabilities(preprocessed pixels: Tensor) throws -> [[Double]] {
    let logits = try network.logits(of: pixels, pool: pool)
    try checkBase()
    return calibrated(Self.rows(of: logits))
  }

  /// Answers for decoded pictures, in their order: probabilities, and by the model's rule and gate whether they are given
  /// as an answer. One pass over the base gives both.
  ///
  /// - Throws: As `probabilities(of:)`.
  public func answers(for pictures: [Picture]) throws -> [Answer] {
    let pixels = preprocessed(pictures)
    guard let gate else {
      return try probabilities(preprocessed: pixels).map { answer($0, refusal: nil) }
    }
    let (logits, roots) = try network.logits(of: pixels, rootsAt: gate.record.layer, pool: pool)
    try checkBase()
    let rows = calibrated(Self.rows(of: logits))
    return pictures.indices.map { number in
      let refusal = gate.refusal(
        colour: Gate.colour(of: pictures[number]), distance: gate.distance(of: roots[number]))
      return answer(rows[number], refusal: refusal)
    }
  }

  private func answer(_ row: [Double], refusal: String?) -> Answer {
    Answer(probabilities: row, classes: classes, rule: description.decision, refusal: refusal)
  }

  private func calibrated(_ rows: [[Double]]) -> [[Double]] {
    guard let calibration = description.calibration else { return rows }
    return rows.map { calibration.applied(to: $0, classes: classes) }
  }

  /// Shape: [pictures, height, width, 3].
  private func preprocessed(_ pictures: [Picture]) -> Tensor {
    var pixels = Tensor(shape: [pictures.count, preprocessing.height, preprocessing.width, 3])
    let count = preprocessing.valueCount
    pixels.withUnsafeMutableValues { values in
      for (index, picture) in pictures.enumerated() {
        preprocessing.writeTensorValues(
          of: picture, into: UnsafeMutableBufferPointer(rebasing: values[index * count..<(index + 1) * count]))
      }
    }
    return pixels
  }

  /// Waits until the base's file is known to be whole. Whoever uses `network` directly calls it before giving away what
  /// came of it.
  ///
  /// - Throws: `BackboneError.changed` if the file is damaged.
  public func checkBase() throws { try baseCheck?.wait() }

  /// The softmax of each row of logits, computed in double precision.
  ///
  /// - Parameter logits: Shape: [pictures, classes].
  public static func rows(of logits: Tensor) -> [[Double]] {
    let classes = logits.shape[1]
    return logits.values.withUnsafeBufferPointer { values in
      (0..<logits.shape[0]).map { row in
        let logits = values[row * classes..<(row + 1) * classes].map(Double.init)
        let largest = logits.max() ?? 0
        let exponentials = logits.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
      }
    }
  }
}

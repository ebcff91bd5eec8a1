import Backbones
import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import TestSupport
import Training

/// What Keras changes when it fine-tunes VGG-16, written by `Reference/training/golden.py`, and the same batches for us.
struct FineTuningReference: Decodable {
  var rate: Double
  /// Of the steps whose losses are compared.
  var lowRate: Double
  var unfrozenFrom: String
  var drawn: Batch
  var slices: Batch

  struct Batch: Decodable {
    var labels: [Int]
    var tensors: [String: Update]
    /// Before each step at the low rate, and after the last.
    var losses: [Double]
    var files: [File]?
  }

  /// A real slice, below the folder of the real slices.
  struct File: Decodable {
    var path: String
    var sha256: ContentDigest
  }

  /// New minus old of one tensor after one step.
  struct Update: Decodable {
    var shape: [Int]
    /// The largest magnitude of the whole tensor's.
    var largest: Double
    /// Of the whole tensor.
    var sum: Double
    /// The sum of magnitudes of the whole tensor.
    var magnitudes: Double
    /// Row-major, of some entries.
    var places: [Int]
    /// The updates there.
    var updates: [Double]
  }

  static func load() throws -> FineTuningReference {
    try JSONDecoder().decode(
      FineTuningReference.self, from: Data(contentsOf: packageRoot.appending(path: "Reference/training/golden.json")))
  }

  // MARK: - The script's inputs

  static let preprocessing = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet)

  /// The script's drawn pictures.
  static func drawnPictures(_ count: Int) -> [Picture] {
    (0..<count).map { n in
      var pixels: [UInt8] = []
      for y in 0..<224 {
        for x in 0..<224 {
          for c in 0..<3 {
            let stripes = x * (3 + n) + y * (5 + 2 * n) + c * 40 + x * y / (16 + n)
            let squares = (x / (16 + 8 * n) + y / (32 - 4 * n)) % 2 * 90
            pixels.append(UInt8((stripes + squares) % 256))
          }
        }
      }
      return Picture(width: 224, height: 224, channels: 3, pixels: pixels)
    }
  }

  /// Shape: `[pictures, 224, 224, 3]`, preprocessed.
  static func pixels(of pictures: [Picture]) -> Tensor {
    Tensor(shape: [pictures.count, 224, 224, 3], values: pictures.flatMap { preprocessing.tensorValues(of: $0) })
  }

  /// The script's head on the real base.
  ///
  /// - Parameter share: what the script's weights are multiplied by.
  static func network(_ weights: StoredWeights, headShare share: Float = 1) throws -> ClassifierNetwork {
    let network = try ClassifierNetwork(
      base: VGG16.convolutionBase(weights: weights.file()), headKind: .flatten, dropout: 0, classCount: 2, seed: 0)
    let kernel = (0..<7 * 7 * 512 * 2).map { number -> Float in
      let part = Double(number * 7919 % 10007) / 10007
      return Float((part - 0.5) * 0.12) * share
    }
    try network.head.parameter(named: "head/kernel").assign(Tensor(shape: [25088, 2], values: kernel))
    return network
  }
}

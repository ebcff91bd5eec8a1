import BackboneTestSupport
import Backbones
import Digests
import Foundation
import NeuralNetworks
import TestSupport
import Testing

/// The real ImageNet weights against what Python reads and computes from them; see `Reference/backbones/make_features.py`.
@Suite(.enabled(if: RealWeights.stored != nil, "\(RealWeights.absent)")) struct RealWeightsTests {
  struct ExpectedTensor: Decodable {
    var key: String
    var shape: [Int]
    var first: [Float]
    var sha256: ContentDigest
  }

  struct ExpectedFeatures: Decodable {
    /// Means over the 49 places; 512 values.
    var pooled: [Float]
    /// Every 17th feature, row-major; 1476 values.
    var sampled: [Float]
  }

  @Test func `all thirteen layers have the shapes and the very values of the reference`() throws {
    let expected = try JSONDecoder().decode([ExpectedTensor].self, from: Data(contentsOf: golden("vgg16-tensors.json")))
    #expect(expected.map(\.key) == VGG16.architecture.convolutionTensors.map(\.key))
    let file = try #require(RealWeights.stored).file()
    for reference in expected {
      let tensor = try file.tensor(reference.key)
      #expect(tensor.shape == reference.shape, "\(reference.key)")
      #expect(Array(tensor.values.prefix(4)) == reference.first, "\(reference.key)")
      let digest = tensor.withUnsafeValues { ContentDigest(of: Data(UnsafeRawBufferPointer($0))) }
      #expect(digest == reference.sha256, "\(reference.key)")
    }
  }

  @Test func `the first filter is the one that Keras publishes`() throws {
    let kernel = try #require(RealWeights.stored).file().tensor("block1_conv1/kernel")
    // The first row of the first filter's first channel, to the digits that are published.
    let row = [0, 1, 2].map { kernel.values[$0 * 3 * 64] }
    #expect(relativeError(row, [0.42947057, 0.373467, -0.06136011]) < 1e-7)
  }

  @Test func `features of a drawn picture are those of ONNX Runtime`() throws {
    let expected = try JSONDecoder().decode(ExpectedFeatures.self, from: Data(contentsOf: golden("vgg16-drawn.json")))
    let base = try VGG16.convolutionBase(weights: #require(RealWeights.stored).file())
    let features = try base(Self.drawnPicture())
    #expect(features.shape == [1, 7, 7, 512])
    let values = features.values
    let sampled = stride(from: 0, to: values.count, by: 17).map { values[$0] }
    let pooled = (0..<512).map { channel in
      (0..<49).reduce(0.0) { $0 + Double(values[$1 * 512 + channel]) } / 49
    }
    #expect(relativeError(sampled, expected.sampled) < 1e-4)
    #expect(relativeError(pooled.map { Float($0) }, expected.pooled) < 1e-4)
  }

  /// Shape: `[1, 224, 224, 3]`, BGR minus ImageNet's means; the formula of the script.
  static func drawnPicture() -> Tensor {
    let means: [Float] = [103.939, 116.779, 123.68]
    var values: [Float] = []
    for y in 0..<224 {
      for x in 0..<224 {
        for (place, channel) in [2, 1, 0].enumerated() {
          let stripes = x * 3 + y * 5 + channel * 40 + x * y / 16
          let squares = (x / 32 + y / 32) % 2 * 90
          values.append(Float((stripes + squares) % 256) - means[place])
        }
      }
    }
    return Tensor(shape: [1, 224, 224, 3], values: values)
  }
}

import Backbones
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct VGGNetworkTests {
  @Test func `VGG-16 has the layers and shapes of the paper`() throws {
    #expect(VGG16.convolutionLayerNames.count == 13)
    #expect(VGG16.convolutionLayerNames.first == "block1_conv1")
    #expect(VGG16.convolutionLayerNames.last == "block5_conv3")
    let base = try VGG16.randomBase(seed: 1)
    #expect(base.inputShape == [224, 224, 3])
    #expect(base.outputShape == [7, 7, 512])
    #expect(base.layers.count == 18)
    #expect(base.layers.last?.name == VGG16.lastLayerName)
    #expect(base.parameters.reduce(0) { $0 + $1.value.count } == 14_714_688)
    #expect(try base.parameter(named: "block3_conv1/kernel").shape == [3, 3, 128, 256])
    let top = VGG16.architecture.topTensors
    #expect(top.map(\.shape) == [[25088, 4096], [4096], [4096, 4096], [4096], [4096, 1000], [1000]])
    let topParameters = top.map { $0.shape.reduce(1, *) }.reduce(0, +)
    #expect(topParameters + 14_714_688 == 138_357_544)
  }

  @Test func `drawn weights depend on the seed alone`() throws {
    let first = try Tiny.architecture.randomBase(seed: 7, inputShape: [8, 8, 3])
    let again = try Tiny.architecture.randomBase(seed: 7, inputShape: [16, 8, 3])
    let other = try Tiny.architecture.randomBase(seed: 8, inputShape: [8, 8, 3])
    #expect(first.parameters.map(\.value) == again.parameters.map(\.value))
    #expect(first.parameters.map(\.value) != other.parameters.map(\.value))
    #expect(again.outputShape == [4, 2, 4])
    let kernels = first.parameters.filter { $0.name.hasSuffix("/kernel") }.map(\.value.values)
    #expect(kernels.allSatisfy { Set($0).count > 10 })
  }

  @Test func `pictures too small or without three channels are refused`() throws {
    for shape in [[31, 224, 3], [224, 31, 3], [224, 224, 1], [224, 224]] {
      #expect(throws: BackboneError.self) { try VGG16.randomBase(seed: 1, inputShape: shape) }
    }
  }

  @Test func `a freeze point leaves the layers from there on trainable`() throws {
    let base = try Tiny.architecture.randomBase(seed: 1, inputShape: [8, 8, 3])
    try base.freeze(below: "block2_conv1")
    #expect(base.parameters.filter(\.isTrainable).map(\.name) == ["block2_conv1/kernel", "block2_conv1/bias"])
    base.freezeAll()
    #expect(base.parameters.allSatisfy { !$0.isTrainable })
  }

  @Test func `base and top compute what ONNX Runtime computes from the same file`() async throws {
    struct Expected: Decodable { var features: [Float], logits: [Float] }
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: golden("tiny-forward.json")))
    let picture = Tensor(shape: [1, 8, 8, 3], values: (0..<192).map { Float(sin(Double($0) * 0.37)) })
    try await withTemporaryFolder { folder in
      let stored = try await WeightStore(folder: folder).fetch(
        Tiny.entry(), from: golden("keras1-full.h5"), sources: WeightStoreTests.nowhere)
      let file = try stored.file()
      let base = try Tiny.architecture.convolutionBase(weights: file, inputShape: [8, 8, 3])
      let features = try base(picture)
      #expect(features.shape == [1, 2, 2, 4])
      #expect(relativeError(features.values, expected.features) < 1e-5)
      let whole = try Tiny.architecture.withTop(weights: file)
      let logits = try whole(picture)
      #expect(logits.shape == [1, 3])
      #expect(relativeError(logits.values, expected.logits) < 1e-5)
    }
  }

  @Test func `a top that was not stored is said to be missing`() async throws {
    try await withTemporaryFolder { folder in
      let stored = try await WeightStore(folder: folder).fetch(
        Tiny.entry(), from: golden("keras1-notop.h5"), sources: WeightStoreTests.nowhere)
      #expect(throws: BackboneError.noTop(path: stored.url.path, layers: ["fc1", "fc2", "predictions"])) {
        try Tiny.architecture.withTop(weights: stored.file())
      }
    }
  }

  @Test func `weights of another network are refused, naming the tensor`() async throws {
    try await withTemporaryFolder { folder in
      let stored = try await WeightStore(folder: folder).fetch(
        Tiny.entry(), from: golden("keras1-notop.h5"), sources: WeightStoreTests.nowhere)
      #expect(
        throws: BackboneError.tensorShape(
          path: stored.url.path, key: "block1_conv1/kernel", location: "block1_conv1/kernel",
          expected: [3, 3, 3, 64], actual: [3, 3, 3, 2])
      ) { try VGG16.convolutionBase(weights: stored.file()) }
    }
  }
}

import Backbones
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct ONNXImporterTests {
  @Test func `kernels are turned from [out, in, h, w] to [h, w, in, out]`() throws {
    let weights = try readWeights(golden("full.onnx"))
    #expect(weights.importer == "onnx")
    #expect(weights.tensors.map(\.name) == (Tiny.convolutions + Tiny.top).map(\.0))
    for (actual, expected) in zip(weights.tensors, Tiny.convolutions + Tiny.top) {
      #expect(actual.tensor == expected.1, "\(actual.name)")
    }
  }

  @Test func `values stored as numbers are read like values stored as bytes`() throws {
    let weights = try readWeights(golden("notop-float-data.onnx"))
    #expect(weights.tensors.map(\.name) == Tiny.convolutions.map(\.0))
    for (actual, expected) in zip(weights.tensors, Tiny.convolutions) {
      #expect(relativeError(actual.tensor.values, expected.1.values) < 1e-6, "\(actual.name)")
    }
  }

  @Test func `the digest of the base equals that of the Keras files`() throws {
    #expect(try readWeights(golden("full.onnx")).baseDigest == readWeights(golden("keras1-notop.h5")).baseDigest)
  }

  @Test func `a misshapen kernel is named with its place and both shapes`() throws {
    let other = VGGArchitecture(name: "other", blocks: [[2, 3], [5]], topUnits: [5, 4, 3], topInputSide: 8)
    let url = golden("full.onnx")
    #expect(
      throws: BackboneError.tensorShape(
        path: url.path, key: "block2_conv1/kernel",
        location: "functional_1/block2_conv1_1/convolution/ReadVariableOp:0", expected: [3, 3, 3, 5],
        actual: [3, 3, 3, 4])
    ) { try readWeights(url, architecture: other) }
  }

  @Test func `every truncation is an error`() throws {
    let whole = try Data(contentsOf: golden("full.onnx"))
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "cut.onnx")
      for count in stride(from: 0, to: whole.count - 200, by: 23) {
        try whole.prefix(count).write(to: url)
        #expect(throws: BackboneError.self, "\(count) bytes") { try readWeights(url) }
      }
    }
  }

  @Test func `a flipped byte is an error or other values, and never a crash`() throws {
    let whole = try Data(contentsOf: golden("full.onnx"))
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "flipped.onnx")
      var refused = 0
      for index in stride(from: 0, to: whole.count, by: 11) {
        var bytes = whole
        bytes[index] ^= UInt8(1 << (index % 8))
        try bytes.write(to: url)
        do { _ = try readWeights(url) } catch {
          #expect(error is BackboneError, "byte \(index): \(error)")
          refused += 1
        }
      }
      #expect(refused > 30)
    }
  }
}

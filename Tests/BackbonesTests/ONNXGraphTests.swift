import Backbones
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct ONNXGraphTests {
  /// The tiny network with the tensors of the importer's files.
  private func tiny() throws -> Network {
    let network = try Tiny.architecture.randomBase(seed: 1, inputShape: [8, 8, 3])
    for (name, tensor) in Tiny.convolutions { try network.parameter(named: name).assign(tensor) }
    return network
  }

  private func bytes(of network: Network) throws -> Data {
    var graph = ONNXGraph(name: "tiny")
    let input = graph.input("x", .float, shape: ["batch", 3, 8, 8], about: "")
    let output = try graph.add(network, to: input)
    graph.output(output, named: "y", .float, shape: ["batch", 4, 2, 2], about: "")
    return try graph.serialized(version: "1", about: "", metadata: [("key", "value")])
  }

  @Test func `a network that was written is read back with the same weights`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "tiny.onnx")
      try bytes(of: tiny()).write(to: url)
      let weights = try readWeights(url)
      #expect(weights.tensors.map(\.name) == Tiny.convolutions.map(\.0))
      for (actual, expected) in zip(weights.tensors, Tiny.convolutions) {
        #expect(actual.tensor == expected.1, "\(actual.name)")
      }
    }
  }

  @Test func `the same network makes the same bytes, another one others`() throws {
    let first = try bytes(of: tiny())
    #expect(try bytes(of: tiny()) == first)
    let other = try tiny()
    try other.parameter(named: "block1_conv1/bias").assign(Tensor(shape: [2], values: [7, 8]))
    #expect(try bytes(of: other) != first)
  }

  @Test func `a layer without an ONNX form is refused by name`() throws {
    let network = try Network(inputShape: [2], layers: [Strange(name: "strange")])
    var graph = ONNXGraph(name: "tiny")
    let input = graph.input("x", .float, shape: ["batch", 2], about: "")
    let error = try #require(throws: BackboneError.self) { try graph.add(network, to: input) }
    #expect("\(error)".contains("onnx: layer 'strange'"))
  }

  private final class Strange: Layer {
    let name: String
    init(name: String) { self.name = name }
    var memory: LayerMemory { .inPlace }
    func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
    func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {}
    func backward(_ pass: BackwardPass) {}
  }
}

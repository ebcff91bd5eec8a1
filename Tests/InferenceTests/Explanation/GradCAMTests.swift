import Digests
import Foundation
import Inference
import NeuralNetworks
import RandomStreams
import TestSupport
import Testing

@Suite struct GradCAMTests {
  private static let layers = ["conv1", "pool1", "conv2", "conv3", "pool2"]
  private static let classes = (0..<8).map { "class \($0)" }

  /// The network of Reference/explanation/golden.py with its weights.
  private func explainer(_ golden: SafetensorsFile) throws -> Explainer {
    let convolutions = [("conv1", 3, 5), ("conv2", 5, 8), ("conv3", 8, 6)].map { name, inputs, outputs in
      Convolution2D(
        name: name, inputChannels: inputs, outputChannels: outputs, kernel: 3, padding: .same, activation: .relu)
    }
    for convolution in convolutions {
      try convolution.kernel.assign(golden.tensor(convolution.name + "/kernel"))
      try convolution.bias?.assign(golden.tensor(convolution.name + "/bias"))
    }
    let base = try Network(
      inputShape: [20, 20, 3],
      layers: [
        convolutions[0], MaxPooling2D(name: "pool1", window: 2), convolutions[1], convolutions[2],
        MaxPooling2D(name: "pool2", window: 2),
      ])
    let network = try ClassifierNetwork(
      base: base, headKind: .pooled, dropout: 0.5, classCount: Self.classes.count, seed: 1)
    let standardization = try #require(network.standardization)
    try standardization.mean.assign(golden.tensor("mean"))
    try standardization.scale.assign(golden.tensor("scale"))
    try network.head.parameter(named: "head/kernel").assign(golden.tensor("dense"))
    try network.head.parameter(named: "head/bias").assign(golden.tensor("bias"))
    return Explainer(
      Classifier(
        description: Models.description(classes: Self.classes, side: 20), modelDigest: ContentDigest(of: "golden"),
        network: network))
  }

  private func golden() throws -> SafetensorsFile {
    let folder = try #require(Bundle.module.resourceURL)
    return try SafetensorsFile(folder.appending(path: "Golden/grad-cam.safetensors"))
  }

  @Test(arguments: layers)
  func `the map of each class equals that of Keras`(layer: String) throws {
    let golden = try golden()
    let explainer = try explainer(golden)
    let picture = try golden.tensor("picture")
    let network = explainer.classifier.network
    #expect(relativeError(try network.head(network.base(picture)).values, try golden.tensor("logits").values) < 1e-5)
    var withEvidence = 0
    for index in Self.classes.indices {
      let expected = try golden.tensor("map/\(layer)/\(index)")
      let map = try explainer.gradCAM(of: picture, classIndex: index, layer: layer)
      #expect([map.height, map.width] == expected.shape)
      let actual = map.values.map { $0 * map.strength }
      guard expected.values.contains(where: { $0 > 0 }) else {
        #expect(map.strength == 0 && map.peak == nil && actual.allSatisfy { $0 == 0 })
        continue
      }
      withEvidence += 1
      #expect(relativeError(actual, expected.values) < 1e-4, "\(layer), class \(index)")
      #expect(map.values.max() == 1)
    }
    #expect(withEvidence > 0, "a layer without evidence for any class tests nothing")
  }

  @Test func `other weights give another map`() throws {
    let golden = try golden()
    let trained = try explainer(golden)
    let picture = try golden.tensor("picture")
    for convolution in ["conv1", "conv2", "conv3"] {
      let shuffled = try explainer(golden)
      let kernel = try shuffled.classifier.network.base.parameter(named: convolution + "/kernel")
      let values = kernel.value.values
      var stream = RandomStream(seed: 4, RandomStream.number(of: convolution))
      let order = stream.permutation(of: values.count)
      try kernel.assign(Tensor(shape: kernel.shape, values: order.map { values[$0] }))
      let label = 5
      let before = try trained.gradCAM(of: picture, classIndex: label, layer: "conv3")
      let after = try shuffled.gradCAM(of: picture, classIndex: label, layer: "conv3")
      #expect(correlation(before.values, after.values) < 0.9, "\(convolution)")
    }
  }

  @Test func `the parts above a layer are made once for all pictures, and a second picture gets its own map`() throws {
    let golden = try golden()
    let explainer = try explainer(golden)
    let picture = try golden.tensor("picture")
    let turned = Tensor(shape: picture.shape, values: picture.values.reversed())
    let first = try explainer.gradCAM(of: picture, classIndex: 5, layer: "conv2")
    let other = try explainer.gradCAM(of: turned, classIndex: 5, layer: "conv2")
    #expect(try self.explainer(golden).gradCAM(of: turned, classIndex: 5, layer: "conv2") == other)
    #expect(try explainer.gradCAM(of: picture, classIndex: 5, layer: "conv2") == first)
    #expect(first != other)
    #expect(try explainer.upperPart(above: "conv2") === explainer.upperPart(above: "conv2"))
    // One plan for taps at one layer, and none of networks cut for each picture.
    #expect(explainer.classifier.network.base.planCount == 1)
  }

  @Test func `an unknown layer is refused with the names there are`() throws {
    let golden = try golden()
    let explainer = try explainer(golden)
    #expect(explainer.layerNames == Self.layers)
    #expect(explainer.defaultLayer == "conv3")
    #expect(throws: NeuralNetworkError.unknownLayer(name: "conv9", available: Self.layers)) {
      try explainer.gradCAM(of: golden.tensor("picture"), classIndex: 0, layer: "conv9")
    }
  }

  @Test func `occlusion finds the one place that a class looks at`() throws {
    // One channel that answers to brightness; covering the bright square takes the class's probability away.
    let convolution = Convolution2D(
      name: "conv", inputChannels: 3, outputChannels: 1, kernel: 1, padding: .same, activation: .relu)
    try convolution.kernel.assign(Tensor(shape: [1, 1, 3, 1], values: [1, 0, 0]))
    let network = try ClassifierNetwork(
      base: Network(inputShape: [64, 64, 3], layers: [convolution]), headKind: .pooled, dropout: 0, classCount: 2,
      seed: 1)
    try network.head.parameter(named: "head/kernel").assign(Tensor(shape: [1, 2], values: [0, 400]))
    let explainer = Explainer(
      Classifier(
        description: Models.description(side: 64), modelDigest: ContentDigest(of: "bright"), network: network))
    var pixels = Tensor(shape: [1, 64, 64, 3])
    pixels.withUnsafeMutableValues { values in
      for row in 40..<48 { for column in 16..<24 { values[(row * 64 + column) * 3] = 1 } }
    }
    var reports: [Int] = []
    let map = try explainer.occlusion(of: pixels, classIndex: 1, patch: OcclusionPatch(side: 8, step: 8)) { done, _ in
      reports.append(done)
    }
    #expect((40..<48).contains(map.peak?.row ?? -1) && (16..<24).contains(map.peak?.column ?? -1))
    #expect(map.strength > 0.4, "covering it leaves an even chance: \(map.strength)")
    #expect(map.values[10 * 64 + 50] < 0.05, "a place it does not look at")
    #expect(reports.last == 8 * 8)
  }

  @Test func `activations show every channel`() throws {
    let golden = try golden()
    let explainer = try explainer(golden)
    let sheet = try explainer.activations(of: golden.tensor("picture"), layer: "conv2", cell: 20)
    #expect(sheet.width == 6 + 3 * 26, "eight channels stand three by three")
    #expect(Set(sheet.pixels).count > 20)
  }

  private func correlation(_ a: [Float], _ b: [Float]) -> Float {
    let (meanA, meanB) = (a.reduce(0, +) / Float(a.count), b.reduce(0, +) / Float(b.count))
    let products = zip(a, b).map { ($0 - meanA) * ($1 - meanB) }.reduce(0, +)
    let squares = a.map { ($0 - meanA) * ($0 - meanA) }.reduce(0, +) * b.map { ($0 - meanB) * ($0 - meanB) }.reduce(0, +)
    return squares > 0 ? products / squares.squareRoot() : 0
  }
}

import NeuralNetworks
import Testing

@Suite struct NeuralNetworkErrorTests {
  @Test func `an error says what, where and what to do`() {
    #expect(
      NeuralNetworkError.parameterShape(name: "fc1/kernel", expected: [25088, 2], actual: [512, 2]).description
        == "Parameter 'fc1/kernel' has shape [25088, 2], the value for it has [512, 2]. "
        + "The weights belong to another network or input size.")
    #expect(
      NeuralNetworkError.invalidSafetensors(path: "/a/b", reason: "it is empty").description
        == "'/a/b' is not a valid safetensors file: it is empty. "
        + "It may be cut short or changed; fetch or write it again.")
    #expect(
      NeuralNetworkError.layerInput(layer: "dense", expected: "[3]", actual: [4]).description
        == "Layer 'dense' expects an input of shape [3] and gets [4]. "
        + "Check the input size of the network and the layer before.")
  }
}

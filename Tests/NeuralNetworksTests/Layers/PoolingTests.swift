import NeuralNetworks
import Testing

@Suite struct PoolingTests {
  private func network(_ layer: any Layer, input: [Int]) throws -> Network {
    try Network(inputShape: input, layers: [layer])
  }

  @Test func `the largest value of each window of a ramp is its last`() throws {
    let output = try network(MaxPooling2D(name: "max"), input: [4, 4, 1])(ramp([1, 4, 4, 1]))
    #expect(output.shape == [1, 2, 2, 1])
    #expect(output.values == [5, 7, 13, 15])
  }

  @Test func `windows that do not fit are left out`() throws {
    let layer = MaxPooling2D(name: "max")
    #expect(try network(layer, input: [5, 3, 1])(ramp([1, 5, 3, 1])).values == [4, 10])
  }

  @Test func `negative values win against padding`() throws {
    let input = ramp([1, 3, 3, 1], from: -9)
    let layer = MaxPooling2D(name: "max", window: 2, padding: .same)
    #expect(try network(layer, input: [3, 3, 1])(input).values == [-5, -4, -2, -1])
  }

  @Test func `the gradient of equal values goes to the first`() throws {
    let network = try network(MaxPooling2D(name: "max"), input: [2, 2, 1])
    let pass = try network.forward(Tensor(shape: [1, 2, 2, 1], repeating: 1), phase: .inference, reach: .input)
    let gradient = try network.backward(pass, outputGradient: Tensor(shape: [1, 1, 1, 1], values: [3]))
    #expect(gradient?.values == [3, 0, 0, 0])
  }

  @Test func `the mean of each window of a ramp is its middle`() throws {
    let output = try network(AveragePooling2D(name: "mean"), input: [4, 4, 1])(ramp([1, 4, 4, 1]))
    #expect(output.values == [2.5, 4.5, 10.5, 12.5])
  }

  @Test func `a mean counts what lies inside the input`() throws {
    let layer = AveragePooling2D(name: "mean", window: 2, padding: .same)
    #expect(try network(layer, input: [3, 3, 1])(ramp([1, 3, 3, 1])).values == [2, 3.5, 6.5, 8])
  }

  @Test func `the mean over everything keeps channels apart`() throws {
    let output = try network(GlobalAveragePooling2D(name: "mean"), input: [2, 2, 2])(ramp([2, 2, 2, 2]))
    #expect(output.shape == [2, 2])
    #expect(output.values == [3, 4, 11, 12])
  }

  @Test func `flatten keeps height, width, channel order`() throws {
    let output = try network(Flatten(name: "flat"), input: [2, 2, 2])(ramp([2, 2, 2, 2]))
    #expect(output.shape == [2, 8])
    #expect(output == ramp([2, 8]))
  }

  @Test func `an input that does not fit is refused by name`() {
    func refused(_ layer: any Layer, _ shape: [Int], _ expected: String) {
      #expect(throws: NeuralNetworkError.layerInput(layer: "pool", expected: expected, actual: shape)) {
        try layer.outputShape(for: shape)
      }
    }
    refused(MaxPooling2D(name: "pool"), [4, 4], "[height, width, channels]")
    refused(AveragePooling2D(name: "pool"), [4, 0, 1], "[height, width, channels]")
    refused(GlobalAveragePooling2D(name: "pool"), [8], "[height, width, channels]")
    let size = "at least [2, 2, channels] with a padding below the window's size"
    refused(MaxPooling2D(name: "pool"), [1, 4, 1], size)
    refused(
      AveragePooling2D(name: "pool", padding: .explicit(top: 2, left: 0, bottom: 0, right: 0)), [4, 4, 1], size)
  }
}

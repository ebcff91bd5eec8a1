import NeuralNetworks
import TestSupport
import Testing

/// Whole tensors, forward and backward, against Keras.
@Suite struct LayerGoldenTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let type: String
    let input: [Int]
    let outputs: Int?
    let kernel: [Int]?
    let stride: [Int]?
    let padding: Sides?
    let relu: Bool?
    let bias: Bool?
    var testDescription: String { name }

    enum Sides: Decodable, Sendable {
      case named(String)
      case counted([Int])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let name = try? container.decode(String.self) {
          self = .named(name)
        } else {
          self = .counted(try container.decode([Int].self))
        }
      }
    }

    func layer() throws -> any Layer {
      switch type {
      case "convolution":
        return Convolution2D(
          name: "layer", inputChannels: input[3], outputChannels: try #require(outputs), kernel: try size(kernel),
          stride: try size(stride), padding: try sides(), activation: relu == true ? .relu : .none,
          hasBias: bias == true)
      case "depthwise":
        return DepthwiseConvolution2D(
          name: "layer", channels: input[3], kernel: try size(kernel), stride: try size(stride), padding: try sides(),
          activation: relu == true ? .relu : .none, hasBias: bias == true)
      case "dense":
        return Dense(
          name: "layer", inputs: input[1], outputs: try #require(outputs), activation: relu == true ? .relu : .none)
      case "relu": return ReLU(name: "layer")
      case "flatten": return Flatten(name: "layer")
      case "max":
        return MaxPooling2D(name: "layer", window: try size(kernel), stride: try size(stride), padding: try sides())
      case "average":
        return AveragePooling2D(name: "layer", window: try size(kernel), stride: try size(stride), padding: try sides())
      case "global average": return GlobalAveragePooling2D(name: "layer")
      default: throw UnknownType(name: type)
      }
    }

    private struct UnknownType: Error { let name: String }

    private func size(_ pair: [Int]?) throws -> Size2D {
      let pair = try #require(pair)
      return Size2D(height: pair[0], width: pair[1])
    }

    private func sides() throws -> Padding {
      switch try #require(padding) {
      case .named("same"): .same
      case .named("valid"): .valid
      case .named(let other): throw UnknownType(name: other)
      case .counted(let sides): .explicit(top: sides[0], left: sides[1], bottom: sides[2], right: sides[3])
      }
    }
  }

  static let golden = Result { try Golden<[Case]>("layers") }

  @Test func `all kinds of layers are among the golden cases`() throws {
    let cases = try Self.golden.get().cases
    #expect(cases.count == 27)
    #expect(
      Set(cases.map(\.type)) == ["convolution", "depthwise", "dense", "relu", "flatten", "max", "average", "global average"])
  }

  @Test(arguments: (try? golden.get().cases) ?? [])
  func `a layer agrees with Keras forward and backward`(testCase: Case) throws {
    let golden = try Self.golden.get()
    func expected(_ name: String) throws -> Tensor { try golden.tensor("\(testCase.name)/\(name)") }
    let layer = try testCase.layer()
    for parameter in layer.parameters { try parameter.assign(expected(String(parameter.name.dropFirst(6)))) }
    let network = try Network(inputShape: Array(testCase.input.dropFirst()), layers: [layer])

    func check(_ actual: Tensor?, _ name: String) throws {
      let actual = try #require(actual)
      let wanted = try expected(name)
      #expect(actual.shape == wanted.shape)
      #expect(relativeError(actual.values, wanted.values) < 1e-5, "\(name)")
    }
    let input = try expected("input")
    try check(try network(input), "output")
    let pass = try network.forward(input, phase: .inference, reach: .input)
    try check(pass.output, "output")
    try check(try network.backward(pass, outputGradient: expected("output_gradient")), "input_gradient")
    for parameter in layer.parameters {
      try check(parameter.gradient, "\(parameter.name.dropFirst(6))_gradient")
    }
  }
}

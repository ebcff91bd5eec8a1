import NeuralNetworks
import TensorKernels

/// ONNX's planes are channels first: values of pictures have the shape [batch, channels, height, width], Float32. So
/// kernels are turned, and a flattening turns its input back before: the order of a dense layer's inputs stays as it
/// was trained.
extension ONNXGraph: LayerGraph {
  package static var target: String { "onnx" }

  package mutating func form(of layer: any Layer, input: Value, shape: [Int]) throws -> Value? {
    switch layer {
    case let layer as Convolution2D:
      return convolution(
        layer.name, input, shape: shape, kernel: layer.kernel.value, groups: 1, bias: layer.bias?.value,
        stride: layer.stride, padding: layer.padding, activation: layer.activation)
    case let layer as DepthwiseConvolution2D:
      return convolution(
        layer.name, input, shape: shape, kernel: layer.kernel.value, groups: layer.channels, bias: layer.bias?.value,
        stride: layer.stride, padding: layer.padding, activation: layer.activation)
    case let layer as MaxPooling2D:
      return pooling("MaxPool", layer.name, layer.window, input, shape: shape)
    case let layer as AveragePooling2D:
      return pooling("AveragePool", layer.name, layer.window, input, shape: shape)
    case let layer as GlobalAveragePooling2D:
      let mean = add("GlobalAveragePool", input)
      return add("Flatten", mean, attributes: ["axis": .int(1)], name: layer.name)
    case let layer as ReLU:
      return add("Relu", input, name: layer.name)
    case let layer as Flatten:
      let ordered = shape.count == 3 ? add("Transpose", input, attributes: ["perm": .ints([0, 2, 3, 1])]) : input
      return add("Flatten", ordered, attributes: ["axis": .int(1)], name: layer.name)
    case let layer as Dense:
      let kernel = constant(layer.kernel.value, name: layer.kernel.name)
      let bias = constant(layer.bias.value, name: layer.bias.name)
      return activated(layer.activation, "Gemm", [input, kernel, bias], name: layer.name)
    case let layer as any ONNXExportable:
      return layer.add(to: &self, input: input)
    default: return nil
    }
  }

  private mutating func convolution(
    _ name: String, _ input: Value, shape: [Int], kernel: Tensor, groups: Int, bias: Tensor?, stride: Size2D,
    padding: Padding, activation: Activation
  ) -> Value {
    let size = Size2D(height: kernel.shape[0], width: kernel.shape[1])
    var inputs = [input, constant(Self.channelsFirst(kernel, isDepthwise: groups > 1), name: name + "/kernel")]
    if let bias { inputs.append(constant(bias, name: name + "/bias")) }
    return activated(
      activation, "Conv", inputs,
      attributes: [
        "group": .int(groups), "kernel_shape": .ints([size.height, size.width]),
        "pads": Self.pads(padding, shape: shape, window: size, stride: stride),
        "strides": .ints([stride.height, stride.width]),
      ], name: name)
  }

  private mutating func pooling(
    _ operation: String, _ name: String, _ window: PoolingWindow, _ input: Value, shape: [Int]
  ) -> Value {
    // A window at the border counts only what lies inside, which is AveragePool's default.
    add(
      operation, input,
      attributes: [
        "kernel_shape": .ints([window.size.height, window.size.width]),
        "pads": Self.pads(window.padding, shape: shape, window: window.size, stride: window.stride),
        "strides": .ints([window.stride.height, window.stride.width]),
      ], name: name)
  }

  private mutating func activated(
    _ activation: Activation, _ operation: String, _ inputs: [Value],
    attributes: KeyValuePairs<String, Attribute> = [:], name: String
  ) -> Value {
    switch activation {
    case .none: return add(operation, inputs, attributes: attributes, name: name)
    case .relu:
      let linear = add(operation, inputs, attributes: attributes, name: name + "/linear")
      return add("Relu", linear, name: name)
    }
  }

  private static func pads(_ padding: Padding, shape: [Int], window: Size2D, stride: Size2D) -> Attribute {
    let amounts = padding.amounts(input: Size2D(height: shape[0], width: shape[1]), window: window, stride: stride)
    return .ints([amounts.top, amounts.left, amounts.bottom, amounts.right])
  }

  /// From `[height, width, in, out]` to `[out, in, height, width]`; a depthwise kernel, whose third dimension is the
  /// channels, to `[channels, 1, height, width]`.
  private static func channelsFirst(_ kernel: Tensor, isDepthwise: Bool) -> Tensor {
    let window = kernel.shape[0] * kernel.shape[1]
    let (inputs, outputs) = isDepthwise ? (1, kernel.shape[2]) : (kernel.shape[2], kernel.shape[3])
    var turned = Tensor(uninitialized: [outputs, inputs, kernel.shape[0], kernel.shape[1]])
    kernel.withUnsafeValues { source in
      turned.withUnsafeMutableValues { target in
        for place in 0..<window {
          for input in 0..<inputs {
            for output in 0..<outputs {
              target[(output * inputs + input) * window + place] = source[(place * inputs + input) * outputs + output]
            }
          }
        }
      }
    }
    return turned
  }
}

/// A layer of a higher room that knows its own ONNX form.
package protocol ONNXExportable: Layer {
  func add(to graph: inout ONNXGraph, input: ONNXGraph.Value) -> ONNXGraph.Value
}

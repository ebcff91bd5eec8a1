import NeuralNetworks
import TensorKernels

/// Values have the layouts of this program: [batch] and a layer's own shape, Float32.
extension KerasGraph: LayerGraph {
  package static var target: String { "keras" }

  package mutating func form(of layer: any Layer, input: Value, shape: [Int]) throws -> Value? {
    switch layer {
    case let layer as Convolution2D:
      let settings: [String: JSONText] = [
        "filters": .number(Double(layer.outputChannels)), "kernel_size": Self.pair(layer.kernelSize),
        "strides": Self.pair(layer.stride), "padding": try Self.padding(layer.padding, of: layer.name),
        "activation": Self.activation(layer.activation), "use_bias": .boolean(layer.bias != nil),
        "data_format": "channels_last",
      ]
      return add(
        layer: "Conv2D", snakeName: "conv2d", name: layer.name, input, settings: settings,
        inputShape: [shape[0], shape[1], shape[2]],
        weights: [layer.kernel.value] + (layer.bias.map { [$0.value] } ?? []))
    case let layer as MaxPooling2D:
      return try pooling("MaxPooling2D", "max_pooling2d", layer.name, layer.window, input, shape: shape)
    case let layer as GlobalAveragePooling2D:
      return add(
        layer: "GlobalAveragePooling2D", snakeName: "global_average_pooling2d", name: layer.name, input,
        settings: ["data_format": "channels_last"], inputShape: shape, weights: [])
    case let layer as Flatten:
      return add(
        layer: "Flatten", snakeName: "flatten", name: layer.name, input, settings: ["data_format": "channels_last"],
        inputShape: shape, weights: [])
    case let layer as Dense:
      return add(
        layer: "Dense", snakeName: "dense", name: layer.name, input,
        settings: [
          "units": .number(Double(layer.outputs)), "activation": Self.activation(layer.activation), "use_bias": true,
        ], inputShape: shape, weights: [layer.kernel.value, layer.bias.value])
    case let layer as any KerasExportable:
      return layer.add(to: &self, input: input)
    default: return nil
    }
  }

  private mutating func pooling(
    _ kind: String, _ snakeName: String, _ name: String, _ window: PoolingWindow, _ input: Value, shape: [Int]
  ) throws -> Value {
    add(
      layer: kind, snakeName: snakeName, name: name, input,
      settings: [
        "pool_size": Self.pair(window.size), "strides": Self.pair(window.stride),
        "padding": try Self.padding(window.padding, of: name), "data_format": "channels_last",
      ], inputShape: shape, weights: [])
  }

  private static func pair(_ size: Size2D) -> JSONText {
    [.number(Double(size.height)), .number(Double(size.width))]
  }

  private static func activation(_ activation: Activation) -> JSONText {
    switch activation {
    case .none: "linear"
    case .relu: "relu"
    }
  }

  private static func padding(_ padding: Padding, of layer: String) throws -> JSONText {
    switch padding {
    case .same: "same"
    case .valid: "valid"
    case .explicit: throw refusal(layer, "Keras has no paddings of its own lengths")
    }
  }
}

/// A layer of a higher room that knows its own Keras form.
package protocol KerasExportable: Layer {
  func add(to graph: inout KerasGraph, input: KerasGraph.Value) -> KerasGraph.Value
}

import NeuralNetworks
import TensorKernels

extension KerasGraph {
  /// Adds a network's layers.
  ///
  /// - Parameters:
  ///   - input: Shape: [batch] + the network's input shape, Float32.
  ///   - visit: gets every layer's name and output.
  /// - Returns: the last layer's output.
  /// - Throws: `BackboneError.notExportable` for a layer, or a setting of one, that is not known here.
  package mutating func add(
    _ network: Network, to input: Value, visit: (_ layer: String, _ output: Value) -> Void = { _, _ in }
  ) throws -> Value {
    var value = input
    var shape = network.inputShape
    for layer in network.layers {
      value = try add(layer, to: value, shape: shape)
      shape = try layer.outputShape(for: shape)
      visit(layer.name, value)
    }
    return value
  }

  private mutating func add(_ layer: any Layer, to input: Value, shape: [Int]) throws -> Value {
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
    case is Dropout:
      return input
    case let layer as any KerasExportable:
      return layer.add(to: &self, input: input)
    default:
      throw Self.refusal(layer.name, "layers of type \(type(of: layer)) have no Keras form here")
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

  private static func refusal(_ layer: String, _ reason: String) -> BackboneError {
    .notExportable(target: "keras", part: "layer '\(layer)'", reason: reason)
  }
}

/// A layer of a higher room that knows its own Keras form.
package protocol KerasExportable: Layer {
  func add(to graph: inout KerasGraph, input: KerasGraph.Value) -> KerasGraph.Value
}

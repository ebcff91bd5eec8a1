import NeuralNetworks

/// A graph in another program's form, to which a network is added layer by layer.
package protocol LayerGraph {
  /// What a node of the graph gives.
  associatedtype Value

  /// What the form is called where it is refused, such as `onnx`.
  static var target: String { get }

  /// Adds one layer; one that does nothing when a network answers never comes here.
  ///
  /// - Parameter shape: of the layer's input, without the batch, as networks here have it.
  /// - Returns: nil for a layer that is not known.
  mutating func form(of layer: any Layer, input: Value, shape: [Int]) throws -> Value?
}

extension LayerGraph {
  /// Adds a network's layers.
  ///
  /// - Parameters:
  ///   - input: what the network's first layer takes, in the graph's own layout.
  ///   - visit: gets every layer's name and output.
  /// - Returns: the last layer's output, in the same layout.
  /// - Throws: `BackboneError.notExportable` for a layer, or a setting of one, that has no such form here.
  package mutating func add(
    _ network: Network, to input: Value, visit: (_ layer: String, _ output: Value) -> Void = { _, _ in }
  ) throws -> Value {
    var value = input
    var shape = network.inputShape
    for layer in network.layers {
      if !(layer is Dropout) {
        guard let next = try form(of: layer, input: value, shape: shape) else {
          throw Self.refusal(layer.name, "layers of type \(type(of: layer)) have no form there")
        }
        value = next
      }
      shape = try layer.outputShape(for: shape)
      visit(layer.name, value)
    }
    return value
  }

  static func refusal(_ layer: String, _ reason: String) -> BackboneError {
    .notExportable(target: target, part: "layer '\(layer)'", reason: reason)
  }
}

import Archives
import Foundation
import NeuralNetworks

/// A Keras 3 model that is built layer by layer and operation by operation, and its `.keras` file.
///
/// Operations are those of `keras.ops`, which a functional model's configuration names like layers, so that
/// `keras.models.load_model` needs no code of ours and no lambda. Planes are channels last, as here.
package struct KerasGraph {
  /// What a layer or operation puts out.
  package struct Value: Hashable, Sendable {
    let name: String
  }

  private var layers: [JSONText] = []
  private var counts: [String: Int] = [:]
  private var groups = ["vars", "layers"]
  private var tensors: [(path: String, tensor: Tensor)] = []
  private let inputName: String

  /// - Parameter name: of the one input. Shape: [batch, height, width, 3], UInt8.
  package init(input name: String) {
    inputName = name
    layers.append([
      "module": "keras.layers", "class_name": "InputLayer",
      "config": [
        "batch_shape": [.null, .null, .null, 3], "dtype": "uint8", "sparse": false, "ragged": false, "name": .text(name),
      ],
      "registered_name": .null, "name": .text(name), "inbound_nodes": [],
    ])
    groups += ["layers/input_layer", "layers/input_layer/vars"]
  }

  package var input: Value { Value(name: inputName) }

  /// Adds an operation of `keras.ops`.
  ///
  /// - Parameters:
  ///   - operation: the class's name, such as "Add".
  ///   - module: the module of `keras.src.ops` that has it.
  ///   - arguments: in their order; `value.argument` for what other nodes put out.
  ///   - settings: of the operation.
  package mutating func add(
    _ operation: String, module: String = "numpy", _ arguments: [JSONText], settings: [String: JSONText] = [:],
    name: String? = nil
  ) -> Value {
    let name = name ?? newName(operation.lowercased())
    layers.append([
      "module": .text("keras.src.ops." + module), "class_name": .text(operation),
      "config": .object(settings.merging(["name": .text(name)]) { $1 }), "registered_name": .text(operation),
      "name": .text(name), "inbound_nodes": [["args": .list(arguments), "kwargs": [:]]],
    ])
    return Value(name: name)
  }

  /// Adds a layer of `keras.layers` with its weights.
  ///
  /// - Parameters:
  ///   - snakeName: what Keras calls its class in a weight file.
  ///   - inputShape: without the batch.
  mutating func add(
    layer kind: String, snakeName: String, name: String, _ input: Value, settings: [String: JSONText],
    inputShape: [Int], weights: [Tensor]
  ) -> Value {
    let policy: JSONText = [
      "module": "keras", "class_name": "DTypePolicy", "config": ["name": "float32"], "registered_name": .null,
    ]
    let built = JSONText.list([.null] + inputShape.map { .number(Double($0)) })
    layers.append([
      "module": "keras.layers", "class_name": .text(kind),
      "config": .object(settings.merging(["name": .text(name), "trainable": true, "dtype": policy]) { $1 }),
      "registered_name": .null, "build_config": ["input_shape": built], "name": .text(name),
      "inbound_nodes": [["args": [input.argument], "kwargs": [:]]],
    ])
    // The first of a class has no number there.
    let number = counts["layers/" + snakeName, default: 0]
    counts["layers/" + snakeName] = number + 1
    let group = "layers/" + snakeName + (number == 0 ? "" : "_\(number)")
    groups += [group, group + "/vars"]
    for (index, tensor) in weights.enumerated() { tensors.append(("\(group)/vars/\(index)", tensor)) }
    return Value(name: name)
  }

  /// The bytes of a `.keras` file.
  ///
  /// - Parameters:
  ///   - output: what the model gives.
  ///   - metadata: goes into a file `nefro.json` beside Keras's own.
  /// - Throws: `BackboneError.noHDF5`, `.notExportable`.
  package func file(output: Value, metadata: [(key: String, value: String)]) throws -> Data {
    let config: JSONText = [
      "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
      "config": [
        "name": "nefro", "trainable": true, "layers": .list(layers),
        "input_layers": [.text(inputName), 0, 0], "output_layers": [.text(output.name), 0, 0],
      ],
      "build_config": ["input_shape": .null], "compile_config": .null,
    ]
    let about = JSONText.object(Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, .text($0.value)) }))
    // Keras's own date would make every file another one.
    let version: JSONText = ["keras_version": "3.0.0", "date_saved": "1980-01-01@00:00:00"]
    let texts = [("metadata.json", version), ("config.json", config), ("nefro.json", about)]
    let weights = try HDF5Writer.bytes(groups: groups, tensors: tensors)
    return ZipWriter.stored(texts.map { ($0, Data($1.description.utf8)) } + [("model.weights.h5", weights)])
  }

  private mutating func newName(_ kind: String) -> String {
    counts[kind, default: 0] += 1
    return "\(kind)_\(counts[kind]!)"
  }
}

extension KerasGraph.Value {
  /// As an argument of a node. Keras finds the tensor by its history; shape and type are found again when it loads.
  package var argument: JSONText {
    [
      "class_name": "__keras_tensor__",
      "config": ["shape": [.null], "dtype": "float32", "keras_history": [.text(name), 0, 0]],
    ]
  }
}

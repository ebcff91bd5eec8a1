import Foundation
import NeuralNetworks
import SwiftProtobuf

/// An ONNX model that is built node by node, and its file's bytes.
///
/// Operators are those of opset 17 (IR version 8), which ONNX Runtime has run since 1.12. Every value has a name; names
/// are made of the operator's and a number where none is given, so the same calls make the same bytes.
package struct ONNXGraph {
  /// What a node puts out, an input or a constant.
  package struct Value: Hashable, Sendable {
    package let name: String
  }

  /// An operator's setting.
  package enum Attribute: Sendable {
    case int(Int)
    case ints([Int])
  }

  /// The element type of an input or output.
  package enum ElementType: Sendable {
    case float, uint8, int64, string, double

    var number: Int32 {
      let type: ONNXTensorProto.DataType =
        switch self {
        case .float: .float
        case .uint8: .uint8
        case .int64: .int64
        case .string: .string
        case .double: .double
        }
      return Int32(type.rawValue)
    }
  }

  /// A length that is known, or one that is the caller's and has a name.
  package enum Dimension: Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case known(Int)
    case named(String)

    package init(integerLiteral value: Int) { self = .known(value) }
    package init(stringLiteral value: String) { self = .named(value) }
  }

  static let opset: Int64 = 17
  static let irVersion: Int64 = 8
  /// Of weights, which leaves 1 MiB for the rest: protobuf holds less than 2 GiB.
  private static let maximumBytes = (2 << 30) - (1 << 20)

  private var graph = ONNXGraphProto()
  private var counts: [String: Int] = [:]
  private var scalars: [String: Value] = [:]

  /// - Parameter name: of the graph, for whoever looks at it.
  package init(name: String) {
    graph.name = name
  }

  // MARK: - Inputs, nodes, outputs

  package mutating func input(_ name: String, _ type: ElementType, shape: [Dimension], about: String) -> Value {
    graph.input.append(Self.information(name, type, shape, about: about))
    return Value(name: name)
  }

  /// Adds a node with one output.
  ///
  /// - Parameters:
  ///   - operation: ONNX's name of the operator.
  ///   - name: of node and output; nil makes one.
  package mutating func add(
    _ operation: String, _ inputs: Value..., attributes: KeyValuePairs<String, Attribute> = [:], name: String? = nil
  ) -> Value {
    add(operation, inputs, attributes: attributes, name: name)
  }

  /// The same with a list of inputs.
  package mutating func add(
    _ operation: String, _ inputs: [Value], attributes: KeyValuePairs<String, Attribute> = [:], name: String? = nil
  ) -> Value {
    var node = ONNXNodeProto()
    node.opType = operation
    node.name = name ?? newName(operation)
    node.input = inputs.map(\.name)
    node.output = [node.name]
    node.attribute = attributes.map { key, value in
      var attribute = ONNXAttributeProto()
      attribute.name = key
      switch value {
      case .int(let number): (attribute.type, attribute.i) = (.int, Int64(number))
      case .ints(let numbers): (attribute.type, attribute.ints) = (.ints, numbers.map(Int64.init))
      }
      return attribute
    }
    graph.node.append(node)
    return Value(name: node.name)
  }

  /// Gives a value to the caller under a name of its own.
  package mutating func output(
    _ value: Value, named name: String, _ type: ElementType, shape: [Dimension], about: String
  ) {
    _ = add("Identity", value, name: name)
    graph.output.append(Self.information(name, type, shape, about: about))
  }

  // MARK: - Constants

  /// A tensor of the network's; its bytes are copied.
  package mutating func constant(_ tensor: Tensor, name: String) -> Value {
    tensor.withUnsafeValues { constant(.float, tensor.shape, Data(buffer: $0), name: name) }
  }

  package mutating func constant(_ values: [Double], shape: [Int], name: String? = nil) -> Value {
    precondition(values.count == shape.reduce(1, *), "a constant has as many values as its shape says")
    return values.withUnsafeBufferPointer { constant(.double, shape, Data(buffer: $0), name: name) }
  }

  package mutating func constant(floats values: [Float], shape: [Int], name: String? = nil) -> Value {
    precondition(values.count == shape.reduce(1, *), "a constant has as many values as its shape says")
    return values.withUnsafeBufferPointer { constant(.float, shape, Data(buffer: $0), name: name) }
  }

  /// A row of whole numbers.
  package mutating func constant(_ values: [Int], name: String? = nil) -> Value {
    values.map(Int64.init).withUnsafeBufferPointer { constant(.int64, [values.count], Data(buffer: $0), name: name) }
  }

  /// A row of texts.
  package mutating func constant(_ values: [String], name: String? = nil) -> Value {
    var tensor = ONNXTensorProto()
    tensor.name = name ?? newName("text")
    tensor.dims = [Int64(values.count)]
    tensor.dataType = ElementType.string.number
    tensor.stringData = values.map { Data($0.utf8) }
    graph.initializer.append(tensor)
    return Value(name: tensor.name)
  }

  /// One number without dimensions; the same number is one constant.
  package mutating func scalar(_ value: Double) -> Value {
    shared("number \(value)") { (.double, withUnsafeBytes(of: value) { Data($0) }) }
  }

  /// One whole number without dimensions.
  package mutating func scalar(_ value: Int) -> Value {
    shared("integer \(value)") { (.int64, withUnsafeBytes(of: Int64(value)) { Data($0) }) }
  }

  private mutating func shared(_ key: String, _ make: () -> (ElementType, Data)) -> Value {
    if let known = scalars[key] { return known }
    let (type, bytes) = make()
    let value = constant(type, [], bytes, name: nil)
    scalars[key] = value
    return value
  }

  /// Values are little-endian in the format and on every machine this program runs on.
  private mutating func constant(_ type: ElementType, _ shape: [Int], _ bytes: Data, name: String?) -> Value {
    var tensor = ONNXTensorProto()
    tensor.name = name ?? newName("constant")
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = type.number
    tensor.rawData = bytes
    graph.initializer.append(tensor)
    return Value(name: tensor.name)
  }

  // MARK: - The file

  /// The bytes of an .onnx file.
  ///
  /// - Parameters:
  ///   - version: of the program.
  ///   - about: what the model is, in words.
  ///   - metadata: pairs that ONNX Runtime gives back as the model's custom metadata.
  /// - Throws: `BackboneError.notExportable` if it would have more than the 2 GiB that the format allows.
  package func serialized(version: String, about: String, metadata: [(key: String, value: String)]) throws -> Data {
    var model = ONNXModelProto()
    model.irVersion = Self.irVersion
    model.producerName = "nefro"
    model.producerVersion = version
    model.docString = about
    var opset = ONNXOperatorSetIdProto()
    opset.version = Self.opset
    model.opsetImport = [opset]
    model.graph = graph
    model.metadataProps = metadata.map { key, value in
      var entry = ONNXStringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    let bytes = graph.initializer.reduce(0) { $0 + $1.rawData.count }
    guard bytes < Self.maximumBytes else {
      throw BackboneError.notExportable(
        target: "onnx", part: "its weights", reason: "they have \(bytes) bytes, and the format holds less than 2 GiB")
    }
    return try model.serializedBytes()
  }

  private mutating func newName(_ operation: String) -> String {
    counts[operation, default: 0] += 1
    return "\(operation.lowercased())_\(counts[operation]!)"
  }

  private static func information(
    _ name: String, _ type: ElementType, _ shape: [Dimension], about: String
  ) -> ONNXValueInfoProto {
    var information = ONNXValueInfoProto()
    information.name = name
    information.docString = about
    information.type.tensorType.elemType = type.number
    information.type.tensorType.shape.dim = shape.map { dimension in
      var made = ONNXTensorShapeProto.Dimension()
      switch dimension {
      case .known(let length): made.dimValue = Int64(length)
      case .named(let name): made.dimParam = name
      }
      return made
    }
    return information
  }
}

import Backbones
import NeuralNetworks

/// Sums and the like, in the type of their arguments.
extension KerasGraph {
  mutating func sum(_ a: Value, _ b: Value) -> Value { add("Add", [a.argument, b.argument]) }
  mutating func sum(_ a: Value, _ b: Double) -> Value { add("Add", [a.argument, .real(b)]) }
  mutating func difference(_ a: Value, _ b: Value) -> Value { add("Subtract", [a.argument, b.argument]) }
  mutating func complement(_ a: Value) -> Value { add("Subtract", [.real(1), a.argument]) }
  mutating func product(_ a: Value, _ b: Value) -> Value { add("Multiply", [a.argument, b.argument]) }
  mutating func product(_ a: Value, _ b: Double) -> Value { add("Multiply", [a.argument, .real(b)]) }
  mutating func quotient(_ a: Value, _ b: Value) -> Value { add("TrueDivide", [a.argument, b.argument]) }
  mutating func quotient(_ a: Value, _ b: Double) -> Value { add("TrueDivide", [a.argument, .real(b)]) }
  mutating func floor(_ a: Value) -> Value { add("Floor", [a.argument]) }
  mutating func absolute(_ a: Value) -> Value { add("Absolute", [a.argument]) }
  mutating func root(_ a: Value) -> Value { add("Sqrt", [a.argument]) }
  mutating func atLeast(_ a: Value, _ bound: Double) -> Value { add("Maximum", [a.argument, .real(bound)]) }
  mutating func atMost(_ a: Value, _ bound: Double) -> Value { add("Minimum", [a.argument, .real(bound)]) }

  mutating func double(_ a: Value) -> Value { cast(a, "float64") }
  mutating func float(_ a: Value, name: String? = nil) -> Value { cast(a, "float32", name: name) }

  private mutating func cast(_ a: Value, _ type: String, name: String? = nil) -> Value {
    add("Cast", module: "core", [a.argument], settings: ["dtype": .text(type)], name: name)
  }

  /// One where the condition holds, else zero. Double.
  mutating func indicator(_ comparison: String, _ a: Value, _ b: JSONText) -> Value {
    double(add(comparison, [a.argument, b]))
  }

  mutating func reduced(_ kind: String, _ a: Value, axes: [Int], keep: Bool) -> Value {
    var settings: [String: JSONText] = [
      "axis": .list(axes.map { .number(Double($0)) }), "keepdims": .boolean(keep),
    ]
    if kind == "Max" { settings["initial"] = .null }
    return add(kind, [a.argument], settings: settings)
  }

  mutating func einsum(_ subscripts: String, _ a: JSONText, _ b: JSONText) -> Value {
    add("Einsum", [a, b], settings: ["subscripts": .text(subscripts)])
  }

  /// A constant tensor.
  static func constant(_ values: [Double], shape: [Int], type: String = "float64") -> JSONText {
    func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONText {
      guard let length = shape.first else { return .real(values[values.startIndex]) }
      let size = values.count / length
      return .list(
        (0..<length).map { index in
          let start = values.startIndex + index * size
          return nested(values[start..<start + size], shape.dropFirst())
        })
    }
    return ["class_name": "__numpy__", "config": ["value": nested(values[...], shape[...]), "dtype": .text(type)]]
  }

  static func constant(_ tensor: Tensor, shape: [Int]) -> JSONText {
    constant(tensor.withUnsafeValues { $0.map(Double.init) }, shape: shape, type: "float32")
  }
}

import Backbones

/// Sums and the like of numbers in double precision, in which statistics and probabilities are computed here too.
extension ONNXGraph {
  mutating func sum(_ a: Value, _ b: Value) -> Value { add("Add", a, b) }
  mutating func difference(_ a: Value, _ b: Value) -> Value { add("Sub", a, b) }
  mutating func product(_ a: Value, _ b: Value) -> Value { add("Mul", a, b) }
  mutating func quotient(_ a: Value, _ b: Value) -> Value { add("Div", a, b) }

  mutating func sum(_ a: Value, _ b: Double) -> Value { sum(a, scalar(b)) }
  mutating func product(_ a: Value, _ b: Double) -> Value { product(a, scalar(b)) }

  mutating func floor(_ value: Value) -> Value { add("Floor", value) }
  mutating func absolute(_ value: Value) -> Value { add("Abs", value) }
  mutating func atLeast(_ value: Value, _ bound: Double) -> Value { add("Max", value, scalar(bound)) }
  mutating func atMost(_ value: Value, _ bound: Double) -> Value { add("Min", value, scalar(bound)) }

  mutating func double(_ value: Value) -> Value { add("Cast", value, attributes: ["to": .int(11)]) }
  mutating func float(_ value: Value) -> Value { add("Cast", value, attributes: ["to": .int(1)]) }
  mutating func integer(_ value: Value) -> Value { add("Cast", value, attributes: ["to": .int(7)]) }

  /// One where the condition holds, else zero.
  mutating func indicator(_ comparison: String, _ a: Value, _ b: Value) -> Value { double(add(comparison, a, b)) }

  /// One less the value.
  mutating func complement(_ value: Value) -> Value { difference(scalar(1.0), value) }

  mutating func mean(_ value: Value, axes: [Int], keep: Bool) -> Value {
    add("ReduceMean", value, attributes: ["axes": .ints(axes), "keepdims": .int(keep ? 1 : 0)])
  }

  mutating func sum(_ value: Value, axis: Int, keep: Bool) -> Value {
    add("ReduceSum", value, constant([axis]), attributes: ["keepdims": .int(keep ? 1 : 0)])
  }

  mutating func transposed(_ value: Value, _ order: [Int]) -> Value {
    add("Transpose", value, attributes: ["perm": .ints(order)])
  }

  /// One column of a matrix. Shape: from [batch, columns] to [batch].
  mutating func column(_ value: Value, _ index: Int) -> Value {
    add("Gather", value, scalar(index), attributes: ["axis": .int(1)])
  }
}

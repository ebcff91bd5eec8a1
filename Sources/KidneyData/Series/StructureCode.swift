import Foundation

/// A vector in 8-bit numbers: comparisons are exact, the same on every machine, and take a quarter of the memory.
struct StructureCode: Sendable {
  let values: [Int8]
  /// The vector's length; 0 for a picture without structure, which is similar to nothing.
  let norm: Float

  init(_ vector: [Float]) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    // Less than half a grey level is rounding, not structure.
    let scale = largest > 0.5 ? 127 / largest : 0
    values = vector.map { Int8(($0 * scale).rounded()) }
    norm = Float(values.reduce(0) { $0 + Int($1) * Int($1) }).squareRoot()
  }

  /// The correlation of two structures, -1…1.
  func similarity(to other: StructureCode) -> Float {
    guard norm > 0, other.norm > 0 else { return 0 }
    let sum = values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        precondition(a.count == b.count, "structures of one size")
        var sum: Int32 = 0
        for index in 0..<a.count { sum &+= Int32(a[index]) &* Int32(b[index]) }
        return sum
      }
    }
    return Float(sum) / (norm * other.norm)
  }

  /// The correlation with the other structure seen in a mirror.
  func similarity(toMirrored other: StructureCode, side: Int) -> Float {
    guard norm > 0, other.norm > 0 else { return 0 }
    let sum = values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        precondition(a.count == side * side && b.count == side * side, "square structures of one size")
        var sum: Int32 = 0
        for row in 0..<side {
          for column in 0..<side {
            sum &+= Int32(a[row * side + column]) &* Int32(b[row * side + side - 1 - column])
          }
        }
        return sum
      }
    }
    return Float(sum) / (norm * other.norm)
  }
}

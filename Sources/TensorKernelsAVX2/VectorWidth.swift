/// Eight neighbouring channels: one AVX register, or two registers of 128 bits.
typealias Vector = SIMD8<Float>

/// Lanes of a vector.
let vectorWidth = 8

/// The first `count` lanes (at most eight) from memory, zero in the others.
@inline(__always)
func loadPartial(_ source: UnsafePointer<Float>, _ count: Int) -> Vector {
  var vector = Vector()
  if count > 0 { vector[0] = source[0] }
  if count > 1 { vector[1] = source[1] }
  if count > 2 { vector[2] = source[2] }
  if count > 3 { vector[3] = source[3] }
  if count > 4 { vector[4] = source[4] }
  if count > 5 { vector[5] = source[5] }
  if count > 6 { vector[6] = source[6] }
  if count > 7 { vector[7] = source[7] }
  return vector
}

/// Writes the first `count` lanes (at most eight) and touches no memory beyond them.
@inline(__always)
func storePartial(_ vector: Vector, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
  if count > 0 { target[0] = vector[0] }
  if count > 1 { target[1] = vector[1] }
  if count > 2 { target[2] = vector[2] }
  if count > 3 { target[3] = vector[3] }
  if count > 4 { target[4] = vector[4] }
  if count > 5 { target[5] = vector[5] }
  if count > 6 { target[6] = vector[6] }
  if count > 7 { target[7] = vector[7] }
}

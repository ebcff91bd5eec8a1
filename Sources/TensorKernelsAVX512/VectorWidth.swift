#if arch(x86_64)
  import CProcessor
#endif

/// Sixteen neighbouring channels: one AVX-512 register.
typealias Vector = SIMD16<Float>

/// Lanes of a vector.
let vectorWidth = 16

/// The first `count` lanes (at most sixteen) from memory, zero in the others.
@inline(__always)
func loadPartial(_ source: UnsafePointer<Float>, _ count: Int) -> Vector {
  #if arch(x86_64)
    return nefro_load_lanes(source, count)
  #else
    var vector = Vector()
    for lane in 0..<count { vector[lane] = source[lane] }
    return vector
  #endif
}

/// Writes the first `count` lanes (at most sixteen) and touches no memory beyond them.
@inline(__always)
func storePartial(_ vector: Vector, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
  #if arch(x86_64)
    nefro_store_lanes(target, vector, count)
  #else
    for lane in 0..<count { target[lane] = vector[lane] }
  #endif
}

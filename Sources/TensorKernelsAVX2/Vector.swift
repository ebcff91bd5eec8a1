/// Columns of one panel of a packed matrix, the same in every build of the kernels.
let panelWidth = 16

@inline(__always)
func load(_ source: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(source).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, _ target: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(target).storeBytes(of: vector, as: Vector.self)
}

/// max(0, x); what is not a number stays so, or a broken network would look healthy.
@inline(__always)
func rectified(_ vector: Vector) -> Vector {
  vector.replacing(with: Vector(), where: vector .< Vector())
}

/// The larger of both in each lane; the first of equals. A lane that is not a number in `b` is passed
/// over, one in `a` stays.
@inline(__always)
func larger(_ a: Vector, _ b: Vector) -> Vector {
  a.replacing(with: b, where: b .> a)
}

/// `c + a * b`, rounded once: one `vfmadd` instruction.
///
/// The portable build of the kernels has its own version of this file; all other files of this
/// target are compiled there too, through symbolic links.
@inline(__always)
func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  c.addingProduct(a, b)
}

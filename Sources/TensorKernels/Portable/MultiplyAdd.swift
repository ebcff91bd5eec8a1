/// `c + a * b`: fused on arm64, where every processor has the instruction; product and sum apart on
/// others, where fusing without the instruction would be a library call for each lane.
///
/// The other files of this folder are symbolic links to those of TensorKernelsAVX2: the same kernels,
/// compiled for any processor.
@inline(__always)
func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  #if arch(arm64)
    c.addingProduct(a, b)
  #else
    c + a * b
  #endif
}

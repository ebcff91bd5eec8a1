/// The kernel transform G g Gᵀ of F(4x4, 3x3) for one panel of at most sixteen output channels.
///
/// - Parameters:
///   - kernel: The panel's first output channel in shape [3, 3, inputs, outputs], Float32.
///   - columns: Output channels of this panel that exist; the others become zero.
///   - u: Shape: [36, inputs, 16]; planes are `uPlane` elements apart.
///   - scratch: `winogradKernelScratch` elements.
@inline(never)
package func winogradKernel(
  kernel: UnsafePointer<Float>, inputs: Int, outputs: Int, columns: Int,
  u: UnsafeMutablePointer<Float>, uPlane: Int, scratch: UnsafeMutablePointer<Float>
) {
  let tap = inputs * outputs
  let line = 3 * vectorWidth
  var input = 0
  while input < inputs {
    var column = 0
    while column < panelWidth {
      let lanes = min(vectorWidth, columns - column)
      let source = kernel + input * outputs + column
      var j = 0
      while j < 3 {
        let p = source + j * tap
        let r: (Vector, Vector, Vector, Vector, Vector, Vector)
        if lanes == vectorWidth {
          r = kernelPolynomial(load(p), load(p + 3 * tap), load(p + 6 * tap))
        } else {
          r = kernelPolynomial(
            loadPartial(p, lanes), loadPartial(p + 3 * tap, lanes), loadPartial(p + 6 * tap, lanes))
        }
        let q = scratch + vectorWidth * j
        store(r.0, q)
        store(r.1, q + line)
        store(r.2, q + 2 * line)
        store(r.3, q + 3 * line)
        store(r.4, q + 4 * line)
        store(r.5, q + 5 * line)
        j += 1
      }
      var target = u + input * panelWidth + column
      var q = scratch
      var i = 0
      while i < 6 {
        let r = kernelPolynomial(load(q), load(q + vectorWidth), load(q + 2 * vectorWidth))
        store(r.0, target)
        store(r.1, target + uPlane)
        store(r.2, target + 2 * uPlane)
        store(r.3, target + 3 * uPlane)
        store(r.4, target + 4 * uPlane)
        store(r.5, target + 5 * uPlane)
        target += 6 * uPlane
        q += line
        i += 1
      }
      column += vectorWidth
    }
    input += 1
  }
}

/// Elements of scratch memory that `winogradKernel` needs: six rows of three vectors.
package let winogradKernelScratch = 18 * panelWidth

/// One column of G g.
@inline(__always)
private func kernelPolynomial(
  _ g0: Vector, _ g1: Vector, _ g2: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let ends = Vector(repeating: -1 / 6) * (g0 + g2)
  let middle = Vector(repeating: 1 / 6) * g1
  let outer = multiplyAdd(Vector(repeating: 1 / 24), g0, Vector(repeating: 1 / 6) * g2)
  let half = Vector(repeating: 1 / 12) * g1
  return (Vector(repeating: 0.25) * g0, ends - middle, ends + middle, outer + half, outer - half, g2)
}

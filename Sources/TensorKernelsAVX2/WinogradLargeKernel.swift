/// The kernel transform G g Gᵀ of F(6x6, 3x3) for one panel of at most sixteen output channels: see `winogradKernel`.
///
/// - Parameters:
///   - u: Shape: [64, inputs, 16]; planes are `uPlane` elements apart.
///   - scratch: `winogradLargeKernelScratch` elements.
@inline(never)
package func winogradLargeKernel(
  kernel: UnsafePointer<Float>, inputs: Int, outputs: Int, columns: Int,
  u: UnsafeMutablePointer<Float>, uPlane: Int, scratch: UnsafeMutablePointer<Float>
) {
  let tap = inputs * outputs
  var input = 0
  while input < inputs {
    var column = 0
    while column < panelWidth {
      let lanes = min(vectorWidth, columns - column)
      let source = kernel + input * outputs + column
      var j = 0
      while j < 3 {
        let p = source + j * tap
        let q = scratch + vectorWidth * j
        if lanes == vectorWidth {
          spread(load(p), load(p + 3 * tap), load(p + 6 * tap), q, 3 * vectorWidth)
        } else {
          spread(
            loadPartial(p, lanes), loadPartial(p + 3 * tap, lanes), loadPartial(p + 6 * tap, lanes), q, 3 * vectorWidth)
        }
        j += 1
      }
      var target = u + input * panelWidth + column
      var q = UnsafePointer(scratch)
      var i = 0
      while i < 8 {
        spread(load(q), load(q + vectorWidth), load(q + 2 * vectorWidth), target, uPlane)
        target += 8 * uPlane
        q += 3 * vectorWidth
        i += 1
      }
      column += vectorWidth
    }
    input += 1
  }
}

/// Elements of scratch memory that `winogradLargeKernel` needs: eight rows of three vectors.
package let winogradLargeKernelScratch = 24 * panelWidth

/// One column of G g, its eight values `stride` elements apart.
@inline(__always)
private func spread(
  _ g0: Vector, _ g1: Vector, _ g2: Vector, _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let ends = Vector(repeating: -2 / 9) * (g0 + g2)
  let middle = Vector(repeating: 2 / 9) * g1
  let outer = multiplyAdd(Vector(repeating: 1 / 90), g0, Vector(repeating: 2 / 45) * g2)
  let outerOdd = Vector(repeating: 1 / 45) * g1
  let inner = multiplyAdd(Vector(repeating: 32 / 45), g0, Vector(repeating: 8 / 45) * g2)
  let innerOdd = Vector(repeating: 16 / 45) * g1
  store(g0, target)
  store(ends - middle, target + stride)
  store(ends + middle, target + 2 * stride)
  store(outer + outerOdd, target + 3 * stride)
  store(outer - outerOdd, target + 4 * stride)
  store(inner + innerOdd, target + 5 * stride)
  store(inner - innerOdd, target + 6 * stride)
  store(g2, target + 7 * stride)
}

/// The first step of the kernel's gradient: A y Aᵀ of each four by four tile y of the output's gradient,
/// for one panel of at most sixteen output channels. Pixels beyond the edge count as zero.
///
/// - Parameters:
///   - gradient: The panel's first channel in shape [batch, height, width, channels], Float32.
///   - columns: Channels of this panel that exist; the others become zero.
///   - m: Shape: [36, tileCount, 16]; planes are `mPlane` elements apart.
///   - scratch: `winogradGradientScratch` elements.
@inline(never)
package func winogradOutputGradient(
  gradient: UnsafePointer<Float>, height: Int, width: Int, channels: Int, columns: Int,
  tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
  m: UnsafeMutablePointer<Float>, mPlane: Int, scratch: UnsafeMutablePointer<Float>
) {
  var tile = firstTile
  var target = m
  while tile < firstTile + tileCount {
    let inPicture = tile % (tilesDown * tilesAcross)
    let y = inPicture / tilesAcross * 4
    let x = inPicture % tilesAcross * 4
    let source = gradient + ((tile / (tilesDown * tilesAcross) * height + y) * width + x) * channels
    let rows = min(4, height - y)
    let across = min(4, width - x)
    var column = 0
    while column < panelWidth {
      let lanes = max(0, min(vectorWidth, columns - column))
      if rows == 4 && across == 4 && lanes == vectorWidth {
        transformWholeTile(source + column, width * channels, channels, target + column, mPlane, scratch)
      } else {
        transformPartOfTile(
          source + column, width * channels, channels, rows, across, lanes, target + column, mPlane, scratch)
      }
      column += vectorWidth
    }
    target += panelWidth
    tile += 1
  }
}

/// Elements of scratch memory that `winogradOutputGradient` and `winogradKernelGradient` need.
package let winogradGradientScratch = 24 * panelWidth

@inline(never)
private func transformWholeTile(
  _ source: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int, _ target: UnsafeMutablePointer<Float>,
  _ plane: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  var p = source
  var q = scratch
  var j = 0
  while j < 4 {
    storeColumn(
      gradientPolynomial(load(p), load(p + rowStride), load(p + 2 * rowStride), load(p + 3 * rowStride)), q,
      4 * vectorWidth)
    p += columnStride
    q += vectorWidth
    j += 1
  }
  transformRows(scratch, target, plane)
}

@inline(never)
private func transformPartOfTile(
  _ source: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int, _ rows: Int, _ across: Int, _ lanes: Int,
  _ target: UnsafeMutablePointer<Float>, _ plane: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  var p = source
  var q = scratch
  var j = 0
  while j < 4 {
    let count = j < across ? lanes : 0
    storeColumn(
      gradientPolynomial(
        loadPartial(p, count), loadPartial(p + rowStride, rows > 1 ? count : 0),
        loadPartial(p + 2 * rowStride, rows > 2 ? count : 0), loadPartial(p + 3 * rowStride, rows > 3 ? count : 0)),
      q, 4 * vectorWidth)
    p += columnStride
    q += vectorWidth
    j += 1
  }
  transformRows(scratch, target, plane)
}

@inline(__always)
private func transformRows(_ columns: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ plane: Int) {
  var q = columns
  var out = target
  var i = 0
  while i < 6 {
    storeColumn(
      gradientPolynomial(
        load(q), load(q + vectorWidth), load(q + 2 * vectorWidth), load(q + 3 * vectorWidth)),
      out, plane)
    out += 6 * plane
    q += 4 * vectorWidth
    i += 1
  }
}

@inline(__always)
private func storeColumn(
  _ r: (Vector, Vector, Vector, Vector, Vector, Vector), _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  store(r.0, target)
  store(r.1, target + stride)
  store(r.2, target + 2 * stride)
  store(r.3, target + 3 * stride)
  store(r.4, target + 4 * stride)
  store(r.5, target + 5 * stride)
}

/// One column of A y.
@inline(__always)
private func gradientPolynomial(
  _ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let even = y0 + y2
  let odd = y1 + y3
  let evenOuter = multiplyAdd(Vector(repeating: 4), y2, y0)
  let oddOuter = multiplyAdd(Vector(repeating: 8), y3, Vector(repeating: 2) * y1)
  return (y0, even + odd, even - odd, evenOuter + oddOuter, evenOuter - oddOuter, y3)
}

/// The last step of the kernel's gradient: Gᵀ u G for one panel of at most sixteen output channels.
///
/// - Parameters:
///   - u: Shape: [36, inputs, 16]; planes are `uPlane` elements apart.
///   - kernelGradient: The panel's first output channel in shape [3, 3, inputs, outputs], Float32; overwritten.
///   - columns: Output channels of this panel that exist.
///   - scratch: `winogradGradientScratch` elements.
@inline(never)
package func winogradKernelGradient(
  u: UnsafePointer<Float>, uPlane: Int, inputs: Int, outputs: Int, columns: Int,
  kernelGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let tap = inputs * outputs
  let line = 6 * vectorWidth
  var input = 0
  while input < inputs {
    var column = 0
    while column < columns {
      let lanes = min(vectorWidth, columns - column)
      var p = u + input * panelWidth + column
      var q = scratch
      var j = 0
      while j < 6 {
        let r = kernelGradientPolynomial(
          load(p), load(p + 6 * uPlane), load(p + 12 * uPlane), load(p + 18 * uPlane), load(p + 24 * uPlane),
          load(p + 30 * uPlane))
        store(r.0, q)
        store(r.1, q + line)
        store(r.2, q + 2 * line)
        p += uPlane
        q += vectorWidth
        j += 1
      }
      q = scratch
      var target = kernelGradient + input * outputs + column
      var i = 0
      while i < 3 {
        let r = kernelGradientPolynomial(
          load(q), load(q + vectorWidth), load(q + 2 * vectorWidth), load(q + 3 * vectorWidth),
          load(q + 4 * vectorWidth), load(q + 5 * vectorWidth))
        if lanes == vectorWidth {
          store(r.0, target)
          store(r.1, target + tap)
          store(r.2, target + 2 * tap)
        } else {
          storePartial(r.0, target, lanes)
          storePartial(r.1, target + tap, lanes)
          storePartial(r.2, target + 2 * tap, lanes)
        }
        target += 3 * tap
        q += line
        i += 1
      }
      column += vectorWidth
    }
    input += 1
  }
}

/// One column of Gᵀ u.
@inline(__always)
private func kernelGradientPolynomial(
  _ u0: Vector, _ u1: Vector, _ u2: Vector, _ u3: Vector, _ u4: Vector, _ u5: Vector
) -> (Vector, Vector, Vector) {
  let sixth = Vector(repeating: 1 / 6)
  let inner = u1 + u2
  let outer = u3 + u4
  let innerPart = Vector(repeating: -1 / 6) * inner
  return (
    multiplyAdd(Vector(repeating: 0.25), u0, multiplyAdd(Vector(repeating: 1 / 24), outer, innerPart)),
    multiplyAdd(sixth, u2 - u1, Vector(repeating: 1 / 12) * (u3 - u4)),
    multiplyAdd(sixth, outer, innerPart) + u5
  )
}

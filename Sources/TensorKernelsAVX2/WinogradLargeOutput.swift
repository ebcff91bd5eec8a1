import CProcessor

/// The output transform Aᵀ m A of F(6x6, 3x3): see `winogradOutput`.
///
/// - Parameters:
///   - m: Shape: [64, tileCount, 16]; planes are `mPlane` elements apart.
///   - scratch: `winogradLargeOutputScratch` elements.
@inline(never)
package func winogradLargeOutput(
  m: UnsafePointer<Float>, mPlane: Int, tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
  output: UnsafeMutablePointer<Float>, height: Int, width: Int, channels: Int, columns: Int,
  bias: UnsafePointer<Float>, relu: Bool, pooled: Bool, scratch: UnsafeMutablePointer<Float>
) {
  let rowLength = (pooled ? width / 2 : width) * channels
  let pictureLength = (pooled ? height / 2 : height) * rowLength
  var tile = firstTile
  var source = m
  while tile < firstTile + tileCount {
    let inPicture = tile % (tilesDown * tilesAcross)
    let y = inPicture / tilesAcross * 6
    let x = inPicture % tilesAcross * 6
    let rows = min(6, height - y)
    let across = min(6, width - x)
    let picture = output + tile / (tilesDown * tilesAcross) * pictureLength
    var column = 0
    while column < columns {
      let lanes = min(vectorWidth, columns - column)
      let bias = bias + column
      transformColumns(source + column, mPlane, scratch)
      if pooled {
        let target = picture + y / 2 * rowLength + x / 2 * channels + column
        if rows == 6 && across == 6 && lanes == vectorWidth {
          writePooledTile(scratch, target, rowLength, channels, bias, relu)
        } else {
          writePartOfPooledTile(scratch, target, rowLength, channels, rows / 2, across / 2, lanes, bias, relu)
        }
      } else {
        let target = picture + y * rowLength + x * channels + column
        if rows == 6 && across == 6 && lanes == vectorWidth {
          writeTile(scratch, target, rowLength, channels, bias, relu)
        } else {
          writePartOfTile(scratch, target, rowLength, channels, rows, across, lanes, bias, relu)
        }
      }
      column += vectorWidth
    }
    source += panelWidth
    tile += 1
  }
}

/// Elements of scratch memory that `winogradLargeOutput` needs: six rows of eight vectors.
package let winogradLargeOutputScratch = 48 * panelWidth

/// Elements of one row of the half transformed tile.
private let halfLine = 8 * vectorWidth

@inline(__always)
private func transformColumns(_ source: UnsafePointer<Float>, _ plane: Int, _ target: UnsafeMutablePointer<Float>) {
  var p = source
  var q = target
  var j = 0
  while j < 8 {
    let r = outputPolynomial(
      load(p), load(p + 8 * plane), load(p + 16 * plane), load(p + 24 * plane), load(p + 32 * plane),
      load(p + 40 * plane), load(p + 48 * plane), load(p + 56 * plane))
    store(r.0, q)
    store(r.1, q + halfLine)
    store(r.2, q + 2 * halfLine)
    store(r.3, q + 3 * halfLine)
    store(r.4, q + 4 * halfLine)
    store(r.5, q + 5 * halfLine)
    p += plane
    q += vectorWidth
    j += 1
  }
}

/// Row `i` of the tile: six pixels with bias and activation.
@inline(__always)
private func transformRow(
  _ columns: UnsafePointer<Float>, _ i: Int, _ bias: UnsafePointer<Float>, _ relu: Bool
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let q = columns + halfLine * i
  let r = outputPolynomial(
    load(q), load(q + vectorWidth), load(q + 2 * vectorWidth), load(q + 3 * vectorWidth), load(q + 4 * vectorWidth),
    load(q + 5 * vectorWidth), load(q + 6 * vectorWidth), load(q + 7 * vectorWidth))
  let bias = load(bias)
  let sums = (r.0 + bias, r.1 + bias, r.2 + bias, r.3 + bias, r.4 + bias, r.5 + bias)
  return relu
    ? (
      rectified(sums.0), rectified(sums.1), rectified(sums.2), rectified(sums.3), rectified(sums.4), rectified(sums.5)
    ) : sums
}

/// Three pixels, each the maximum of two by two from row `i` and the next.
@inline(__always)
private func transformRowPair(
  _ columns: UnsafePointer<Float>, _ i: Int, _ bias: UnsafePointer<Float>, _ relu: Bool
) -> (Vector, Vector, Vector) {
  let upper = transformRow(columns, i, bias, relu)
  let lower = transformRow(columns, i + 1, bias, relu)
  return (
    larger(larger(upper.0, upper.1), larger(lower.0, lower.1)),
    larger(larger(upper.2, upper.3), larger(lower.2, lower.3)),
    larger(larger(upper.4, upper.5), larger(lower.4, lower.5))
  )
}

@inline(never)
private func writeTile(
  _ columns: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ rowLength: Int, _ channels: Int,
  _ bias: UnsafePointer<Float>, _ relu: Bool
) {
  var target = target
  var i = 0
  while i < 6 {
    // Where the tile after the next is written.
    nefro_processor_prefetch_near(target + 12 * channels)
    nefro_processor_prefetch_near(target + 13 * channels)
    nefro_processor_prefetch_near(target + 14 * channels)
    nefro_processor_prefetch_near(target + 15 * channels)
    nefro_processor_prefetch_near(target + 16 * channels)
    nefro_processor_prefetch_near(target + 17 * channels)
    let r = transformRow(columns, i, bias, relu)
    store(r.0, target)
    store(r.1, target + channels)
    store(r.2, target + 2 * channels)
    store(r.3, target + 3 * channels)
    store(r.4, target + 4 * channels)
    store(r.5, target + 5 * channels)
    target += rowLength
    i += 1
  }
}

@inline(never)
private func writePartOfTile(
  _ columns: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ rowLength: Int, _ channels: Int,
  _ rows: Int, _ across: Int, _ lanes: Int, _ bias: UnsafePointer<Float>, _ relu: Bool
) {
  var target = target
  var i = 0
  while i < rows {
    let r = transformRow(columns, i, bias, relu)
    writePixel(r.0, target, lanes)
    if across > 1 { writePixel(r.1, target + channels, lanes) }
    if across > 2 { writePixel(r.2, target + 2 * channels, lanes) }
    if across > 3 { writePixel(r.3, target + 3 * channels, lanes) }
    if across > 4 { writePixel(r.4, target + 4 * channels, lanes) }
    if across > 5 { writePixel(r.5, target + 5 * channels, lanes) }
    target += rowLength
    i += 1
  }
}

@inline(never)
private func writePooledTile(
  _ columns: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ rowLength: Int, _ channels: Int,
  _ bias: UnsafePointer<Float>, _ relu: Bool
) {
  var target = target
  var i = 0
  while i < 6 {
    // Where the tile after the next is written.
    nefro_processor_prefetch_near(target + 6 * channels)
    nefro_processor_prefetch_near(target + 7 * channels)
    nefro_processor_prefetch_near(target + 8 * channels)
    let r = transformRowPair(columns, i, bias, relu)
    store(r.0, target)
    store(r.1, target + channels)
    store(r.2, target + 2 * channels)
    target += rowLength
    i += 2
  }
}

/// `rows` and `across` count pooled pixels.
@inline(never)
private func writePartOfPooledTile(
  _ columns: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ rowLength: Int, _ channels: Int,
  _ rows: Int, _ across: Int, _ lanes: Int, _ bias: UnsafePointer<Float>, _ relu: Bool
) {
  var target = target
  var i = 0
  while i < rows {
    let r = transformRowPair(columns, 2 * i, bias, relu)
    if across > 0 { writePixel(r.0, target, lanes) }
    if across > 1 { writePixel(r.1, target + channels, lanes) }
    if across > 2 { writePixel(r.2, target + 2 * channels, lanes) }
    target += rowLength
    i += 1
  }
}

@inline(never)
private func writeLanes(_ vector: Vector, _ target: UnsafeMutablePointer<Float>, _ lanes: Int) {
  storePartial(vector, target, lanes)
}

@inline(__always)
private func writePixel(_ vector: Vector, _ target: UnsafeMutablePointer<Float>, _ lanes: Int) {
  if lanes == vectorWidth { store(vector, target) } else { writeLanes(vector, target, lanes) }
}

/// One column of Aᵀ m.
@inline(__always)
private func outputPolynomial(
  _ m0: Vector, _ m1: Vector, _ m2: Vector, _ m3: Vector, _ m4: Vector, _ m5: Vector, _ m6: Vector, _ m7: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let a = m1 + m2
  let b = m1 - m2
  let c = m3 + m4
  let d = m3 - m4
  let e = m5 + m6
  let f = m5 - m6
  return (
    m0 + a + c + e,
    multiplyAdd(Vector(repeating: 0.5), f, multiplyAdd(Vector(repeating: 2), d, b)),
    multiplyAdd(Vector(repeating: 0.25), e, multiplyAdd(Vector(repeating: 4), c, a)),
    multiplyAdd(Vector(repeating: 0.125), f, multiplyAdd(Vector(repeating: 8), d, b)),
    multiplyAdd(Vector(repeating: 0.0625), e, multiplyAdd(Vector(repeating: 16), c, a)),
    multiplyAdd(Vector(repeating: 0.03125), f, multiplyAdd(Vector(repeating: 32), d, b)) + m7
  )
}

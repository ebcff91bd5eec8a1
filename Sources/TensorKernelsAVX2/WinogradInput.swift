import CProcessor

/// The input transform Bᵀ d B of F(4x4, 3x3) (Lavin and Gray 2016, interpolation at 0, ±1, ±2, ∞)
/// for `tileCount` tiles from `firstTile` on, counted row by row through all pictures.
///
/// - Parameters:
///   - image: Shape: [batch, height, width, channels], Float32.
///   - v: Where `firstTile` is written. Tiles are `vRow` elements apart, groups of sixteen channels `vGroup`, the 36
///     planes `vPlane`. Whole vectors are written: channels that the last one adds become zero.
///   - scratch: `winogradInputScratch` elements.
@inline(never)
package func winogradInput(
  image: UnsafePointer<Float>, height: Int, width: Int, channels: Int, top: Int, left: Int,
  tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
  v: UnsafeMutablePointer<Float>, vRow: Int, vGroup: Int, vPlane: Int, scratch: UnsafeMutablePointer<Float>
) {
  let columns = scratch
  let patch = scratch + 36 * vectorWidth
  var tile = firstTile
  var target = v
  while tile < firstTile + tileCount {
    let inPicture = tile % (tilesDown * tilesAcross)
    let picture = image + tile / (tilesDown * tilesAcross) * height * width * channels
    let y = inPicture / tilesAcross * 4 - top
    let x = inPicture % tilesAcross * 4 - left
    if channels % vectorWidth == 0 && y >= 0 && x >= 0 && y + 6 <= height && x + 6 <= width {
      transformPatch(
        picture + (y * width + x) * channels, width * channels, channels, channels, target, vGroup, vPlane, columns)
    } else {
      var channel = 0
      while channel < channels {
        let count = min(winogradPatchChannels, channels - channel)
        let padded = (count + vectorWidth - 1) / vectorWidth * vectorWidth
        copyPatch(6, picture + channel, height, width, channels, y, x, count, padded, patch)
        transformPatch(
          patch, 6 * padded, padded, padded, target + channel / panelWidth * vGroup, vGroup, vPlane, columns)
        channel += count
      }
    }
    target += vRow
    tile += 1
  }
}

/// Channels of an edge tile that are copied at a time: 64 x 64 elements stay in the first cache.
let winogradPatchChannels = 64

/// Elements of scratch memory that `winogradInput` needs.
package let winogradInputScratch = 36 * panelWidth + 36 * 64

/// `size` by `size` pixels around an edge, zero outside of the picture and in channels added by rounding.
@inline(__always)
func copyPatch(
  _ size: Int, _ picture: UnsafePointer<Float>, _ height: Int, _ width: Int, _ channels: Int, _ y: Int, _ x: Int,
  _ count: Int, _ padded: Int, _ patch: UnsafeMutablePointer<Float>
) {
  var target = patch
  var i = 0
  while i < size {
    var j = 0
    while j < size {
      let row = y + i
      let column = x + j
      var channel = 0
      if row >= 0 && column >= 0 && row < height && column < width {
        let source = picture + (row * width + column) * channels
        while channel + vectorWidth <= count {
          store(load(source + channel), target + channel)
          channel += vectorWidth
        }
        if channel < count { store(loadPartial(source + channel, count - channel), target + channel) }
      } else {
        while channel < padded {
          store(Vector(), target + channel)
          channel += vectorWidth
        }
      }
      target += padded
      j += 1
    }
    i += 1
  }
}

@inline(__always)
private func transformPatch(
  _ source: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int, _ channels: Int,
  _ target: UnsafeMutablePointer<Float>, _ group: Int, _ plane: Int, _ columns: UnsafeMutablePointer<Float>
) {
  let line = 6 * vectorWidth
  var channel = 0
  while channel < channels {
    var p = source + channel
    var q = columns
    var j = 0
    while j < 6 {
      let r = inputPolynomial(
        load(p), load(p + rowStride), load(p + 2 * rowStride), load(p + 3 * rowStride), load(p + 4 * rowStride),
        load(p + 5 * rowStride))
      store(r.0, q)
      store(r.1, q + line)
      store(r.2, q + 2 * line)
      store(r.3, q + 3 * line)
      store(r.4, q + 4 * line)
      store(r.5, q + 5 * line)
      // The next tile's new pixels, a cache line each: these are too many short streams for the processor to foresee.
      if channel & 8 == 0 {
        nefro_processor_prefetch_near(p + 4 * columnStride + 2 * rowStride)
        nefro_processor_prefetch_near(p + 4 * columnStride + 3 * rowStride)
        nefro_processor_prefetch_near(p + 4 * columnStride + 4 * rowStride)
        nefro_processor_prefetch_near(p + 4 * columnStride + 5 * rowStride)
      }
      p += columnStride
      q += vectorWidth
      j += 1
    }
    var out = target + channel / panelWidth * group + channel % panelWidth
    q = columns
    var i = 0
    while i < 6 {
      let r = inputPolynomial(
        load(q), load(q + vectorWidth), load(q + 2 * vectorWidth), load(q + 3 * vectorWidth),
        load(q + 4 * vectorWidth), load(q + 5 * vectorWidth))
      store(r.0, out)
      store(r.1, out + plane)
      store(r.2, out + 2 * plane)
      store(r.3, out + 3 * plane)
      store(r.4, out + 4 * plane)
      store(r.5, out + 5 * plane)
      out += 6 * plane
      q += line
      i += 1
    }
    channel += vectorWidth
  }
}

/// One column of Bᵀ d.
@inline(__always)
private func inputPolynomial(
  _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector, _ d5: Vector
) -> (Vector, Vector, Vector, Vector, Vector, Vector) {
  let minusFour = Vector(repeating: -4)
  let minusFive = Vector(repeating: -5)
  let four = Vector(repeating: 4)
  let two = Vector(repeating: 2)
  let even = multiplyAdd(minusFour, d2, d4)
  let odd = multiplyAdd(minusFour, d1, d3)
  let evenOuter = d4 - d2
  let oddOuter = two * (d3 - d1)
  return (
    multiplyAdd(four, d0, multiplyAdd(minusFive, d2, d4)), even + odd, even - odd,
    evenOuter + oddOuter, evenOuter - oddOuter,
    multiplyAdd(four, d1, multiplyAdd(minusFive, d3, d5))
  )
}

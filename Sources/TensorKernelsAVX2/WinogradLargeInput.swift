import CProcessor

/// The input transform Bᵀ d B of F(6x6, 3x3) (Lavin and Gray 2016, interpolation at 0, ±1, ±2, ±1/2, ∞): see
/// `winogradInput`.
///
/// - Parameters:
///   - v: As for `winogradInput`, with 64 planes.
///   - scratch: `winogradLargeInputScratch` elements.
@inline(never)
package func winogradLargeInput(
  image: UnsafePointer<Float>, height: Int, width: Int, channels: Int, top: Int, left: Int,
  tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
  v: UnsafeMutablePointer<Float>, vRow: Int, vGroup: Int, vPlane: Int, scratch: UnsafeMutablePointer<Float>
) {
  let columns = scratch
  let patch = scratch + 64 * vectorWidth
  var tile = firstTile
  var target = v
  while tile < firstTile + tileCount {
    let inPicture = tile % (tilesDown * tilesAcross)
    let picture = image + tile / (tilesDown * tilesAcross) * height * width * channels
    let y = inPicture / tilesAcross * 6 - top
    let x = inPicture % tilesAcross * 6 - left
    if channels % vectorWidth == 0 && y >= 0 && x >= 0 && y + 8 <= height && x + 8 <= width {
      transformPatch(
        picture + (y * width + x) * channels, width * channels, channels, channels, target, vGroup, vPlane, columns)
    } else {
      var channel = 0
      while channel < channels {
        let count = min(winogradPatchChannels, channels - channel)
        let padded = (count + vectorWidth - 1) / vectorWidth * vectorWidth
        copyPatch(8, picture + channel, height, width, channels, y, x, count, padded, patch)
        transformPatch(
          patch, 8 * padded, padded, padded, target + channel / panelWidth * vGroup, vGroup, vPlane, columns)
        channel += count
      }
    }
    target += vRow
    tile += 1
  }
}

/// Elements of scratch memory that `winogradLargeInput` needs.
package let winogradLargeInputScratch = 64 * panelWidth + 64 * 64

@inline(__always)
private func transformPatch(
  _ source: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int, _ channels: Int,
  _ target: UnsafeMutablePointer<Float>, _ group: Int, _ plane: Int, _ columns: UnsafeMutablePointer<Float>
) {
  let line = 8 * vectorWidth
  var channel = 0
  while channel < channels {
    var p = source + channel
    var q = columns
    var j = 0
    while j < 8 {
      transformLine(p, rowStride, q, line)
      // The next tile's new pixels, a cache line each.
      if channel & 8 == 0 && j > 1 {
        let next = p + 6 * columnStride
        nefro_processor_prefetch_near(next + 2 * rowStride)
        nefro_processor_prefetch_near(next + 3 * rowStride)
        nefro_processor_prefetch_near(next + 4 * rowStride)
        nefro_processor_prefetch_near(next + 5 * rowStride)
        nefro_processor_prefetch_near(next + 6 * rowStride)
        nefro_processor_prefetch_near(next + 7 * rowStride)
      }
      p += columnStride
      q += vectorWidth
      j += 1
    }
    var out = target + channel / panelWidth * group + channel % panelWidth
    q = columns
    var i = 0
    while i < 8 {
      transformLine(q, vectorWidth, out, plane)
      out += 8 * plane
      q += line
      i += 1
    }
    channel += vectorWidth
  }
}

/// One column of Bᵀ d: eight values `step` elements apart, their transforms `stride` elements apart.
@inline(__always)
private func transformLine(
  _ d: UnsafePointer<Float>, _ step: Int, _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let d0 = load(d)
  let d1 = load(d + step)
  let d2 = load(d + 2 * step)
  let d3 = load(d + 3 * step)
  let d4 = load(d + 4 * step)
  let d5 = load(d + 5 * step)
  let d6 = load(d + 6 * step)
  let d7 = load(d + 7 * step)
  let two = Vector(repeating: 2)
  let half = Vector(repeating: 0.5)
  let ends = Vector(repeating: 5.25)
  let unit = Vector(repeating: -4.25)
  let five = Vector(repeating: -5)
  let four = Vector(repeating: 4)
  let fiveQuarters = Vector(repeating: -1.25)
  let quarter = Vector(repeating: 0.25)
  store(multiplyAdd(ends, d4 - d2, d0 - d6), target)
  let even = multiplyAdd(unit, d4, d2 + d6)
  let odd = multiplyAdd(unit, d3, d1 + d5)
  store(even + odd, target + stride)
  store(even - odd, target + 2 * stride)
  let outerEven = multiplyAdd(quarter, d2, multiplyAdd(fiveQuarters, d4, d6))
  let outerOdd = two * multiplyAdd(quarter, d1, multiplyAdd(fiveQuarters, d3, d5))
  store(outerEven + outerOdd, target + 3 * stride)
  store(outerEven - outerOdd, target + 4 * stride)
  let innerEven = multiplyAdd(four, d2, multiplyAdd(five, d4, d6))
  let innerOdd = half * multiplyAdd(four, d1, multiplyAdd(five, d3, d5))
  store(innerEven + innerOdd, target + 5 * stride)
  store(innerEven - innerOdd, target + 6 * stride)
  store(multiplyAdd(ends, d3 - d5, d7 - d1), target + 7 * stride)
}

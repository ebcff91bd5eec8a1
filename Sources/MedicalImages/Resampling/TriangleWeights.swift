/// The weights of Pillow's BILINEAR along one axis (`precompute_coeffs` and `normalize_coeffs_8bpc` in Resample.c), as
/// fixed-point numbers of 22 fractional bits.
struct TriangleWeights {
  /// Fractional bits: 32 less the 8 of a pixel and 2 to spare.
  static let fractionalBits: Int32 = 22

  /// For each target pixel, the first source pixel that counts.
  let starts: [Int]
  /// For each target pixel, how many count.
  let counts: [Int]
  /// Shape: [target pixels, span]; unused places are 0.
  let weights: [Int32]
  /// The greatest number of source pixels of one target pixel.
  let span: Int

  init(from count: Int, to newCount: Int) {
    let scale = Double(count) / Double(newCount)
    let support = max(scale, 1)
    let inverse = 1 / support
    let span = Int(support.rounded(.up)) * 2 + 1
    var starts: [Int] = []
    var counts: [Int] = []
    var weights = [Int32](repeating: 0, count: newCount * span)
    var exact = [Double](repeating: 0, count: span)
    for target in 0..<newCount {
      let center = (Double(target) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let used = min(count, Int(center + support + 0.5)) - first
      var sum = 0.0
      for index in 0..<used {
        let distance = abs((Double(index + first) - center + 0.5) * inverse)
        exact[index] = distance < 1 ? 1 - distance : 0
        sum += exact[index]
      }
      for index in 0..<used {
        let weight = sum == 0 ? exact[index] : exact[index] / sum
        weights[target * span + index] = Int32(0.5 + weight * Double(1 << Self.fractionalBits))
      }
      starts.append(first)
      counts.append(used)
    }
    self.starts = starts
    self.counts = counts
    self.weights = weights
    self.span = span
  }
}

import Foundation

/// A filter of Pillow's (Resample.c), by its distance from the target's centre in source pixels.
enum ResamplingFilter {
  /// BILINEAR: a triangle.
  case triangle
  /// LANCZOS: sin(πx) / πx, windowed by sin(πx/3) / (πx/3), three lobes to a side.
  case lanczos

  /// Beyond this distance it is zero.
  var support: Double {
    switch self {
    case .triangle: 1
    case .lanczos: 3
    }
  }

  func value(at place: Double) -> Double {
    switch self {
    case .triangle:
      let distance = abs(place)
      return distance < 1 ? 1 - distance : 0
    case .lanczos:
      return -3 <= place && place < 3 ? Self.sinc(place) * Self.sinc(place / 3) : 0
    }
  }

  private static func sinc(_ place: Double) -> Double {
    if place == 0 { return 1 }
    let angle = place * Double.pi
    return sin(angle) / angle
  }
}

/// The weights of a filter of Pillow's along one axis (`precompute_coeffs` and `normalize_coeffs_8bpc` in Resample.c), as
/// fixed-point numbers of 22 fractional bits.
struct FilterWeights {
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

  init(_ filter: ResamplingFilter, from count: Int, to newCount: Int) {
    let scale = Double(count) / Double(newCount)
    let widening = max(scale, 1)
    let support = filter.support * widening
    let inverse = 1 / widening
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
        exact[index] = filter.value(at: (Double(index + first) - center + 0.5) * inverse)
        sum += exact[index]
      }
      for index in 0..<used {
        let weight = sum == 0 ? exact[index] : exact[index] / sum
        // Rounded away from zero, as C's cast does after the half is added.
        weights[target * span + index] = Int32((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << Self.fractionalBits))
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

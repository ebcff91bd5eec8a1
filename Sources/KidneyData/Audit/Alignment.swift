import Foundation

/// Lays one square of values over another: each axis may be stretched and shifted, as after a crop.
///
/// Coordinates run from -1 to 1 over the square's pixel centres; a point (x, y) of the first lies at
/// (scaleX * x + shiftX, scaleY * y + shiftY) of the second.
struct Alignment: Sendable {
  var scaleX: Float = 1
  var shiftX: Float = 0
  var scaleY: Float = 1
  var shiftY: Float = 0

  /// Where both sides were cut by a share; negative for a second picture that was cut.
  static func inset(_ share: Float) -> Alignment {
    let scale = share >= 0 ? 1 - 2 * share : 1 / (1 + 2 * share)
    return Alignment(scaleX: scale, scaleY: scale)
  }

  /// More than a small crop is no copy any more.
  var isSmall: Bool {
    abs(scaleX - 1) <= 0.2 && abs(scaleY - 1) <= 0.2 && abs(shiftX) <= 0.2 && abs(shiftY) <= 0.2
  }

  /// Improves the alignment and tells the correlation where the squares overlap.
  ///
  /// Gauss-Newton on the squared difference with a free gain (Lucas and Kanade 1981; Baker and Matthews, "Lucas-Kanade
  /// 20 Years On", 2004, for scale and shift).
  ///
  /// - Parameters:
  ///   - first, second: shape [side, side], zero mean.
  ///   - iterations: 0 only measures.
  /// - Returns: the correlation, -1…1; 0 for squares without structure or with too small an overlap.
  mutating func refine(_ first: [Float], _ second: [Float], side: Int, iterations: Int) -> Float {
    var best = self
    var bestCorrelation: Float = -1
    for step in 0...iterations {
      let sums = Sums(first, second, side: side, at: self, withGradient: step < iterations)
      let correlation = sums.correlation
      if correlation > bestCorrelation { (best, bestCorrelation) = (self, correlation) }
      guard step < iterations, let change = sums.change else { break }
      scaleX += change[0]
      shiftX += change[1]
      scaleY += change[2]
      shiftY += change[3]
      guard isSmall else { break }
    }
    self = best
    return max(bestCorrelation, 0)
  }
}

/// What one pass over two squares gathers.
private struct Sums {
  private(set) var correlation: Float = 0
  /// The improvement of scale and shift, x before y; nil where it cannot be told.
  private(set) var change: [Float]?

  init(_ first: [Float], _ second: [Float], side: Int, at place: Alignment, withGradient: Bool) {
    let half = Float(side - 1) / 2
    // Column places are the same in each row.
    var columns = [Int32](repeating: -1, count: side)
    var fractions = [Float](repeating: 0, count: side)
    for column in 0..<side {
      let x = (place.scaleX * (Float(column) / half - 1) + place.shiftX + 1) * half
      guard x >= 0, x < Float(side - 1) else { continue }
      columns[column] = Int32(x)
      fractions[column] = x - Float(Int(x))
    }
    guard let left = columns.firstIndex(where: { $0 >= 0 }), let right = columns.lastIndex(where: { $0 >= 0 }) else {
      return
    }
    var (aa, bb, ab): (Float, Float, Float) = (0, 0, 0)
    var used = 0
    // Sums of products with the gradients: with the first picture's values, with the second's, with each other.
    var withFirst = SIMD4<Float>.zero
    var withSecond = SIMD4<Float>.zero
    var (h0, h1, h2, h3) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for row in 0..<side {
          let y = Float(row) / half - 1
          let target = (place.scaleY * y + place.shiftY + 1) * half
          guard target >= 0, target < Float(side - 1) else { continue }
          let top = Int(target)
          let fy = target - Float(top)
          for column in left...right {
            let start = top * side + Int(columns[column])
            let fx = fractions[column]
            let (p, q) = (second[start], second[start + 1])
            let (r, s) = (second[start + side], second[start + side + 1])
            let upper = p + fx * (q - p)
            let lower = r + fx * (s - r)
            let b = upper + fy * (lower - upper)
            let a = first[row * side + column]
            aa += a * a
            bb += b * b
            ab += a * b
            if withGradient {
              let gx = (q - p) + fy * ((s - r) - (q - p))
              let gy = lower - upper
              let x = Float(column) / half - 1
              let gradient = SIMD4<Float>(gx * x, gx, gy * y, gy)
              withFirst += gradient * a
              withSecond += gradient * b
              h0 += gradient * gradient[0]
              h1 += gradient * gradient[1]
              h2 += gradient * gradient[2]
              h3 += gradient * gradient[3]
            }
          }
          used += right - left + 1
        }
      }
    }
    guard aa > 0, bb > 0, Float(used) > 0.6 * Float(side * side) else { return }
    correlation = ab / (aa * bb).squareRoot()
    guard withGradient, ab > 0 else { return }
    let gain = ab / bb
    // gain * gradient is the Jacobian; a pixel is 1 / half of the coordinates.
    guard let solved = Self.solve([h0, h1, h2, h3], withFirst - gain * withSecond) else { return }
    change = solved.map { $0 / (gain * half) }
  }

  /// Gaussian elimination with pivots.
  private static func solve(_ rows: [SIMD4<Float>], _ right: SIMD4<Float>) -> [Float]? {
    var matrix = (0..<4).map { row in (0..<4).map { Double(rows[row][$0]) } + [Double(right[row])] }
    for column in 0..<4 { matrix[column][column] *= 1 + 1e-6 }
    for pivot in 0..<4 {
      let best = (pivot..<4).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }!
      guard abs(matrix[best][pivot]) > 1e-9 else { return nil }
      matrix.swapAt(pivot, best)
      for row in 0..<4 where row != pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot..<5 { matrix[row][column] -= factor * matrix[pivot][column] }
      }
    }
    return (0..<4).map { Float(matrix[$0][4] / matrix[$0][$0]) }
  }
}

extension Flip {
  /// A square seen in this mirror. Shape: [side, side].
  func applied(to values: [Float], side: Int) -> [Float] {
    guard self != .none else { return values }
    var result = values
    for row in 0..<side {
      let from = (isVertical ? side - 1 - row : row) * side
      for column in 0..<side { result[row * side + column] = values[from + (isHorizontal ? side - 1 - column : column)] }
    }
    return result
  }
}

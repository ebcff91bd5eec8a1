import TensorKernels

/// The inner products of rows with each other, in double precision: in single precision their matrix would have
/// eigenvalues below zero, and a fit with a small penalty would follow those.
package struct GramMatrix: Sendable {
  /// Of the rows.
  let count: Int
  /// Shape: [rows, rows], Double, symmetric.
  var values: [Double]

  /// Features that are multiplied at a time: 48 rows of them stay in the second cache.
  private static let block = 512
  /// Rows of a tile.
  private static let tile = 24

  /// - Parameters:
  ///   - rows: Shape: [rows, features], Float32.
  ///   - centre: what is taken off every row.
  package init(rows: [Float], features: Int, centre: [Double], pool: ThreadPool) {
    let count = rows.count / features
    let tiles = (count + Self.tile - 1) / Self.tile
    // One half suffices: the tiles on and below the diagonal.
    let places = (0..<tiles).flatMap { i in (0...i).map { (i, $0) } }
    // Rows and features that fill up the last tile and the last step are zero.
    let padded = tiles * Self.tile
    var piece = [Double](repeating: 0, count: padded * Self.block)
    var products = [Double](repeating: 0, count: padded * padded)
    var start = 0
    while start < features {
      let width = min(Self.block, features - start)
      piece.withUnsafeMutableBufferPointer { piece in
        rows.withUnsafeBufferPointer { rows in
          if width < Self.block { piece.update(repeating: 0) }
          for row in 0..<count {
            let source = rows.baseAddress! + row * features + start
            for feature in 0..<width { piece[row * Self.block + feature] = Double(source[feature]) - centre[start + feature] }
          }
        }
      }
      piece.withUnsafeBufferPointer { piece in
        products.withUnsafeMutableBufferPointer { products in
          guard let source = piece.baseAddress, let target = products.baseAddress else { return }
          pool.run(count: places.count) { index, _ in
            let (i, j) = places[index]
            Self.addTile(rows: i * Self.tile, columns: j * Self.tile, of: source, to: target, stride: padded)
          }
        }
      }
      start += width
    }
    var values = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        values[row * count + column] = products[max(row, column) * padded + min(row, column)]
      }
    }
    self.count = count
    self.values = values
  }

  /// - Parameter values: Shape: [rows, rows].
  init(count: Int, values: [Double]) {
    precondition(values.count == count * count, "a square matrix")
    self.count = count
    self.values = values
  }

  /// Adds the products of a tile's rows, two by four at a time.
  private static func addTile(
    rows: Int, columns: Int, of piece: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, stride: Int
  ) {
    for row in Swift.stride(from: rows, to: rows + tile, by: 2) {
      let (a, b) = (piece + row * block, piece + (row + 1) * block)
      for column in Swift.stride(from: columns, to: columns + tile, by: 4) {
        let (c, d, e, f) = (
          piece + column * block, piece + (column + 1) * block, piece + (column + 2) * block, piece + (column + 3) * block
        )
        var (ac, ad, ae, af) = (Pair(), Pair(), Pair(), Pair())
        var (bc, bd, be, bf) = (Pair(), Pair(), Pair(), Pair())
        var place = 0
        while place < block {
          let (first, second) = (pair(a + place), pair(b + place))
          var other = pair(c + place)
          ac += first * other
          bc += second * other
          other = pair(d + place)
          ad += first * other
          bd += second * other
          other = pair(e + place)
          ae += first * other
          be += second * other
          other = pair(f + place)
          af += first * other
          bf += second * other
          place += 2
        }
        let (upper, lower) = (target + row * stride + column, target + (row + 1) * stride + column)
        for (offset, sum) in [ac, ad, ae, af].enumerated() { upper[offset] += sum.sum() }
        for (offset, sum) in [bc, bd, be, bf].enumerated() { lower[offset] += sum.sum() }
      }
    }
  }

  private typealias Pair = SIMD2<Double>

  @inline(__always) private static func pair(_ start: UnsafePointer<Double>) -> Pair {
    UnsafeRawPointer(start).loadUnaligned(as: Pair.self)
  }
}

/// The mean of each feature.
func columnMeans(of rows: [Float], features: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: features)
  let count = rows.count / features
  rows.withUnsafeBufferPointer { rows in
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<count {
        for feature in 0..<features { sums[feature] += Double(rows[row * features + feature]) }
      }
    }
  }
  return sums.map { $0 / Double(max(1, count)) }
}

/// - Throws: `LogisticRegressionError` for rows of another number or length, or a number that is not finite.
func checkRows(_ rows: [Float], count: Int, features: Int) throws {
  guard features >= 1, rows.count == count * features else {
    throw LogisticRegressionError.differentLengths(rows: rows.count, labels: count, features: features)
  }
  if let place = rows.firstIndex(where: { !$0.isFinite }) {
    throw LogisticRegressionError.notFinite(row: place / features, feature: place % features)
  }
}

/// Eigenvalues and eigenvectors of a symmetric matrix, by Householder's tridiagonalisation and the implicit QL iteration
/// (Golub and Van Loan, Matrix Computations, 8.3). Double; deterministic.
package struct SymmetricEigen {
  /// Falling.
  package let values: [Double]
  /// One a row, in the order of the values, each of length 1. Shape: [size, size].
  package let vectors: [Double]
  let size: Int

  /// An eigenvalue was not found in so many rounds, which numbers that are not finite can cause.
  package struct NotConverged: Error, Equatable {
    package var rounds: Int

    package init(rounds: Int) { self.rounds = rounds }
  }

  /// - Parameters:
  ///   - matrix: row-major; only its symmetric part's lower triangle is read. Shape: [size, size], finite.
  ///   - rounds: of the iteration at most, for one eigenvalue; two or three are usual.
  /// - Throws: `NotConverged` where that is not enough.
  package init(_ matrix: [Double], size: Int, rounds: Int = 60) throws(NotConverged) {
    precondition(matrix.count == size * size && size > 0, "a matrix has size x size numbers")
    var basis = matrix
    var diagonal = [Double](repeating: 0, count: size)
    var beside = diagonal
    let hasConverged = basis.withUnsafeMutableBufferPointer { basis in
      Self.tridiagonalize(basis.baseAddress!, &diagonal, &beside, size)
      return Self.iterate(basis.baseAddress!, &diagonal, &beside, size, most: rounds)
    }
    guard hasConverged else { throw NotConverged(rounds: rounds) }
    let order = (0..<size).sorted { diagonal[$0] == diagonal[$1] ? $0 < $1 : diagonal[$0] > diagonal[$1] }
    values = order.map { diagonal[$0] }
    vectors = order.flatMap { row in basis[row * size..<(row + 1) * size] }
    self.size = size
  }

  /// Leaves the tridiagonal matrix in `diagonal` and `beside` (its element i beside i and i + 1), and in `a` the
  /// orthogonal rows in which it is that.
  private static func tridiagonalize(
    _ a: UnsafeMutablePointer<Double>, _ diagonal: inout [Double], _ beside: inout [Double], _ n: Int
  ) {
    // Step k clears column k below the place next to the diagonal with I - 2 v v'; v is kept in that column.
    var product = [Double](repeating: 0, count: n)
    var v = product
    for k in 0..<max(0, n - 2) {
      var square = 0.0
      for i in k + 1..<n { square += a[i * n + k] * a[i * n + k] }
      let head = a[(k + 1) * n + k]
      let length = square.squareRoot()
      guard length > 0, square > head * head else {
        // Nothing to clear.
        for i in k + 2..<n { a[i * n + k] = 0 }
        beside[k] = head
        a[(k + 1) * n + k] = 0
        continue
      }
      let target = head > 0 ? -length : length
      beside[k] = target
      for i in k + 1..<n { v[i] = a[i * n + k] }
      v[k + 1] = head - target
      var norm = 0.0
      for i in k + 1..<n { norm += v[i] * v[i] }
      let scale = 1 / norm.squareRoot()
      for i in k + 1..<n { v[i] *= scale }
      // A' = A - 2 v w' - 2 w v', with w = A v - (v'A v) v.
      for i in k + 1..<n { product[i] = 0 }
      for i in k + 1..<n {
        let row = a + i * n
        var sum = 0.0
        let own = v[i]
        for j in k + 1..<i {
          sum += row[j] * v[j]
          product[j] += row[j] * own
        }
        product[i] += sum + row[i] * own
      }
      var overlap = 0.0
      for i in k + 1..<n { overlap += v[i] * product[i] }
      for i in k + 1..<n { product[i] -= overlap * v[i] }
      for i in k + 1..<n {
        let row = a + i * n
        let (left, right) = (2 * v[i], 2 * product[i])
        for j in k + 1...i { row[j] -= left * product[j] + right * v[j] }
      }
      for i in k + 1..<n { a[i * n + k] = v[i] }
    }
    for i in 0..<n { diagonal[i] = a[i * n + i] }
    if n > 1 { beside[n - 2] = a[(n - 1) * n + n - 2] }
    gatherRows(a, n)
  }

  /// Multiplies the reflections whose vectors stand in the columns of `a`, from the last to the first; row i of the result
  /// is the direction of the tridiagonal matrix's row i.
  private static func gatherRows(_ a: UnsafeMutablePointer<Double>, _ n: Int) {
    var basis = [Double](repeating: 0, count: n * n)
    basis.withUnsafeMutableBufferPointer { q in
      let q = q.baseAddress!
      for i in 0..<n { q[i * n + i] = 1 }
      guard n > 2 else { return }
      var v = [Double](repeating: 0, count: n)
      for k in stride(from: n - 3, through: 0, by: -1) {
        for j in k + 1..<n { v[j] = a[j * n + k] }
        for i in k + 1..<n {
          let row = q + i * n
          var sum = 0.0
          for j in k + 1..<n { sum += row[j] * v[j] }
          sum *= 2
          for j in k + 1..<n { row[j] -= sum * v[j] }
        }
      }
    }
    for index in 0..<n * n { a[index] = basis[index] }
  }

  /// Turns the tridiagonal matrix into a diagonal one by plane rotations, which the rows of `q` follow.
  ///
  /// - Returns: whether every eigenvalue was found in `most` rounds, to rounding of the largest one.
  private static func iterate(
    _ q: UnsafeMutablePointer<Double>, _ d: inout [Double], _ e: inout [Double], _ n: Int, most: Int
  ) -> Bool {
    var start = 0
    var rounds = 0
    // Of a matrix without full rank both neighbours may be zero but for rounding.
    let largest = d.map(abs).max() ?? 0
    let (tiny, rounding) = (1e-18 * largest, 4 * Double.ulpOfOne * largest)
    while start < n {
      // The first place from here whose neighbour is as good as zero ends a block.
      var end = start
      while end < n - 1, abs(e[end]) > 1e-16 * (abs(d[end]) + abs(d[end + 1])) + tiny { end += 1 }
      if end == start {
        e[start] = 0
        start += 1
        rounds = 0
        continue
      }
      if rounds == most {
        // In what a matrix without full rank has of noise the neighbour can stay just above the bound for ever; as an
        // eigenvalue the place is then as good as any.
        guard abs(e[start]) <= rounding else { return false }
        e[start] = 0
        start += 1
        rounds = 0
        continue
      }
      rounds += 1
      // Wilkinson's shift from the block's upper end.
      let half = (d[start + 1] - d[start]) / (2 * e[start])
      let root = (half * half + 1).squareRoot()
      var g = d[end] - d[start] + e[start] / (half + (half < 0 ? -root : root))
      var (cosine, sine, shift) = (1.0, 1.0, 0.0)
      var broke = false
      for i in stride(from: end - 1, through: start, by: -1) {
        let f = sine * e[i]
        let b = cosine * e[i]
        let radius = (f * f + g * g).squareRoot()
        e[i + 1] = radius
        if radius == 0 {
          d[i + 1] -= shift
          e[end] = 0
          broke = true
          break
        }
        sine = f / radius
        cosine = g / radius
        g = d[i + 1] - shift
        let turned = (d[i] - g) * sine + 2 * cosine * b
        shift = sine * turned
        d[i + 1] = g + shift
        g = cosine * turned - b
        let (lower, upper) = (q + i * n, q + (i + 1) * n)
        for j in 0..<n {
          let kept = upper[j]
          upper[j] = sine * lower[j] + cosine * kept
          lower[j] = cosine * lower[j] - sine * kept
        }
      }
      if broke { continue }
      d[start] -= shift
      e[start] = g
      e[end] = 0
    }
    return true
  }
}

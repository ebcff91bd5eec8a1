/// C = A B, or C += A B, of row-major matrices; either operand may be given transposed.
///
/// A sum over `k` is split at fixed places (every 256 elements) and nowhere else, so the result does not
/// depend on threads, and a row of it does not depend on the other rows.
///
/// - Parameters:
///   - m: Rows of C.
///   - n: Columns of C.
///   - k: Columns of A, rows of B.
///   - a: Shape: [m, k], or [k, m] with `aTransposed`, Float32; its rows are `aRowStride` elements apart.
///   - b: Shape: [k, n], or [n, k] with `bTransposed`, Float32; its rows are `bRowStride` elements apart.
///   - c: Shape: [m, n], Float32; its rows are `cRowStride` elements apart.
///   - accumulate: Add to what is in C, else overwrite it.
public func matrixProduct(
  rows m: Int, columns n: Int, inner k: Int,
  a: UnsafePointer<Float>, aRowStride: Int, aTransposed: Bool,
  b: UnsafePointer<Float>, bRowStride: Int, bTransposed: Bool,
  c: UnsafeMutablePointer<Float>, cRowStride: Int, accumulate: Bool, pool: ThreadPool, path: KernelPath = .current
) {
  guard m > 0, n > 0 else { return }
  guard k > 0 else {
    if !accumulate {
      for row in 0..<m { (c + row * cRowStride).update(repeating: 0, count: n) }
    }
    return
  }
  MatrixProductRun(
    m: m, n: n, k: k, a: a, aRowStride: aRowStride, aTransposed: aTransposed, b: b, bRowStride: bRowStride,
    bTransposed: bTransposed, c: c, cRowStride: cRowStride, accumulate: accumulate, kernels: Kernels(path), pool: pool
  )()
}

private struct MatrixProductRun {
  let m: Int
  let n: Int
  let k: Int
  let a: UnsafePointer<Float>
  let aRowStride: Int
  let aTransposed: Bool
  let b: UnsafePointer<Float>
  let bRowStride: Int
  let bTransposed: Bool
  let c: UnsafeMutablePointer<Float>
  let cRowStride: Int
  let accumulate: Bool
  let kernels: Kernels
  let pool: ThreadPool

  /// Elements of the sum between two additions to C.
  private static let innerBlock = 256
  /// Panels that one piece of work packs: 256 x 128 elements stay in the second cache.
  private static let groupSize = 8
  /// Rows of A that are used with those panels before the next ones.
  private static let stripRows = 96

  func callAsFunction() {
    let panels = panelCount(n)
    let groups = (panels + Self.groupSize - 1) / Self.groupSize
    // As few pieces along the rows as keep all threads busy: each packs its own panels of B.
    let pieces = min((m + Self.stripRows - 1) / Self.stripRows, (4 * pool.threadCount + groups - 1) / groups)
    let pieceRows = (m + pieces - 1) / pieces
    let bCount = Self.innerBlock * Self.groupSize * panelWidth
    let aCount = aTransposed ? Self.innerBlock * Self.stripRows : 0
    ScratchMemory.with(count: (bCount + aCount) * pool.threadCount) { scratch in
      pool.run(count: groups * pieces) { index, worker in
        let firstPanel = index % groups * Self.groupSize
        let firstRow = index / groups * pieceRows
        let packedB = scratch + worker * (bCount + aCount)
        piece(
          panels: firstPanel..<min(firstPanel + Self.groupSize, panels),
          rows: firstRow..<max(firstRow, min(firstRow + pieceRows, m)),
          packedB, packedB + bCount)
      }
    }
  }

  private func piece(
    panels: Range<Int>, rows: Range<Int>, _ packedB: UnsafeMutablePointer<Float>, _ packedA: UnsafeMutablePointer<Float>
  ) {
    var start = 0
    while start < k {
      let length = min(Self.innerBlock, k - start)
      for panel in panels {
        packB(panel, start, length, into: packedB + (panel - panels.lowerBound) * length * panelWidth)
      }
      var row = rows.lowerBound
      while row < rows.upperBound {
        let count = min(Self.stripRows, rows.upperBound - row)
        var source = a + row * aRowStride + start
        if aTransposed {
          for i in 0..<length {
            (packedA + i * count).update(from: a + (start + i) * aRowStride + row, count: count)
          }
          source = UnsafePointer(packedA)
        }
        let first = panels.lowerBound * panelWidth
        kernels.panelProduct(
          rows: count, columns: min(panels.upperBound * panelWidth, n) - first,
          a: source, aRow: aTransposed ? 1 : aRowStride, aStep: aTransposed ? count : 1, segmentLength: length,
          b: packedB, bPanel: length * panelWidth,
          c: c + row * cRowStride + first, cRow: cRowStride, cPanel: panelWidth, accumulate: accumulate || start > 0)
        row += count
      }
      start += length
    }
  }

  private func packB(_ panel: Int, _ start: Int, _ length: Int, into target: UnsafeMutablePointer<Float>) {
    let first = panel * panelWidth
    let columns = min(panelWidth, n - first)
    if bTransposed {
      packTransposedPanel(
        b + first * bRowStride + start, columnStride: bRowStride, rows: length, columns: columns, into: target)
    } else {
      packPanel(b + start * bRowStride + first, rowStride: bRowStride, rows: length, columns: columns, into: target)
    }
  }
}

/// The sum of each column of a row-major matrix: a bias's gradient.
///
/// - Parameters:
///   - input: Shape: [rows, columns], Float32.
///   - output: Shape: [columns], Float32; overwritten.
public func columnSums(
  rows: Int, columns: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: ThreadPool
) {
  // Single precision for 256 rows, double for their sums: a long chain of additions would lose digits.
  let block = 256
  pool.run(count: (columns + 7) / 8) { index, _ in
    let lanes = min(8, columns - index * 8)
    var total = SIMD8<Double>()
    var row = 0
    while row < rows {
      var sum = Vector()
      for i in row..<min(row + block, rows) { sum += load(input + i * columns + index * 8, lanes) }
      total += SIMD8<Double>(sum)
      row += block
    }
    store(Vector(total), output + index * 8, lanes)
  }
}

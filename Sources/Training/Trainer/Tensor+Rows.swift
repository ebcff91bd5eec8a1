import NeuralNetworks

extension Tensor {
  /// One sample of a batch, copied. Shape: that of the batch without its first dimension.
  func row(_ index: Int) -> Tensor {
    let width = count / shape[0]
    return Tensor(
      shape: Array(shape.dropFirst()), values: withUnsafeValues { Array($0[index * width..<(index + 1) * width]) })
  }

  /// Samples of one shape as a batch, in order. Shape: `[rows] + shape of a row`.
  ///
  /// - Parameter rows: at least one.
  init(stacking rows: [Tensor]) {
    precondition(!rows.isEmpty && rows.allSatisfy { $0.shape == rows[0].shape }, "rows of one shape are stacked")
    self.init(shape: [rows.count] + rows[0].shape)
    let width = rows[0].count
    withUnsafeMutableValues { target in
      for (index, row) in rows.enumerated() {
        row.withUnsafeValues { source in
          _ = UnsafeMutableBufferPointer(rebasing: target[index * width..<(index + 1) * width]).update(from: source)
        }
      }
    }
  }

  /// The place of the largest value of each row, the first of equals. Shape: `[rows, columns]`.
  func largestOfRows() -> [Int] {
    let columns = shape[1]
    return withUnsafeValues { values in
      (0..<shape[0]).map { row in
        var best = 0
        for column in 1..<columns where values[row * columns + column] > values[row * columns + best] { best = column }
        return best
      }
    }
  }

  var isFinite: Bool { withUnsafeValues { $0.allSatisfy(\.isFinite) } }
}

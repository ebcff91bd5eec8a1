import NeuralNetworks

extension Tensor {
  /// One sample of a batch, copied. Shape: that of the batch without its first dimension.
  func row(_ index: Int) -> Tensor {
    let width = count / shape[0]
    var row = Tensor(shape: Array(shape.dropFirst()))
    row.withUnsafeMutableValues { row in
      withUnsafeValues { _ = row.update(fromContentsOf: $0[index * width..<(index + 1) * width]) }
    }
    return row
  }

  /// Overwrites one sample of a batch. Shape of `row`: that of the batch without its first dimension.
  mutating func setRow(_ index: Int, to row: Tensor) {
    let width = count / shape[0]
    precondition(row.count == width, "a row of \(row.shape) is none of \(shape)")
    withUnsafeMutableValues { target in
      row.withUnsafeValues { source in
        _ = UnsafeMutableBufferPointer(rebasing: target[index * width..<(index + 1) * width]).update(from: source)
      }
    }
  }

  var isFinite: Bool { withUnsafeValues { $0.allSatisfy(\.isFinite) } }
}

import TensorKernels

extension Tensor {
  /// The backward pass of a ReLU, in place on the gradient: zero where the ReLU's output is zero.
  ///
  /// - Parameter output: what the ReLU gave; its shape is this tensor's.
  mutating func maskWhereZero(_ output: Tensor, pool: ThreadPool) {
    precondition(output.count == count, "a ReLU's output and its gradient differ in shape: \(output.shape), \(shape)")
    output.withUnsafeValues { output in
      withUnsafeMutableValues { gradient in
        guard let start = gradient.baseAddress, let output = output.baseAddress else { return }
        reluGradient(
          output: output, outputGradient: start, inputGradient: start, count: gradient.count, pool: pool)
      }
    }
  }

  /// The sum over the rows of a tensor read as `[rows, columns]`, added up in double precision.
  ///
  /// - Returns: Shape: `[columns]`.
  func sumOverRows(columns: Int) -> Tensor {
    var sums = [Double](repeating: 0, count: columns)
    withUnsafeValues { values in
      for row in stride(from: 0, to: values.count, by: columns) {
        for column in 0..<columns { sums[column] += Double(values[row + column]) }
      }
    }
    return Tensor(shape: [columns], values: sums.map { Float($0) })
  }
}

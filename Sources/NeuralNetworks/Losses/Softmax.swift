#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The probabilities that logits stand for: `exp(x) / sum(exp(x))` over the last dimension, which cannot overflow, in
/// double precision.
///
/// - Parameter logits: Shape: `[batch, classes]`.
/// - Returns: Shape: `[batch, classes]`, 0...1; each row sums to 1. A row with NaN or only infinities is NaN.
public func softmax(_ logits: Tensor) -> Tensor {
  var probabilities = Tensor(uninitialized: logits.shape)
  let classes = logits.shape.last ?? 1
  guard classes > 0 else { return probabilities }
  logits.withUnsafeValues { logits in
    probabilities.withUnsafeMutableValues { probabilities in
      for start in stride(from: 0, to: logits.count, by: classes) {
        let row = softmax(logits[start..<start + classes])
        for (offset, probability) in row.enumerated() { probabilities[start + offset] = Float(probability) }
      }
    }
  }
  return probabilities
}

/// One row's probabilities, in double precision.
func softmax(_ row: Slice<UnsafeBufferPointer<Float>>) -> [Double] {
  let largest = Double(row.max() ?? 0)
  let exponentials = row.map { exp(Double($0) - largest) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

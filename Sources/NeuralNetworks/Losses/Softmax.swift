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
        let row = SoftmaxRow(UnsafeBufferPointer(rebasing: logits[start..<start + classes]))
        for index in 0..<classes { probabilities[start + index] = Float(row[index]) }
      }
    }
  }
  return probabilities
}

/// One row's probabilities, in double precision; each is computed when it is asked for, so nothing is allocated.
struct SoftmaxRow {
  private let logits: UnsafeBufferPointer<Float>
  private let largest: Double
  private let sum: Double

  /// - Parameter logits: must outlive this.
  init(_ logits: UnsafeBufferPointer<Float>) {
    self.logits = logits
    let largest = Double(logits.max() ?? 0)
    var sum = 0.0
    for logit in logits { sum += exp(Double(logit) - largest) }
    self.largest = largest
    self.sum = sum
  }

  subscript(index: Int) -> Double { exp(Double(logits[index]) - largest) / sum }
}

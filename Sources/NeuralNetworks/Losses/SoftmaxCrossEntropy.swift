#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Softmax and cross-entropy in one: Keras's `CategoricalCrossentropy` on the softmax of the logits.
///
/// With `y` the target (1 for the label; with smoothing `s` and `K` classes, `y (1 - s) + s / K`) and `p` the
/// probabilities, a sample's loss is `-sum(y log p)`, times the weight of its class. The batch's loss is the sum over
/// the samples divided by their number, as Keras does with class weights: not by the sum of the weights.
///
/// - The reported loss is clipped as in Keras: `p` is taken to lie in 1e-7...1 - 1e-7, so that one hopeless sample
///   costs 16.1 and not infinity.
/// - The gradient `weight (p - y) / batch` is that of the unclipped loss, as in Keras's compiled training, which goes
///   back to the logits: a hopeless sample still teaches.
public struct SoftmaxCrossEntropy: Sendable {
  /// One for each class, by label; nil is 1 for all.
  public let classWeights: [Float]?
  /// 0..<1.
  public let labelSmoothing: Float
  /// Keras's `epsilon()`.
  public static let clipping = 1e-7

  /// - Parameters:
  ///   - classWeights: finite and not negative.
  ///   - labelSmoothing: the share of a target that goes to all classes alike, 0..<1.
  public init(classWeights: [Float]? = nil, labelSmoothing: Float = 0) {
    precondition(labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing must be in 0..<1, not \(labelSmoothing)")
    precondition(
      classWeights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true, "class weights must be finite and not negative")
    self.classWeights = classWeights
    self.labelSmoothing = labelSmoothing
  }

  /// - Parameters:
  ///   - logits: Shape: `[batch, classes]`.
  ///   - labels: one for each row, 0..<classes.
  /// - Returns:
  ///   - loss: the mean over the batch.
  ///   - probabilities: Shape: `[batch, classes]`, 0...1.
  ///   - gradient: of the mean loss with respect to the logits. Shape: `[batch, classes]`.
  /// - Throws: `NeuralNetworkError` if the logits are no matrix, a label is missing or no class, the class weights are
  ///   not one for each class, or a logit is not finite, as happens when training diverges.
  public func evaluate(
    logits: Tensor, labels: [Int]
  ) throws -> (loss: Double, probabilities: Tensor, gradient: Tensor) {
    guard logits.shape.count == 2, logits.count > 0 else {
      throw NeuralNetworkError.networkInput(expected: "[batch, classes] for the loss", actual: logits.shape)
    }
    var probabilities = Tensor(uninitialized: logits.shape)
    var gradient = Tensor(uninitialized: logits.shape)
    let measure = try logits.withUnsafeValues { values in
      try probabilities.withUnsafeMutableValues { probabilities in
        try gradient.withUnsafeMutableValues { gradient in
          try evaluate(
            logits: values, classes: logits.shape[1], labels: labels, gradient: gradient, probabilities: probabilities)
        }
      }
    }
    return (measure.loss, probabilities, gradient)
  }

  /// What a batch's logits are worth.
  public struct Measure: Equatable, Sendable {
    /// The mean over the batch.
    public var loss: Double
    /// The samples whose label has the largest probability, the first of equals.
    public var correct: Int
  }

  /// The same in memory of the caller, with the same bits; nothing is allocated.
  ///
  /// - Parameters:
  ///   - logits: Shape: `[batch, classes]`.
  ///   - labels: one for each row, 0..<classes.
  ///   - gradient: gets the gradient of the mean loss with respect to the logits. Shape: `[batch, classes]`.
  ///   - probabilities: gets them, 0...1, unless nil. Shape: `[batch, classes]`.
  /// - Throws: as the other one; the gradient is undefined then.
  public func evaluate(
    logits: UnsafeBufferPointer<Float>, classes: Int, labels: [Int], gradient: UnsafeMutableBufferPointer<Float>,
    probabilities: UnsafeMutableBufferPointer<Float>? = nil
  ) throws -> Measure {
    let batch = logits.count / classes
    try check(logits, batch: batch, classes: classes, labels: labels)
    precondition(
      gradient.count == logits.count && (probabilities?.count ?? logits.count) == logits.count,
      "logits, gradient and probabilities have one shape")
    var measure = Measure(loss: 0, correct: 0)
    for (row, label) in labels.enumerated() {
      let start = row * classes
      let weight = Double(classWeights?[label] ?? 1)
      let softmax = SoftmaxRow(UnsafeBufferPointer(rebasing: logits[start..<start + classes]))
      var (best, bestProbability) = (0, -Float.infinity)
      for index in 0..<classes {
        let p = softmax[index]
        let y = target(isLabel: index == label, classes: classes)
        measure.loss -= weight * y * log(min(max(p, Self.clipping), 1 - Self.clipping))
        gradient[start + index] = Float(weight * (p - y) / Double(batch))
        probabilities?[start + index] = Float(p)
        if Float(p) > bestProbability { (best, bestProbability) = (index, Float(p)) }
      }
      if best == label { measure.correct += 1 }
    }
    measure.loss /= Double(batch)
    return measure
  }

  private func target(isLabel: Bool, classes: Int) -> Double {
    let smoothing = Double(labelSmoothing)
    return (isLabel ? 1 - smoothing : 0) + smoothing / Double(classes)
  }

  private func check(_ logits: UnsafeBufferPointer<Float>, batch: Int, classes: Int, labels: [Int]) throws {
    guard labels.count == batch else { throw NeuralNetworkError.labelCount(expected: batch, actual: labels.count) }
    if let weights = classWeights, weights.count != classes {
      throw NeuralNetworkError.settingOutOfRange(
        name: "The list of class weights", value: "\(weights.count) long", range: "\(classes) long, one for each class")
    }
    if let position = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw NeuralNetworkError.labelOutOfRange(label: labels[position], position: position, classes: classes)
    }
    if let position = logits.firstIndex(where: { !$0.isFinite }) {
      throw NeuralNetworkError.notFinite(what: "A logit", position: position)
    }
  }
}

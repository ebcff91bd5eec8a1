/// The learning rate of each step of a run.
public protocol LearningRateSchedule: Sendable {
  /// - Parameters:
  ///   - step: the number of steps done before, from 0.
  ///   - stepsPerEpoch: the number of batches of an epoch, at least 1.
  func rate(atStep step: Int, stepsPerEpoch: Int) -> Double
}

/// The same rate always.
public struct ConstantRate: LearningRateSchedule, Codable, Equatable {
  public let learningRate: Double

  public init(_ learningRate: Double) {
    self.learningRate = learningRate
  }

  public func rate(atStep step: Int, stepsPerEpoch: Int) -> Double { learningRate }
}

/// Multiplies the rate by `factor` after every `epochs` epochs (Keras's `ExponentialDecay` with `staircase`).
public struct StepDecay: LearningRateSchedule, Codable, Equatable {
  public let initialRate: Double
  public let factor: Double
  public let epochs: Int

  /// - Parameters:
  ///   - factor: above 0; 0.1 divides by ten.
  ///   - epochs: at least 1.
  public init(initialRate: Double, factor: Double, everyEpochs epochs: Int) {
    precondition(factor > 0, "the factor must be positive, not \(factor)")
    precondition(epochs >= 1, "a step cannot last \(epochs) epochs")
    self.initialRate = initialRate
    self.factor = factor
    self.epochs = epochs
  }

  public func rate(atStep step: Int, stepsPerEpoch: Int) -> Double {
    var rate = initialRate
    for _ in 0..<step / (epochs * stepsPerEpoch) { rate *= factor }
    return rate
  }
}

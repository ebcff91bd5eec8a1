/// Lowers the rate when the validation loss has stopped falling (Keras's `ReduceLROnPlateau` watching `val_loss`).
///
/// Give it the validation loss after each epoch. It is a value with its whole state in it: save it to go on after a
/// resume.
public struct ReduceOnPlateau: LearningRateSchedule, Codable, Equatable {
  /// The rate is multiplied by this, 0..<1.
  public let factor: Double
  /// Epochs without a better loss before the rate is lowered, at least 1.
  public let patience: Int
  /// A loss is better if it is lower than the best by more than this.
  public let minimumDelta: Double
  /// Epochs after a lowering in which nothing is counted.
  public let cooldown: Int
  public let minimumRate: Double

  /// The rate of the next epoch.
  public private(set) var learningRate: Double
  /// The lowest validation loss so far; nil before the first.
  public private(set) var bestLoss: Double?
  /// Epochs since then, or since the last lowering.
  public private(set) var epochsWaited = 0
  public private(set) var cooldownLeft = 0

  public init(
    initialRate: Double, factor: Double = 0.1, patience: Int = 10, minimumDelta: Double = 1e-4, cooldown: Int = 0,
    minimumRate: Double = 0
  ) {
    precondition((0..<1).contains(factor), "the factor must be in 0..<1, not \(factor)")
    precondition(patience >= 1 && cooldown >= 0, "patience \(patience) or cooldown \(cooldown) is too small")
    precondition(minimumDelta >= 0 && minimumRate >= 0, "minima must not be negative: \(minimumDelta), \(minimumRate)")
    self.factor = factor
    self.patience = patience
    self.minimumDelta = minimumDelta
    self.cooldown = cooldown
    self.minimumRate = minimumRate
    learningRate = initialRate
  }

  public func rate(atStep step: Int, stepsPerEpoch: Int) -> Double { learningRate }

  /// Takes note of an epoch's validation loss. A loss that is not a number is no better than any.
  ///
  /// - Returns: the rate of the next epoch.
  @discardableResult
  public mutating func record(validationLoss: Double) -> Double {
    if cooldownLeft > 0 { cooldownLeft -= 1 }
    if validationLoss < (bestLoss ?? .infinity) - minimumDelta {
      bestLoss = validationLoss
      epochsWaited = 0
    } else if cooldownLeft == 0 {
      epochsWaited += 1
      if epochsWaited >= patience, learningRate > minimumRate {
        learningRate = max(learningRate * factor, minimumRate)
        cooldownLeft = cooldown
        epochsWaited = 0
      }
    }
    return learningRate
  }
}

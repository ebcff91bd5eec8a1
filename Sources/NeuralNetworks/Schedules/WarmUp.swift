/// Raises the rate in a straight line before another schedule begins (as the warm-up of Keras's `CosineDecay`).
///
/// Step `s` of the warm-up has the rate `start + (target - start) s / steps`, where the target is what the other
/// schedule begins with; that one counts its steps from the end of the warm-up.
public struct WarmUp<Base: LearningRateSchedule>: LearningRateSchedule {
  public let base: Base
  public let steps: Int
  /// The rate of the very first step.
  public let initialRate: Double

  /// - Parameters:
  ///   - steps: how long it lasts, 0 or more.
  ///   - initialRate: the rate it begins with.
  public init(steps: Int, from initialRate: Double = 0, then base: Base) {
    precondition(steps >= 0, "a warm-up cannot last \(steps) steps")
    self.base = base
    self.steps = steps
    self.initialRate = initialRate
  }

  public func rate(atStep step: Int, stepsPerEpoch: Int) -> Double {
    guard step < steps else { return base.rate(atStep: step - steps, stepsPerEpoch: stepsPerEpoch) }
    let target = base.rate(atStep: 0, stepsPerEpoch: stepsPerEpoch)
    return initialRate + (target - initialRate) * Double(step) / Double(steps)
  }
}

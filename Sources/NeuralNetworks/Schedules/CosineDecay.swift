#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lowers the rate along half a cosine (Loshchilov and Hutter 2017, equation 5 without restarts; Keras's
/// `CosineDecay`).
///
/// At the share `x` of the way, the rate is the initial one times `(1 - finalFraction)(1 + cos(πx)) / 2 +
/// finalFraction`; after the way it stays.
public struct CosineDecay: LearningRateSchedule, Codable, Equatable {
  public let initialRate: Double
  /// The length of the way.
  public let epochs: Int
  /// What is left of the initial rate at the end (Keras's `alpha`).
  public let finalFraction: Double

  /// - Parameters:
  ///   - epochs: at least 1.
  ///   - finalFraction: 0...1.
  public init(initialRate: Double, epochs: Int, finalFraction: Double = 0) {
    precondition(epochs >= 1, "a cosine decay cannot last \(epochs) epochs")
    precondition((0...1).contains(finalFraction), "the final fraction must be in 0...1, not \(finalFraction)")
    self.initialRate = initialRate
    self.epochs = epochs
    self.finalFraction = finalFraction
  }

  public func rate(atStep step: Int, stepsPerEpoch: Int) -> Double {
    let way = min(Double(step) / Double(epochs * stepsPerEpoch), 1)
    return initialRate * ((1 - finalFraction) * 0.5 * (1 + cos(Double.pi * way)) + finalFraction)
  }
}

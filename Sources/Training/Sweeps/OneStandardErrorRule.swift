/// The one-standard-error rule (Breiman, Friedman, Olshen and Stone 1984, "Classification and Regression Trees", section
/// 3.4.3): of all trials whose score is within one standard error of the best, the simplest wins. What is best by less than
/// chance is not worth a more complicated model.
public struct OneStandardErrorRule: Equatable, Sendable {
  /// Place of the best score; the first of equals.
  public let best: Int
  /// The last score that still counts as equal to the best: the best, less or plus its standard error.
  public let threshold: Double
  /// Places of the scores within the threshold, in rising order; the best is one.
  public let within: [Int]
  /// Place of the winner: the simplest of those; of equally simple ones the better, then the first.
  public let winner: Int

  /// - Parameters:
  ///   - scores: of the trials, all finite.
  ///   - standardErrors: of the scores; nil where none can be estimated, which counts as 0.
  ///   - simplicity: of the trials.
  /// - Returns: nil without scores.
  public init?(
    scores: [Double], standardErrors: [Double?], simplicity: [some Comparable], isLowerBetter: Bool
  ) {
    precondition(scores.count == standardErrors.count && scores.count == simplicity.count, "one of each a trial")
    func isBetter(_ a: Int, _ b: Int) -> Bool { isLowerBetter ? scores[a] < scores[b] : scores[a] > scores[b] }
    guard var best = scores.indices.first else { return nil }
    for place in scores.indices where isBetter(place, best) { best = place }
    let error = standardErrors[best] ?? 0
    let threshold = isLowerBetter ? scores[best] + error : scores[best] - error
    within = scores.indices.filter { isLowerBetter ? scores[$0] <= threshold : scores[$0] >= threshold }
    var winner = best
    for place in within {
      if simplicity[place] < simplicity[winner]
        || (simplicity[place] == simplicity[winner] && isBetter(place, winner))
      {
        winner = place
      }
    }
    self.best = best
    self.threshold = threshold
    self.winner = winner
  }

  /// The standard error of a cross-validated score by its folds: the standard deviation of the folds' own scores over the
  /// square root of their number, as in that book. Repeats of the cross-validation answer the same series again, so they
  /// add no folds: each repeat gives an estimate, and their mean is taken.
  ///
  /// - Parameter folds: scores. Shape: [repeats, folds].
  /// - Returns: nil with fewer than two folds.
  public static func standardError(folds: [[Double]]) -> Double? {
    guard let count = folds.first?.count, count >= 2, folds.allSatisfy({ $0.count == count }) else { return nil }
    let errors = folds.map { scores in
      let mean = scores.reduce(0, +) / Double(count)
      let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(count - 1) / Double(count)).squareRoot()
    }
    return errors.reduce(0, +) / Double(errors.count)
  }
}

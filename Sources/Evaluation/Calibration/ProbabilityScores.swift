import Foundation

/// Scores of probabilities, picture by picture; a data set's score is the mean.
public enum ProbabilityScores {
  /// Keras's `epsilon`: probabilities are clipped to `epsilon...1 - epsilon` before the logarithm.
  public static let epsilon = 1e-7

  /// Cross-entropy of one picture as Keras's `categorical_crossentropy` computes it: the row is
  /// divided by its sum, clipped, and the logarithm (natural) of the true class's entry negated.
  public static func logLoss(_ row: [Double], label: Int) -> Double {
    let probability = row[label] / row.reduce(0, +)
    return -log(min(max(probability, epsilon), 1 - epsilon))
  }

  /// Brier score of one picture as scikit-learn's `brier_score_loss` computes it: with two classes the
  /// squared error of one probability (0…1), with more the sum over classes (0…2; Brier 1950).
  public static func brier(_ row: [Double], label: Int) -> Double {
    var sum = 0.0
    for (column, probability) in row.enumerated() {
      let error = (column == label ? 1 : 0) - probability
      sum += error * error
    }
    return row.count == 2 ? sum / 2 : sum
  }
}

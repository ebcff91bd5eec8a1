import Evaluation
import Inference

/// Answers that are scored: calibrated probabilities, and what a decision rule makes of each.
package struct DecidedAnswers: Equatable {
  /// Shape: [pictures, classes].
  package var probabilities: [[Double]]
  package var choices: [LabelChoice]
  /// Whether the rule lets the answer pass.
  package var isAnswered: [Bool]
  /// How calibration and rule came about, in words.
  package var notes: [String]

  /// By the calibration and the rule that one model holds.
  package init(_ rows: [[Double]], classes: [String], fit: DecisionFit) {
    probabilities = rows.map { fit.calibration.applied(to: $0, classes: classes) }
    let threshold = fit.rule.operatingPoint.map { ($0.positiveClass, $0.probability) }
    choices = probabilities.map { DecisionRule.choice($0, classes: classes, threshold: threshold) }
    isAnswered = choices.map(fit.rule.answers)
    notes = [fit.calibration.note] + fit.rule.notes
  }

  /// Out-of-fold answers, those of each fold by a fit to the answers for all others: no fit sees a picture's own label
  /// or answer.
  ///
  /// It is not wholly apart from it all the same: the models that gave the other folds' answers were trained on it. So
  /// what a fit does here is close to, but not quite, what it does for pictures that nothing has seen.
  ///
  /// - Parameters:
  ///   - predictions: softmax of every picture, by a model that was trained without its fold.
  ///   - foldOf: of each picture.
  ///   - fewestSeries: of a class in the other folds, below which nothing is fitted to them.
  package init(
    crossFitting predictions: Predictions, foldOf: [Int], positiveClass: String?, settings: DecisionSettings,
    fewestSeries: Int = DecisionFit.fewestSeries
  ) {
    let rows = predictions.probabilities
    self.init(
      rows, classes: predictions.classes, fit: .unfitted(reason: "", settings: .plain))
    notes = [
      "calibration and thresholds of each fold were fitted to the answers of the other folds (cross-fitted), by models that were trained on this one's pictures"
    ]
    for fold in Set(foldOf).sorted() {
      let (own, others) = (foldOf.indices.filter { foldOf[$0] == fold }, foldOf.indices.filter { foldOf[$0] != fold })
      let fit: DecisionFit
      do {
        fit = DecisionFit(
          try Predictions(
            classes: predictions.classes, labels: others.map { predictions.labels[$0] },
            probabilities: others.map { rows[$0] }, series: others.map { predictions.series[$0] }),
          positiveClass: positiveClass, settings: settings, fewestSeries: fewestSeries)
      } catch {
        fit = .unfitted(reason: "\(error)", settings: settings)
      }
      let decided = DecidedAnswers(own.map { rows[$0] }, classes: predictions.classes, fit: fit)
      for (place, picture) in own.enumerated() {
        probabilities[picture] = decided.probabilities[place]
        choices[picture] = decided.choices[place]
        isAnswered[picture] = decided.isAnswered[place]
      }
      notes += fit.faults.map { "fold \(fold + 1): \($0.words)" }
      if let abstention = fit.rule.abstention, abstention.refersEveryPicture {
        notes.append("fold \(fold + 1): \(abstention.words)")
      }
    }
  }
}

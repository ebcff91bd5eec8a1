import Evaluation
import Reports

/// Which share of pictures a rule answers, and which share of those answers is wrong: neither says anything without the
/// other.
struct AnsweredShares {
  var answered: Metric
  /// Nil where no picture is answered.
  var wrong: Metric?
  /// Share of wrong labels among the pictures that are referred; nil where none is.
  var wrongReferred: Metric?

  /// - Parameters:
  ///   - decided: what the rule made of each picture.
  ///   - predictions: of the same pictures; every interval is over their series.
  /// - Throws: `EvaluationError` for no pictures.
  init(_ decided: DecidedAnswers, of predictions: Predictions, level: Double = 0.95) throws {
    func wrong(where isAnswered: Bool) throws -> Metric? {
      let places = decided.isAnswered.indices.filter { decided.isAnswered[$0] == isAnswered }
      guard !places.isEmpty else { return nil }
      return try .share(
        of: places.map { decided.choices[$0].label != predictions.labels[$0] },
        labels: places.map { predictions.labels[$0] }, series: places.map { predictions.series[$0] }, level: level)
    }
    answered = try .share(
      of: decided.isAnswered, labels: predictions.labels, series: predictions.series, level: level)
    self.wrong = try wrong(where: true)
    wrongReferred = try wrong(where: false)
  }

  /// The same shares where the rule was chosen on these very pictures.
  var chosenOnTheirPictures: AnsweredShares {
    func chosen(_ metric: Metric) -> Metric {
      guard metric.hasInterval else { return metric }
      var metric = metric
      (metric.low, metric.high) = (nil, nil)
      metric.method = "no interval: the rule was chosen on these pictures"
      return metric
    }
    var shares = self
    shares.answered = chosen(answered)
    shares.wrong = wrong.map(chosen)
    shares.wrongReferred = wrongReferred.map(chosen)
    return shares
  }

  /// For who gets the model's answers.
  static func words(answered: Metric, wrong: Metric?) -> String {
    MetricText.line("share answered", answered)
      + (wrong.map { "; " + MetricText.line("wrong among those answers", $0) } ?? "")
  }
}

extension DecisionFit {
  /// The same with a note of what its abstention does on the pictures that it was fitted to; without one it stays as it
  /// is.
  ///
  /// Its shares have no interval, here as on a report's page: the rule was chosen so that they come out like that, and
  /// how they would vary on other series cannot be told from these.
  func noting(_ predictions: Predictions) throws -> DecisionFit {
    guard let abstention = rule.abstention, !abstention.refersEveryPicture else { return self }
    let decided = DecidedAnswers(predictions.probabilities, classes: predictions.classes, fit: self)
    let shares = try AnsweredShares(decided, of: predictions).chosenOnTheirPictures
    var fit = self
    fit.rule.notes.append(
      "on the validation pictures, which the rule was chosen on: "
        + AnsweredShares.words(answered: shares.answered, wrong: shares.wrong))
    return fit
  }
}

import Evaluation
import Foundation
import Inference
import KidneyData

/// From heads' out-of-fold answers to figures.
struct HeadMeasurement {
  let validation: HeadValidation
  /// The series of each picture: every interval is over series.
  let series: [Int]
  let settings: BootstrapSettings

  private var task: HeadTask { validation.task }
  private var data: DataSet { validation.features.data }
  /// The class that is looked for; nil with more than two.
  private var positive: String? { task.classes.count == 2 ? task.classes[1] : nil }

  /// The task's own pictures.
  private var members: [Int] { validation.labels.indices.filter { validation.labels[$0] != nil } }

  func predictions(_ answers: HeadValidation.Answers) throws -> Predictions {
    let labels = validation.labels
    let members = members
    return try Predictions(
      classes: task.classes, labels: members.compactMap { labels[$0] }, probabilities: members.map { answers.asTheyAre[$0] },
      series: members.map { series[$0] })
  }

  func heldOut(
    _ name: String, groups: Int, folds: [[Int]], copies: [CopyPair], answers: [HeadValidation.Answers]
  ) throws -> HeadFigures.HeldOut {
    let repeats = try answers.map(predictions)
    let reports = try repeats.map { try evaluate($0, positiveClass: positive, bootstrap: settings) }
    let report = try evaluate(repeats: repeats, positiveClass: positive, bootstrap: settings)
    return HeadFigures.HeldOut(
      heldOut: name, groups: groups, folds: Set(folds[0]).count, differentDraws: Set(folds.map(Self.renumbered)).count,
      copiesAcrossSides: folds.reduce(0) { sum, foldOf in sum + copies.count { foldOf[$0.first] != foldOf[$0.second] } },
      macroF1: reports.map(\.macroF1.value), auc: reports.map(\.auc.value),
      report: report.marked(marks(of: folds)))
  }

  /// The mark of figures whose folds part a series, so that a patient's other slices were trained on; else none.
  private func marks(of folds: [[Int]]) -> [ScoreMark] {
    let partsSeries = folds.contains { foldOf in
      var foldOfSeries: [Int: Int] = [:]
      return zip(series, foldOf).contains { number, fold in
        foldOfSeries.updateValue(fold, forKey: number).map { $0 != fold } ?? false
      }
    }
    return partsSeries ? [.leaky] : []
  }

  func trials(
    _ name: String, _ trials: [PictureChange], _ answers: HeadValidation.Answers, foldOf: [Int]
  ) throws -> [HeadFigures.Trial] {
    let labels = validation.labels
    let marks = marks(of: [foldOf])
    return try trials.compactMap { trial in
      let changed = answers.changed[trial] ?? [:]
      let pictures = members.filter { changed[$0] != nil }
      guard !pictures.isEmpty else { return nil }
      func share(_ holds: (Int) -> Bool) throws -> Metric {
        try Metric.share(
          of: pictures.map(holds), labels: pictures.compactMap { labels[$0] }, series: pictures.map { series[$0] },
          level: settings.level
        ).marked(marks)
      }
      func answer(_ row: [Double]?) -> Int? { row.map(Self.mostProbable) }
      return HeadFigures.Trial(
        change: trial.identity, heldOut: name,
        right: try share { answer(answers.asTheyAre[$0]) == labels[$0] },
        rightChanged: try share { answer(changed[$0]) == labels[$0] },
        same: try share { answer(changed[$0]) == answer(answers.asTheyAre[$0]) })
    }
  }

  /// Pictures of classes that the head does not know.
  func strangers(_ answers: HeadValidation.Answers) throws -> [HeadFigures.Stranger] {
    guard let positive else { return [] }
    return try data.classes.indices.filter { !task.classes.contains(data.classes[$0]) }.map { label in
      let pictures = data.labels.indices.filter { data.labels[$0] == label }
      let rows = pictures.map { answers.asTheyAre[$0] }
      let given = rows.map(Self.mostProbable)
      return HeadFigures.Stranger(
        className: data.classes[label],
        answers: Dictionary(given.map { (task.classes[$0], 1) }, uniquingKeysWith: +),
        positive: try .share(
          of: given.map { task.classes[$0] == positive }, labels: pictures.map { _ in label },
          series: pictures.map { series[$0] }, level: settings.level),
        confidence: try .mean(
          of: zip(rows, given).map { min(1, $0[$1]) }, labels: pictures.map { _ in label },
          series: pictures.map { series[$0] }, level: settings.level))
    }
  }

  /// A temperature is carried by the model only if it helps pictures that it was not fitted to.
  func calibration(_ answers: HeadValidation.Answers, foldOf: [Int]) throws -> HeadFigures.CalibrationCheck {
    let all = try predictions(answers)
    let before = try quality(all)
    let foldOfMember = members.map { foldOf[$0] }
    var calibrated = all.probabilities
    do {
      for fold in Set(foldOfMember).sorted() {
        let others = foldOfMember.indices.filter { foldOfMember[$0] != fold }
        let fit = try TemperatureScaling(fitting: all.picked(others), level: settings.level)
        for place in foldOfMember.indices where foldOfMember[place] == fold {
          calibrated[place] = fit.calibrated(all.probabilities[place])
        }
      }
      let after = try quality(
        Predictions(classes: all.classes, labels: all.labels, probabilities: calibrated, series: all.series))
      let whole = try TemperatureScaling(fitting: all, level: settings.level)
      let helps =
        after.logLoss.value < before.logLoss.value && after.brier.value <= before.brier.value
      return HeadFigures.CalibrationCheck(
        temperature: whole.temperature, before: before, after: after,
        decision: helps
          ? "a temperature from other folds lowers both log loss and Brier score, so the model carries it"
          : "a temperature from other folds does not lower both log loss and Brier score, so probabilities stay as they are",
        isUsed: helps)
    } catch let error as EvaluationError {
      return HeadFigures.CalibrationCheck(
        temperature: nil, before: before, after: nil, decision: "no temperature can be fitted: \(error)", isUsed: false)
    }
  }

  /// When the model does not answer: fitted to out-of-fold answers, and judged by what fits to the other folds make of
  /// each.
  func decision(
    _ answers: HeadValidation.Answers, foldOf: [Int], isCalibrated: Bool
  ) throws -> (DecisionRule, HeadFigures.DecisionCheck) {
    var settings = DecisionSettings()
    settings.calibration = isCalibrated ? .temperature : .none
    settings.operatingPoint = .plain
    settings.abstention = .coverage
    settings.abstentionCoverage = HeadRecipe.wantedCoverage
    let all = try predictions(answers)
    var rule = DecisionFit(all, positiveClass: positive, settings: settings).rule
    let decided = DecidedAnswers(
      crossFitting: all, foldOf: members.map { foldOf[$0] }, positiveClass: positive, settings: settings,
      fewestSeries: Self.fewestSeriesBesideAFold)
    let shares = try AnsweredShares(decided, of: all, level: self.settings.level)
    let check = HeadFigures.DecisionCheck(
      rule: rule.abstention?.words ?? "every picture is answered (\(rule.notes.joined(separator: "; ")))",
      answered: shares.answered, wrong: shares.wrong, wrongReferred: shares.wrongReferred)
    if rule.abstention != nil { rule.notes.append(check.words) }
    return (rule, check)
  }

  /// What one fold of those that divide the fewest series leaves: enough for a rule that promises no share of wrong
  /// answers, and that is only judged, not shipped.
  private static let fewestSeriesBesideAFold = DecisionFit.fewestSeries - 1

  private func quality(_ predictions: Predictions) throws -> HeadFigures.CalibrationCheck.Quality {
    let report = try evaluate(predictions, positiveClass: positive, bootstrap: settings)
    let predicted = predictions.predicted
    let right = zip(predicted, predictions.labels).map { $0 == $1 }
    // Where every answer is right, or none is, there is nothing to compare.
    let error =
      try Set(right).count < 2
      ? nil
      : CalibrationBins(
        BinaryOutcomes(
          probabilities: zip(predictions.probabilities, predicted).map { min(1, $0[$1]) }, positive: right,
          series: predictions.series), bootstrap: settings
      ).expectedError
    return .init(logLoss: report.loss, brier: report.brier, expectedCalibrationError: error)
  }

  /// Folds numbered in the order in which they first occur, so that the same folds under other numbers are equal.
  private static func renumbered(_ folds: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return folds.map { fold in
      let number = numbers[fold] ?? numbers.count
      numbers[fold] = number
      return number
    }
  }

  static func mostProbable(_ row: [Double]) -> Int {
    row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0
  }
}

extension Predictions {
  fileprivate func picked(_ places: [Int]) throws -> Predictions {
    try Predictions(
      classes: classes, labels: places.map { labels[$0] }, probabilities: places.map { probabilities[$0] },
      series: places.map { series[$0] })
  }
}

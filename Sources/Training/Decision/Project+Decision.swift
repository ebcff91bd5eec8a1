import Evaluation
import Inference
import KidneyData

extension Project {
  /// Fits calibration and rule to the validation part: series that were neither trained on nor are scored.
  ///
  /// - Parameter report: gets what was found, or why there is nothing.
  func decisionFit(
    of trainer: Trainer, division: Division, data: DataSet, report: @escaping Report
  ) throws -> DecisionFit {
    let settings = parameters.decision
    let wanted = settings.calibration != .none || settings.operatingPoint != .plain || settings.abstention != .none
    var fit: DecisionFit
    if !wanted {
      fit = .unfitted(reason: "none was asked for", settings: settings)
    } else if !division.split.method.keepsSeries {
      fit = .unfitted(
        reason: "SPLIT: \(division.split.method.rawValue) trains on the validation part's own series", settings: settings)
    } else {
      fit = try Self.fit(to: division.split.validation, of: trainer, division: division, data: data, settings: settings)
    }
    if wanted, fit.isFitted, let note = parameters.useOfValidation { fit.rule.notes.append(note) }
    if wanted { for note in [fit.calibration.note] + fit.rule.notes { report(.note("Decision: \(note).")) } }
    return fit
  }

  private static func fit(
    to validation: [Int], of trainer: Trainer, division: Division, data: DataSet, settings: DecisionSettings
  ) throws -> DecisionFit {
    let series = validation.map { division.series.seriesOf[$0] }
    let labels = validation.map { data.labels[$0] }
    let counts = data.classes.indices.map { label in Set(zip(labels, series).filter { $0.0 == label }.map(\.1)).count }
    guard let fewest = counts.min(), fewest >= DecisionFit.fewestSeries else {
      // Nothing is computed that could not be used.
      let each = zip(data.classes, counts).map { "\($0) \($1)" }.joined(separator: ", ")
      return .unfitted(
        reason: "\(counts.min() ?? 0) series (validation has \(each); at least \(DecisionFit.fewestSeries) of each class are needed)",
        settings: settings)
    }
    let rows = try trainer.probabilities(of: validation)
    let predictions = try Predictions(classes: data.classes, labels: labels, probabilities: rows, series: series)
    return try DecisionFit(predictions, positiveClass: data.positiveClass, settings: settings).noting(predictions)
  }

  /// - Parameter report: gets what the gate rests on, or why there is none.
  func gate(of trainer: Trainer, division: Division, epochs: Int, report: @escaping Report) throws -> Gate? {
    guard parameters.gate else { return nil }
    do {
      let gate = try trainer.gate(
        training: division.split.training, seriesOf: division.series.seriesOf, epochs: epochs)
      report(.note("Gate: \(gate.record.fit.words)"))
      return gate
    } catch let failure as GateFit.Failure {
      report(.note("Gate: \(failure)."))
      return nil
    }
  }

  /// - Returns: whether the gate of a fold's model refuses each picture; nil if it has none.
  func gateRefusals(
    of pictures: [Int], trainer: Trainer, training: [Int], division: Division, epochs: Int
  ) throws -> [Bool]? {
    guard parameters.gate else { return nil }
    do {
      let gate = try trainer.gate(training: training, seriesOf: division.series.seriesOf, epochs: epochs)
      return try trainer.refusals(of: pictures, by: gate)
    } catch is GateFit.Failure {
      return nil
    }
  }

  /// What the model's calibration and rule make of its softmax.
  ///
  /// In grouped folds every fold has a model of its own, so where the model holds calibration or thresholds, those of the
  /// folds are cross-fitted.
  func decided(
    _ softmax: Predictions, file: ModelFile, division: Division, data: DataSet, repetition: Int
  ) throws -> DecidedAnswers {
    let description = file.description
    let unfitted = DecisionFit.unfitted(reason: "the model file holds none", settings: parameters.decision)
    let held = DecisionFit(
      calibration: description.calibration ?? unfitted.calibration, rule: description.decision ?? unfitted.rule)
    guard case .groupedFolds(let folds) = division.protocolKind, held.isFitted else {
      return DecidedAnswers(softmax.probabilities, classes: softmax.classes, fit: held)
    }
    let foldOf = try Splitter.repeatedGroupedFolds(
      labels: data.labels, series: division.series.seriesOf, classes: data.classes, folds: folds,
      repeats: parameters.foldRepeats, seed: parameters.seed)[repetition]
    return DecidedAnswers(
      crossFitting: softmax, foldOf: division.scored.map { foldOf[$0] }, positiveClass: data.positiveClass,
      settings: parameters.decision)
  }
}

extension TrainingParameters {
  /// What else the validation series were used for, for whoever reads what was fitted to them; nil for nothing.
  fileprivate var useOfValidation: String? {
    let fitted = "the series that calibration and thresholds were fitted to"
    if earlyStopping != nil { return fitted + " also chose the epoch that training stopped at, so they flatter a little" }
    return schedule == .plateau ? fitted + " also steered the learning rate, so they flatter a little" : nil
  }
}

extension Gate.Fit {
  /// What it rests on, in a sentence or two.
  public var words: String {
    let share = heldOutRefusals.map { share in
      "; of training slices whose series was left out \((share * 1000).rounded() / 10) % were refused "
        + "(no interval: the folds' thresholds depend on each other)"
    }
    return "fitted on \(images) pictures of \(series) series" + (share ?? "") + "." + (warning.map { " " + $0 } ?? "")
  }
}

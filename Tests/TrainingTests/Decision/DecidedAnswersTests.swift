import Evaluation
import Inference
import Testing
import Training

@Suite struct DecidedAnswersTests {
  private var temperature: DecisionSettings {
    var settings = DecisionSettings.plain
    settings.calibration = .temperature
    return settings
  }

  private var coverage: DecisionSettings {
    var settings = DecisionSettings.plain
    settings.abstention = .coverage
    settings.abstentionCoverage = 0.75
    return settings
  }

  /// Every series errs in one slice, and each is sure in its own way.
  private func predictions(series: Int) throws -> Predictions {
    try GivenAnswers.predictions(series: [series, series]) { number, slice in
      slice == 0 ? 0.1 - Double(number) / 200 : 0.8 + Double(number) / 100 + Double(slice) / 1000
    }
  }

  private func decided(
    _ predictions: Predictions, _ settings: DecisionSettings, folds: Int = 5,
    fewestSeries: Int = DecisionFit.fewestSeries
  ) -> DecidedAnswers {
    DecidedAnswers(
      crossFitting: predictions, foldOf: GivenAnswers.folds(folds, of: predictions), positiveClass: "Tumor",
      settings: settings, fewestSeries: fewestSeries)
  }

  @Test func `every fold's answers come of a fit to the others`() throws {
    let predictions = try predictions(series: 10)
    let foldOf = GivenAnswers.folds(5, of: predictions)
    var settings = coverage
    settings.calibration = .temperature
    let decided = decided(predictions, settings)
    for fold in 0..<5 {
      let (own, others) = (foldOf.indices.filter { foldOf[$0] == fold }, foldOf.indices.filter { foldOf[$0] != fold })
      let fit = DecisionFit(
        try Predictions(
          classes: predictions.classes, labels: others.map { predictions.labels[$0] },
          probabilities: others.map { predictions.probabilities[$0] }, series: others.map { predictions.series[$0] }),
        positiveClass: "Tumor", settings: settings)
      let wanted = DecidedAnswers(
        own.map { predictions.probabilities[$0] }, classes: predictions.classes, fit: fit)
      #expect(own.map { decided.probabilities[$0] } == wanted.probabilities)
      #expect(own.map { decided.choices[$0] } == wanted.choices)
      #expect(own.map { decided.isAnswered[$0] } == wanted.isAnswered)
    }
    #expect(Set(decided.isAnswered).count == 2, "some are answered, some referred")
    #expect(decided.notes.count == 1 && decided.notes[0].contains("cross-fitted"))
  }

  @Test func `a picture's own label has no part in its calibration`() throws {
    let before = try predictions(series: 10)
    let foldOf = GivenAnswers.folds(5, of: before)
    let after = try Predictions(
      classes: before.classes,
      labels: before.labels.indices.map { foldOf[$0] == 0 ? 1 - before.labels[$0] : before.labels[$0] },
      probabilities: before.probabilities, series: before.series)
    let (first, second) = (decided(before, temperature), decided(after, temperature))
    for picture in foldOf.indices {
      let isSame = first.probabilities[picture] == second.probabilities[picture]
      #expect(isSame == (foldOf[picture] == 0), "picture \(picture) of fold \(foldOf[picture])")
    }
  }

  @Test func `folds without enough series say what is missing, and nothing that was not asked for`() throws {
    let predictions = try predictions(series: 5)
    let decided = decided(predictions, coverage)
    #expect(decided.isAnswered.allSatisfy { $0 })
    let faults = decided.notes.dropFirst()
    #expect(faults.count == 5)
    for (fold, note) in faults.enumerated() {
      #expect(note.hasPrefix("fold \(fold + 1): no abstention: 4 series"))
    }
    #expect(!decided.notes.contains { $0.contains("calibration: ") })
    let both = self.decided(predictions, temperature)
    #expect(both.notes.dropFirst().allSatisfy { $0.contains(": no calibration: 4 series") })
    #expect(both.probabilities == predictions.probabilities)
  }

  @Test func `fewer series are enough for who says so`() throws {
    let decided = decided(try predictions(series: 5), coverage, fewestSeries: 4)
    #expect(decided.notes.count == 1)
    #expect(Set(decided.isAnswered).count == 2)
  }

  @Test func `folds whose rule refers every picture are named`() throws {
    let predictions = try GivenAnswers.predictions(series: [6, 6]) { $1 == 0 ? 0.05 : 0.8 }
    var settings = DecisionSettings.plain
    settings.abstention = .risk
    let decided = decided(predictions, settings, folds: 6)
    #expect(decided.isAnswered.allSatisfy { !$0 })
    #expect(decided.notes.count { $0.contains(": every picture is referred (at most 0.05") } == 6)
  }
}

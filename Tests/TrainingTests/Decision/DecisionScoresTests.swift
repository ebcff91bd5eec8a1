import Evaluation
import Inference
import Testing
import Training

@Suite struct DecisionScoresTests {
  /// One slice of four is wrong and less sure.
  private func predictions() throws -> Predictions {
    try GivenAnswers.predictions(series: [8, 8]) { series, slice in slice == 0 && series % 2 == 0 ? 0.4 : 0.9 }
  }

  private func scores(
    _ abstention: DecisionSettings.AbstentionKind, risk: Double = 0.05, coverage: Double = 0.8,
    positiveClass: String? = "Tumor", of predictions: Predictions? = nil
  ) throws -> DecisionScores {
    var settings = DecisionSettings.plain
    settings.abstention = abstention
    settings.abstentionRisk = risk
    settings.abstentionCoverage = coverage
    let predictions = try predictions ?? self.predictions()
    let fit = DecisionFit(predictions, positiveClass: positiveClass, settings: settings)
    return try DecisionScores(
      predictions, decided: DecidedAnswers(predictions.probabilities, classes: predictions.classes, fit: fit),
      rule: fit.rule, positiveClass: positiveClass, settings: settings, refused: nil,
      bootstrap: BootstrapSettings(seed: 1))
  }

  @Test func `coverage and error among the answered are those of the rule`() throws {
    let all = try scores(.none)
    #expect(all.coverage.value == 1 && all.errorAmongAnswered?.value == 0.125)
    #expect(all.abstentionRule == "every picture is answered")
    let sure = try scores(.risk)
    #expect(sure.coverage.value == 0.875 && sure.errorAmongAnswered?.value == 0)
    #expect(sure.coverage.images == 64 && sure.errorAmongAnswered?.images == 56)
    #expect(sure.abstentionRule == "at most 0.05 of the answers wrong")
    #expect(try scores(.coverage).coverage.value >= 0.8)
    for scores in [all, sure] {
      #expect(scores.coverage.hasInterval && scores.errorAmongAnswered?.hasInterval == true)
    }
  }

  @Test(arguments: [[4, 12], [8, 8]])
  func `a risk has an interval where the accuracy beside it has one, and else the same reason`(series: [Int]) throws {
    let predictions = try GivenAnswers.predictions(series: series) { $1 == 0 && $0 % 2 == 0 ? 0.4 : 0.9 }
    let scores = try scores(.none, of: predictions)
    let accuracy = try evaluate(predictions, bootstrap: BootstrapSettings(seed: 1)).accuracy
    let risk = try #require(scores.errorAmongAnswered)
    #expect(abs(risk.value + accuracy.value - 1) < 1e-12 && risk.method == accuracy.method)
    #expect(scores.coverage.hasInterval == accuracy.hasInterval && risk.hasInterval == accuracy.hasInterval)
    if let high = accuracy.high { #expect(abs(try #require(risk.low) + high - 1) < 1e-9) }
  }

  @Test func `a rule that refers every picture has no error among the answered, and says so`() throws {
    let wrong = try GivenAnswers.predictions(series: [6, 6]) { $1 == 0 ? 0.05 : 0.8 }
    let scores = try scores(.risk, of: wrong)
    #expect(scores.coverage.value == 0 && scores.errorAmongAnswered == nil)
    #expect(scores.notes.contains("no error among the answered: no picture is answered"))
    #expect(scores.abstentionRule.hasPrefix("every picture is referred (at most 0.05"))
    let text = scores.lines.joined(separator: "\n")
    #expect(text.contains("Abstention: every picture is referred"))
    #expect(text.contains("coverage, the share of pictures answered 0.000"))
    #expect(!text.contains("\nerror among the answered"))
  }

  @Test func `the operating point's figures count what was called`() throws {
    let scores = try scores(.none)
    let point = try #require(scores.operatingPoint)
    // Four of the 32 slices of either class are taken for the other.
    #expect(point.sensitivity.value == 0.875 && point.specificity.value == 0.875)
    #expect(abs(try #require(point.positivePredictiveValue).value - 0.875) < 1e-12)
    #expect(!scores.prevalenceIsStated && point.prevalence == 0.5)
  }

  @Test func `without a positive class there is no point, and a note says why`() throws {
    let scores = try scores(.none, positiveClass: nil)
    #expect(scores.operatingPoint == nil && scores.netBenefit == nil && scores.calibration == nil)
    #expect(scores.notes.contains { $0.contains("no class is the positive one") })
  }

  @Test func `every figure of it has an interval or says why not`() throws {
    for series in [3, 8] {
      let predictions = try GivenAnswers.predictions(series: [series, series]) { $1 == 0 && $0 % 2 == 0 ? 0.4 : 0.9 }
      let scores = try scores(.risk, of: predictions)
      let figures = [
        scores.coverage, scores.errorAmongAnswered, scores.riskCoverageArea, scores.expectedCalibrationError,
        scores.operatingPoint?.sensitivity, scores.operatingPoint?.specificity, scores.netBenefit?.netBenefit,
      ].compactMap { $0 }
      #expect(figures.count == 7)
      for figure in figures { #expect(figure.hasInterval || figure.method.hasPrefix("no interval"), "\(figure)") }
    }
  }
}

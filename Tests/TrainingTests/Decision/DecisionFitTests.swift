import Evaluation
import Foundation
import Inference
import Testing
import Training

@Suite struct DecisionFitTests {
  private func settings(_ change: (inout DecisionSettings) -> Void) -> DecisionSettings {
    var settings = DecisionSettings.plain
    change(&settings)
    return settings
  }

  private func risk(_ wanted: Double) -> DecisionSettings {
    settings {
      $0.abstention = .risk
      $0.abstentionRisk = wanted
    }
  }

  /// The surest quarter of the pictures is wrong.
  private func sureAndWrong() throws -> Predictions {
    try GivenAnswers.predictions(series: [6, 6]) { $1 == 0 ? 0.05 : 0.8 }
  }

  @Test func `a model file applies the very map that was fitted`() throws {
    let predictions = try GivenAnswers.predictions(series: [6, 6]) { [0.55, 0.9, 0.35, 0.8, 0.6, 0.95][($0 + $1) % 6] }
    let temperature = try TemperatureScaling(fitting: predictions)
    let platt = try PlattScaling(fitting: predictions.outcomes(of: "Tumor"))
    func calibration(_ kind: DecisionSettings.CalibrationKind) -> Calibration {
      DecisionFit(predictions, positiveClass: "Tumor", settings: settings { $0.calibration = kind }).calibration
    }
    for share in [0, 1e-14, 0.01, 0.3, 0.5, 0.99, 1] {
      let row = [1 - share, share]
      let warm = calibration(.temperature).applied(to: row, classes: GivenAnswers.classes)
      #expect(zip(warm, temperature.calibrated(row)).allSatisfy { abs($0 - $1) < 1e-15 }, "\(share)")
      let straight = calibration(.platt).applied(to: row, classes: GivenAnswers.classes)
      #expect(abs(straight[1] - platt.calibrated(share)) < 1e-15, "\(share)")
    }
    let note = calibration(.temperature).note
    #expect(note.contains(" to ") && note.hasSuffix("after, on the same pictures"), "the losses have intervals: \(note)")
  }

  @Test func `a risk that no confidence reaches refers every picture`() throws {
    let fit = DecisionFit(try sureAndWrong(), positiveClass: "Tumor", settings: risk(0.05))
    let abstention = try #require(fit.rule.abstention)
    #expect(abstention.refersEveryPicture && abstention.leastConfidence == nil)
    #expect(abstention.coverage == 0 && abstention.risk == nil)
    #expect(abstention.images == 48 && abstention.series == 12)
    #expect(fit.isFitted && fit.faults.isEmpty, "it was found, though it is harsh")
    #expect(
      fit.rule.notes == ["every picture is referred (at most 0.05 of the answers wrong, which no confidence reaches)"])
    for share in [0.5, 0.8, 1] {
      let answer = Answer(probabilities: [1 - share, share], classes: GivenAnswers.classes, rule: fit.rule)
      #expect(answer.decision == .uncertain)
      #expect(answer.reason.contains("answers no picture") && answer.reason.contains("48 pictures of 12 series"))
    }
  }

  @Test func `a risk that is reached answers as many as keep it`() throws {
    let abstention = try #require(
      DecisionFit(try sureAndWrong(), positiveClass: "Tumor", settings: risk(0.25)).rule.abstention)
    #expect(abstention.leastConfidence == 0.8 && abstention.coverage == 1 && abstention.risk == 0.25)
  }

  @Test func `a risk that only slices of two series keep refers every picture`() throws {
    let predictions = try GivenAnswers.predictions(series: [6, 6]) { series, slice in
      series == 0 ? 0.95 : slice % 2 == 0 ? 0.7 : 0.3
    }
    let rule = DecisionFit(predictions, positiveClass: "Tumor", settings: risk(0.05)).rule
    #expect(rule.abstention?.refersEveryPicture == true)
    #expect(rule.notes.joined().contains("which only pictures of 2 series reach"))
    let loose = DecisionFit(predictions, positiveClass: "Tumor", settings: risk(0.45)).rule
    #expect(loose.abstention?.coverage == 1, "5 of 12 answers are wrong in all")
  }

  @Test(arguments: [(0.75, 18), (0.74, 18), (0.76, 19), (1.0, 24), (0.05, 2)])
  func `a coverage answers the surest pictures, at least so many`(wanted: Double, levels: Int) throws {
    // 24 different confidences, each of one picture of either class.
    func share(_ level: Int) -> Double { 0.99 - Double(level) / 64 }
    let predictions = try GivenAnswers.predictions(series: [6, 6]) { share(4 * $0 + $1) }
    let fit = DecisionFit(
      predictions, positiveClass: nil,
      settings: settings {
        $0.abstention = .coverage
        $0.abstentionCoverage = wanted
      })
    let abstention = try #require(fit.rule.abstention)
    #expect(abs(abstention.coverage - Double(levels) / 24) < 1e-12)
    #expect(abs(try #require(abstention.leastConfidence) - share(levels - 1)) < 1e-12)
    #expect(abstention.risk == 0)
    let decided = DecidedAnswers(predictions.probabilities, classes: predictions.classes, fit: fit)
    #expect(decided.isAnswered.count { $0 } == 2 * levels)
  }

  @Test(arguments: [([4, 9], 4), ([9, 3], 3), ([6, 0], 0)])
  func `with fewer than five series in a class nothing is fitted and everything is answered`(
    series: [Int], fewest: Int
  ) throws {
    let predictions = try GivenAnswers.predictions(series: series) { $1 == 0 ? 0.05 : 0.8 }
    let fit = DecisionFit(
      predictions, positiveClass: "Tumor",
      settings: settings {
        $0.calibration = .temperature
        $0.operatingPoint = .youden
        $0.abstention = .risk
      })
    #expect(!fit.isFitted)
    #expect(fit.calibration.map == .none && fit.calibration.images == 0 && fit.calibration.series == 0)
    #expect(fit.calibration.note.hasPrefix("no calibration: \(fewest) series"))
    #expect(fit.faults.map(\.part) == [.calibration, .operatingPoint, .abstention])
    #expect([fit.calibration.note] + fit.rule.notes == fit.faults.map(\.words))
    let answer = Answer(probabilities: [0.45, 0.55], classes: GivenAnswers.classes, rule: fit.rule)
    #expect(answer.decision == .answered)
    #expect(answer.reason.contains("no abstention: \(fewest) series"), "the reader is told")
  }

  @Test func `five series of each class are enough`() throws {
    let predictions = try GivenAnswers.predictions(series: [5, 5]) { $1 == 0 ? 0.01 : 0.99 }
    let fit = DecisionFit(predictions, positiveClass: nil, settings: settings { $0.calibration = .temperature })
    // A quarter is wrong at log odds of log(99): the best temperature makes three to one of them.
    let wanted = log(99.0) / log(3)
    guard case .temperature(let found) = fit.calibration.map else { return #expect(Bool(false), "\(fit.calibration)") }
    #expect(abs(found - wanted) < 1e-3)
    #expect(fit.calibration.images == 40 && fit.calibration.series == 10 && fit.faults.isEmpty)
    let row = fit.calibration.applied(to: [0.99, 0.01], classes: GivenAnswers.classes)
    #expect(abs(row[0] - 0.75) < 1e-4)
  }

  @Test func `what was not asked for is no fault`() throws {
    let few = try GivenAnswers.predictions(series: [2, 2]) { _, _ in 0.7 }
    let many = try GivenAnswers.predictions(series: [6, 6]) { _, _ in 0.7 }
    for predictions in [few, many] {
      let fit = DecisionFit(predictions, positiveClass: "Tumor", settings: .plain)
      #expect(fit.faults.isEmpty && fit.rule.notes.isEmpty && !fit.isFitted)
      #expect(fit.calibration.note == "no calibration: none was asked for")
    }
  }

  @Test func `an operating point without a positive class is a fault, and the rest is fitted`() throws {
    let fit = DecisionFit(
      try sureAndWrong(), positiveClass: nil,
      settings: settings {
        $0.operatingPoint = .youden
        $0.abstention = .coverage
      })
    #expect(fit.faults.map(\.part) == [.operatingPoint])
    #expect(fit.rule.notes.count == 1 && fit.rule.notes[0].contains("Normal, Tumor"))
    #expect(fit.rule.operatingPoint == nil && fit.rule.abstention != nil)
  }

  @Test func `a sensitivity is reached on the pictures it was chosen on`() throws {
    // Tumor's probabilities are 0.1, 0.3, 0.5, 0.7 in every series of it, and one minus those in the others.
    let predictions = try GivenAnswers.predictions(series: [6, 6]) { 0.1 + 0.2 * Double($1) }
    let fit = DecisionFit(
      predictions, positiveClass: "Tumor",
      settings: settings {
        $0.operatingPoint = .sensitivity
        $0.sensitivityAtLeast = 0.75
      })
    let point = try #require(fit.rule.operatingPoint)
    #expect(point.positiveClass == "Tumor" && point.images == 48 && point.series == 12)
    let decided = DecidedAnswers(predictions.probabilities, classes: predictions.classes, fit: fit)
    let found = zip(decided.choices, predictions.labels).count { $0.label == 1 && $1 == 1 }
    #expect(found == 18, "three of the four slices of each")
  }
}

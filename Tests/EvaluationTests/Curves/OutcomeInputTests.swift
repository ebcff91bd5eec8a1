import Evaluation
import Testing

struct OutcomeInputTests {
  @Test func `as many classes as pictures are asked for`() {
    #expect(throws: EvaluationError.differentLengths(array: "classes", expected: 2, actual: 1)) {
      try BinaryOutcomes(probabilities: [0.1, 0.9], positive: [false, true], series: [1, 2], classes: [0])
    }
  }

  @Test func `outcomes that do not fit together are refused`() {
    #expect(throws: EvaluationError.noPictures) { try BinaryOutcomes(probabilities: [], positive: [], series: []) }
    #expect(throws: EvaluationError.differentLengths(array: "positive", expected: 2, actual: 1)) {
      try BinaryOutcomes(probabilities: [0.1, 0.2], positive: [true], series: [0, 1])
    }
    #expect(throws: EvaluationError.differentLengths(array: "series", expected: 2, actual: 3)) {
      try BinaryOutcomes(probabilities: [0.1, 0.2], positive: [true, false], series: [0, 1, 2])
    }
    #expect(throws: EvaluationError.notFinite(picture: 1, column: "probability")) {
      try BinaryOutcomes(probabilities: [0.1, .nan], positive: [true, false], series: [0, 1])
    }
    #expect(throws: EvaluationError.probabilityOutOfRange(picture: 0, className: "positive", actual: 1.5)) {
      try BinaryOutcomes(probabilities: [1.5, 0.2], positive: [true, false], series: [0, 1])
    }
    #expect(throws: EvaluationError.oneSideOnly(positives: 0, negatives: 2)) {
      try BinaryOutcomes(probabilities: [0.1, 0.2], positive: [false, false], series: [0, 1])
    }
  }

  @Test func `settings out of range are refused`() throws {
    let data = try BinaryOutcomes(probabilities: [0.1, 0.2], positive: [false, true], series: [0, 1])
    let settings = BootstrapSettings(seed: 1)
    for prevalence in [0, 1, -0.1, Double.nan] {
      #expect(throws: EvaluationError.self) { try DecisionFigures(data, threshold: 0.5, prevalence: prevalence) }
      #expect(throws: EvaluationError.self) {
        try DecisionCurve(data, thresholds: [0.5], prevalence: prevalence)
      }
    }
    #expect(throws: EvaluationError.self) { try DecisionFigures(data, threshold: 1.1, prevalence: 0.5) }
    #expect(throws: EvaluationError.self) { try DecisionCurve(data, thresholds: [1]) }
    #expect(throws: EvaluationError.self) { try CalibrationBins(data, count: 0, bootstrap: settings) }
    #expect(throws: EvaluationError.self) { try RocCurve(data, level: 1) }
    for sensitivity in [0, 1.1, Double.nan] {
      #expect(throws: EvaluationError.self) {
        try OperatingPoint(choosing: .sensitivityAtLeast(sensitivity), from: data)
      }
    }
    #expect(throws: EvaluationError.self) {
      try effectiveSampleInterval(share: 0.5, variance: 0, degreesOfFreedom: 3)
    }
  }

  @Test func `a class of several against the rest is taken by name`() throws {
    let predictions = try Predictions(
      classes: ["Cyst", "Normal", "Tumor"], labels: [0, 1, 2],
      probabilities: [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]], series: [0, 1, 2])
    let outcomes = try predictions.outcomes(of: "Tumor")
    #expect(outcomes.probabilities == [0.25, 0.25, 0.5] && outcomes.positive == [false, false, true])
    #expect(throws: EvaluationError.unknownClass("Stone", known: ["Cyst", "Normal", "Tumor"])) {
      try predictions.outcomes(of: "Stone")
    }
  }
}

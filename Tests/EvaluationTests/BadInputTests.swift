import Evaluation
import Testing

struct BadInputTests {
  private let classes = ["Normal", "Tumor"]
  private let rows = [[0.9, 0.1], [0.2, 0.8]]

  private func make(
    classes: [String]? = nil, labels: [Int] = [0, 1], rows: [[Double]]? = nil, series: [Int] = [0, 1]
  ) throws -> Predictions {
    try Predictions(
      classes: classes ?? self.classes, labels: labels, probabilities: rows ?? self.rows, series: series)
  }

  private func expect(
    _ error: EvaluationError, says phrase: String, _ location: SourceLocation = #_sourceLocation,
    from body: () throws -> Any
  ) {
    #expect(throws: error, sourceLocation: location) { _ = try body() }
    #expect(error.description.contains(phrase), sourceLocation: location)
  }

  @Test func `arrays of different lengths are refused`() {
    expect(.differentLengths(array: "probabilities", expected: 3, actual: 2), says: "2 entries where 3") {
      try make(labels: [0, 1, 1])
    }
    expect(.differentLengths(array: "series", expected: 2, actual: 1), says: "series has 1") {
      try make(series: [0])
    }
    expect(
      .differentLengths(array: "The row of probabilities of picture 1", expected: 2, actual: 3), says: "picture 1"
    ) { try make(rows: [[0.9, 0.1], [0.2, 0.4, 0.4]]) }
    expect(.differentLengths(array: "positive", expected: 2, actual: 1), says: "positive") {
      try AreaUnderCurve.value(scores: [1, 2], positive: [true])
    }
    expect(.differentLengths(array: "series", expected: 2, actual: 1), says: "series") {
      try AreaUnderCurve.obuchowski(scores: [1, 2], positive: [true, false], series: [1])
    }
  }

  @Test func `nothing to evaluate is refused`() {
    expect(.noPictures, says: "not empty") { try make(labels: [], rows: [], series: []) }
    expect(.noPictures, says: "no predictions") { try AreaUnderCurve.value(scores: [], positive: []) }
  }

  @Test func `numbers that are not finite are refused`() {
    for bad in [Double.nan, .infinity, -.infinity] {
      expect(.notFinite(picture: 1, column: "probability of class Tumor"), says: "not a finite number") {
        try make(rows: [[0.9, 0.1], [0.2, bad]])
      }
      expect(.notFinite(picture: 0, column: "score"), says: "score of picture 0") {
        try AreaUnderCurve.deLong(scores: [bad, 1], positive: [true, false])
      }
    }
  }

  @Test func `rows that are not probabilities are refused`() {
    expect(.probabilityOutOfRange(picture: 0, className: "Normal", actual: 1.5), says: "not logits") {
      try make(rows: [[1.5, -0.5], [0.2, 0.8]])
    }
    expect(.probabilityOutOfRange(picture: 0, className: "Tumor", actual: -0.5), says: "outside 0...1") {
      try make(rows: [[0.5, -0.5], [0.2, 0.8]])
    }
    expect(.probabilitiesDoNotSumToOne(picture: 1, actual: 0.75), says: "not to 1") {
      try make(rows: [[0.9, 0.1], [0.25, 0.5]])
    }
  }

  @Test func `a row that misses 1 by the rounding of Float32 is taken`() throws {
    let row: [Float] = [0.1, 0.2, 0.7]
    let sum = row.map(Double.init).reduce(0, +)
    #expect(sum != 1)
    _ = try Predictions(
      classes: ["a", "b", "c"], labels: [0], probabilities: [row.map(Double.init)], series: [0])
  }

  @Test func `labels and classes that do not fit are refused`() {
    expect(.labelOutOfRange(picture: 1, actual: 2, classes: 2), says: "outside 0..<2") { try make(labels: [0, 2]) }
    expect(.labelOutOfRange(picture: 0, actual: -1, classes: 2), says: "label of picture 0") {
      try make(labels: [-1, 1])
    }
    expect(.tooFewClasses(actual: 1), says: "at least two") { try make(classes: ["Tumor"]) }
    expect(.repeatedClass("Tumor"), says: "twice") { try make(classes: ["Tumor", "Tumor"]) }
  }

  @Test func `pictures of one class only are refused by name`() {
    expect(.classWithoutPictures("Normal", classes: classes), says: "every class: Normal, Tumor") {
      try evaluate(make(labels: [1, 1]), bootstrap: BootstrapSettings(seed: 1))
    }
    expect(.oneSideOnly(positives: 2, negatives: 0), says: "2 positives and 0 negatives") {
      try AreaUnderCurve.value(scores: [1, 2], positive: [true, true])
    }
  }

  @Test func `an unknown positive class is refused with the known ones`() {
    expect(.unknownClass("Stone", known: classes), says: "Normal, Tumor") {
      try evaluate(make(), positiveClass: "Stone", bootstrap: BootstrapSettings(seed: 1))
    }
  }

  @Test func `variances need two of each`() {
    expect(.tooFewForVariance(needed: 2, positives: 1, negatives: 2, unit: "pictures"), says: "2 pictures") {
      try AreaUnderCurve.deLong(scores: [1, 2, 3], positive: [true, false, false])
    }
    expect(.tooFewForVariance(needed: 2, positives: 2, negatives: 1, unit: "series"), says: "2 series") {
      try AreaUnderCurve.obuchowski(
        scores: [1, 2, 3, 4], positive: [true, false, false, true], series: [1, 2, 2, 3])
    }
  }

  @Test func `settings out of range are refused`() {
    expect(.settingOutOfRange(setting: "resamples", actual: "99", range: "100...1000000"), says: "resamples is 99") {
      try evaluate(make(), bootstrap: BootstrapSettings(resamples: 99, seed: 1))
    }
    for level in [0, 1, 1.5, Double.nan] {
      #expect(throws: EvaluationError.self) {
        try evaluate(make(), bootstrap: BootstrapSettings(seed: 1, level: level))
      }
      #expect(throws: EvaluationError.self) { try wilsonInterval(successes: 1, trials: 2, level: level) }
    }
    #expect(throws: EvaluationError.self) { try wilsonInterval(successes: 3, trials: 2) }
    #expect(throws: EvaluationError.self) { try wilsonInterval(successes: 0, trials: 0) }
    #expect(throws: EvaluationError.self) {
      try AreaUnderCurve(value: 0.5, variance: 0.1).interval(degreesOfFreedom: 0)
    }
  }
}

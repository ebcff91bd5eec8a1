import Foundation
import RandomStreams
import TensorKernels
import TestSupport
import Testing
import Training

/// What `Reference/training/logistic_regression.py` wrote: rows and scikit-learn's probabilities.
private struct Golden: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var classes: Int
  var features: Int
  var lambda: Double
  var balanced: Bool
  var rows: [Float]
  var unseen: [Float]
  var labels: [Int]
  var probabilities: [[Double]]

  var testDescription: String { name }

  static let all: [Golden] = {
    let url = packageRoot.appending(path: "Reference/training/logistic_regression.json")
    return (try? JSONDecoder().decode([Golden].self, from: Data(contentsOf: url))) ?? []
  }()
}

@Suite struct LogisticRegressionTests {
  @Test func `all golden cases are there`() {
    #expect(Golden.all.count == 8)
    #expect(Golden.all.contains { $0.features > $0.labels.count } && Golden.all.contains { $0.features < $0.labels.count })
  }

  @Test(arguments: Golden.all, [false, true])
  fileprivate func `probabilities are those of scikit-learn, by features and by the Gram matrix`(
    golden: Golden, byGram: Bool
  ) throws {
    let settings = LogisticRegression.Settings(
      lambda: golden.lambda, classWeights: golden.balanced ? .balanced : .plain, maximumIterations: 20_000,
      gradientTolerance: 1e-9)
    let model = try LogisticRegression(
      rows: golden.rows, features: golden.features, labels: golden.labels, classCount: golden.classes,
      settings: settings, byGram: byGram)
    #expect(model.hasConverged)
    let found = model.probabilities(of: golden.rows + golden.unseen)
    try #require(found.count == golden.probabilities.count)
    for (row, expected) in zip(found, golden.probabilities) {
      try #require(row.count == expected.count)
      for (a, b) in zip(row, expected) { #expect(abs(a - b) < 1e-6) }
    }
  }

  @Test func `both ways take the same steps, so that a stop before the minimum gives the same model`() throws {
    let golden = try #require(Golden.all.first { $0.features > $0.labels.count })
    func fit(byGram: Bool) throws -> LogisticRegression {
      try LogisticRegression(
        rows: golden.rows, features: golden.features, labels: golden.labels, classCount: golden.classes,
        settings: .init(lambda: golden.lambda, maximumIterations: 5), byGram: byGram)
    }
    let (direct, gram) = (try fit(byGram: false), try fit(byGram: true))
    #expect(direct.iterations == 5 && gram.iterations == 5 && !direct.hasConverged && !gram.hasConverged)
    let scale = direct.weights.map(abs).max() ?? 0
    for (a, b) in zip(direct.weights, gram.weights) { #expect(abs(a - b) < 1e-4 * scale) }
    #expect(abs(direct.objective - gram.objective) < 1e-6)
  }

  @Test func `the number of threads changes no bit`() throws {
    var stream = RandomStream(seed: 4, 1)
    for features in [7, 90] {
      let labels = (0..<40).map { $0 % 3 }
      let rows = (0..<40 * features).map { Float(stream.uniform(in: -1..<1)) + Float(labels[$0 / features]) * 0.3 }
      let models = try [1, 2, 3].map { threads in
        try LogisticRegression(
          rows: rows, features: features, labels: labels, classCount: 3, settings: .init(lambda: 0.01),
          pool: ThreadPool(threads: threads))
      }
      #expect(models[0] == models[1] && models[0] == models[2])
      #expect(models[0].hasConverged)
    }
  }

  @Test func `with as many rows of a class twice, plain weights lean to it and balanced ones do not`() throws {
    // The same row stands in both classes, three times in one: only weights can tell.
    let rows: [Float] = [0, 0, 0, 0]
    func share(_ weights: LogisticRegression.Settings.ClassWeights) throws -> Double {
      try LogisticRegression(
        rows: rows, features: 1, labels: [0, 0, 0, 1], classCount: 2,
        settings: .init(lambda: 1, classWeights: weights, gradientTolerance: 1e-10)
      ).probabilities(of: [0])[0][0]
    }
    #expect(abs(try share(.plain) - 0.75) < 1e-9)
    #expect(abs(try share(.balanced) - 0.5) < 1e-9)
  }

  @Test func `what cannot be fitted is refused, and the error says what is wrong`() {
    func fit(
      _ rows: [Float], _ labels: [Int], classes: Int = 2, features: Int = 1,
      settings: LogisticRegression.Settings = .init(lambda: 1)
    ) throws {
      _ = try LogisticRegression(rows: rows, features: features, labels: labels, classCount: classes, settings: settings)
    }
    #expect(throws: LogisticRegressionError.oneClassOnly(label: 1, rows: 3)) { try fit([1, 2, 3], [1, 1, 1]) }
    #expect(throws: LogisticRegressionError.classWithoutRows(label: 1, classes: 3)) {
      try fit([1, 2, 3], [0, 2, 0], classes: 3)
    }
    #expect(throws: LogisticRegressionError.notFinite(row: 1, feature: 1)) {
      try fit([1, 2, 3, .nan], [0, 1], features: 2)
    }
    #expect(throws: LogisticRegressionError.notFinite(row: 0, feature: 0)) { try fit([.infinity, 2], [0, 1]) }
    #expect(throws: LogisticRegressionError.differentLengths(rows: 3, labels: 2, features: 1)) {
      try fit([1, 2, 3], [0, 1])
    }
    #expect(throws: LogisticRegressionError.labelOutOfRange(row: 1, label: 2, classes: 2)) { try fit([1, 2], [0, 2]) }
    #expect(throws: LogisticRegressionError.noRows) { try fit([], []) }
    for settings in [
      LogisticRegression.Settings(lambda: 0), .init(lambda: .nan), .init(lambda: 1, maximumIterations: 0),
      .init(lambda: 1, gradientTolerance: 0),
    ] {
      #expect(throws: LogisticRegressionError.self) { try fit([1, 2], [0, 1], settings: settings) }
    }
    #expect("\(LogisticRegressionError.oneClassOnly(label: 1, rows: 3))".contains("at least two classes"))
  }
}

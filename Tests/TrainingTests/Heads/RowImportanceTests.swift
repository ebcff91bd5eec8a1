import RandomStreams
import Testing
import Training

@Suite struct RowImportanceTests {
  private static let rows: [Float] = {
    var stream = RandomStream(seed: 3, RandomStream.number(of: "rows"))
    return (0..<30 * 4).map { Float(stream.normal()) + ($0 / 4 % 3 == 0 ? 1 : 0) }
  }()
  private static let labels = (0..<30).map { $0 % 3 }

  private func fit(
    _ rows: [Float], _ labels: [Int], _ importance: [Double]?, _ weights: LogisticRegression.Settings.ClassWeights = .plain,
    byGram: Bool = false
  ) throws -> LogisticRegression {
    try LogisticRegression(
      rows: rows, features: 4, labels: labels, importance: importance, classCount: 3,
      settings: .init(lambda: 0.01, classWeights: weights, gradientTolerance: 1e-9), byGram: byGram)
  }

  @Test(arguments: LogisticRegression.Settings.ClassWeights.allCases, [false, true])
  func `a row that counts twice is a row that is there twice`(
    weights: LogisticRegression.Settings.ClassWeights, byGram: Bool
  ) throws {
    let twice = try fit(Self.rows + Self.rows[..<40], Self.labels + Self.labels[..<10], nil, weights, byGram: byGram)
    let weighed = try fit(Self.rows, Self.labels, (0..<30).map { $0 < 10 ? 2 : 1 }, weights, byGram: byGram)
    for (a, b) in zip(twice.weights, weighed.weights) { #expect(abs(a - b) < 1e-5) }
    let plain = try fit(Self.rows, Self.labels, nil, weights, byGram: byGram)
    #expect(zip(plain.weights, weighed.weights).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func `only what they are to each other matters`() throws {
    let importance = (0..<30).map { Double($0 % 4 + 1) }
    let (first, second) = (
      try fit(Self.rows, Self.labels, importance), try fit(Self.rows, Self.labels, importance.map { $0 * 7 })
    )
    for (a, b) in zip(first.weights, second.weights) { #expect(abs(a - b) < 1e-6) }
  }

  @Test(arguments: [0, -1, Double.nan, .infinity])
  func `importance that makes no sense is refused`(_ value: Double) {
    var importance = [Double](repeating: 1, count: 30)
    importance[7] = value
    #expect(throws: LogisticRegressionError.self) { try fit(Self.rows, Self.labels, importance) }
    #expect(throws: LogisticRegressionError.self) { try fit(Self.rows, Self.labels, [1, 2]) }
  }
}

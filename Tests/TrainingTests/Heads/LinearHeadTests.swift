import RandomStreams
import TensorKernels
import Testing
import Training

@Suite struct LinearHeadTests {
  private static let blocks = [0..<2, 2..<5]

  /// Two classes that differ in the first feature of the first block and the last of the second.
  private static func rows(_ count: Int, seed: UInt64 = 1) -> (rows: [Float], labels: [Int]) {
    var stream = RandomStream(seed: seed, RandomStream.number(of: "rows"))
    let labels = (0..<count).map { $0 % 2 }
    let rows = labels.flatMap { label -> [Float] in
      var row = (0..<5).map { _ in Float(stream.normal()) }
      row[0] += Float(label) * 2
      row[4] = row[4] * 100 + Float(label) * 150
      return row
    }
    return (rows, labels)
  }

  private static func head(
    _ rows: [Float], _ labels: [Int], importance: [Double]? = nil, unchanged: Int? = nil, blocks: [Range<Int>] = blocks
  ) throws -> LinearHead {
    try LinearHead(
      rows: rows, labels: labels, importance: importance ?? labels.map { _ in 1 },
      unchangedRows: unchanged ?? labels.count, blocks: blocks, classCount: 2, lambda: 1e-2, iterations: 300, pool: .shared)
  }

  @Test func `it learns, and gives rows of probabilities`() throws {
    let (rows, labels) = Self.rows(200)
    let head = try Self.head(rows, labels)
    let probabilities = head.probabilities(of: rows)
    let right = zip(probabilities, labels).count { row, label in (row[1] > 0.5) == (label == 1) }
    #expect(right > 170, "\(right) of 200")
    #expect(probabilities.allSatisfy { abs($0[0] + $0[1] - 1) < 1e-12 })
    #expect(head.hasConverged && head.rowCount == 200 && head.featureCount == 5)
  }

  @Test func `a block's size does not matter, since means and scales are folded in`() throws {
    let (rows, labels) = Self.rows(100)
    let scaled = rows.enumerated().map { $0.offset % 5 < 2 ? $0.element * 1024 + 4096 : $0.element }
    let (first, second) = (try Self.head(rows, labels), try Self.head(scaled, labels))
    for (a, b) in zip(first.probabilities(of: rows), second.probabilities(of: scaled)) { #expect(abs(a[0] - b[0]) < 1e-3) }
    let whole = try Self.head(scaled, labels, blocks: [0..<5])
    let differs = zip(first.probabilities(of: rows), whole.probabilities(of: scaled)).contains { abs($0[0] - $1[0]) > 0.01 }
    #expect(differs, "as one block the large features would drown the small")
  }

  @Test func `copies that weigh half each count as one row`() throws {
    let (rows, labels) = Self.rows(60)
    let plain = try Self.head(rows, labels)
    let doubled = try Self.head(
      rows + rows, labels + labels, importance: [Double](repeating: 0.5, count: 120), unchanged: 60)
    for (a, b) in zip(plain.probabilities(of: rows), doubled.probabilities(of: rows)) { #expect(abs(a[0] - b[0]) < 1e-4) }
  }

  @Test func `copies have no part in means and scales`() throws {
    let (rows, labels) = Self.rows(60)
    let (far, _) = Self.rows(60, seed: 2)
    let copies = far.map { $0 * 1e4 }
    // With next to no weight the copies change nothing but what they would change of the scales.
    let importance = [Double](repeating: 1, count: 60) + [Double](repeating: 1e-12, count: 60)
    let (alone, beside) = (
      try Self.head(rows, labels), try Self.head(rows + copies, labels + labels, importance: importance, unchanged: 60)
    )
    for (a, b) in zip(alone.probabilities(of: rows), beside.probabilities(of: rows)) { #expect(abs(a[0] - b[0]) < 1e-3) }
  }

  @Test func `the same rows give the same bits on any number of threads`() throws {
    let (rows, labels) = Self.rows(80)
    let heads = try [1, 2, 3].map { threads in
      try LinearHead(
        rows: rows, labels: labels, importance: labels.map { _ in 1 }, unchangedRows: 80, blocks: Self.blocks, classCount: 2,
        lambda: 1e-4, iterations: 50, pool: ThreadPool(threads: threads))
    }
    #expect(heads[0] == heads[1] && heads[1] == heads[2])
  }
}

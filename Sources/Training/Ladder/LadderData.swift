import Foundation
import KidneyData
import TensorKernels

/// A data set as the ladder needs it: what is a copy of what, what belongs together, and the pictures' inner products.
struct LadderData {
  let data: DataSet
  let series: SeriesAssignment
  let copies: LadderDataSet.Copies
  /// The pictures without copies, in rising order.
  let kept: [Int]
  let gram: GramMatrix
  let layer: String

  /// - Throws: what reading pictures throws.
  init(
    _ data: DataSet, base: LadderBase, cache: FeatureCache?, pool: ThreadPool,
    progress: @escaping @Sendable (LadderEvent) -> Void
  ) throws {
    let total = data.count
    var (layer, shape, rows) = try base.features(of: data, cache: cache) {
      progress(.features(done: $0, total: total))
    }
    let audit = try DataAudit(data, features: Self.positionMeans(rows, shape: shape, pictures: total)) {
      progress(.audit($0))
    }
    for index in rows.indices { rows[index] = rows[index].squareRoot() }
    let width = shape.reduce(1, *)
    try checkRows(rows, count: total, features: width)
    gram = GramMatrix(rows: rows, features: width, centre: columnMeans(of: rows, features: width), pool: pool)
    self.data = data
    self.layer = layer
    series = audit.series
    (kept, copies) = Self.withoutCopies(audit)
  }

  /// The mean over positions of each channel, by which the audit compares pictures.
  private static func positionMeans(_ rows: [Float], shape: [Int], pictures: Int) -> [[Float]] {
    let channels = shape[shape.count - 1]
    let positions = shape.dropLast().reduce(1, *)
    return (0..<pictures).map { picture in
      var means = [Float](repeating: 0, count: channels)
      for position in 0..<positions {
        let start = (picture * positions + position) * channels
        for channel in 0..<channels { means[channel] += rows[start + channel] }
      }
      return means.map { $0 / Float(positions) }
    }
  }

  /// Goes through the pictures in order and keeps each that is no copy of one kept before. A chain of neighbours, each
  /// a near copy of the next, is so thinned and not reduced to one.
  static func withoutCopies(_ audit: DataAudit) -> (kept: [Int], copies: LadderDataSet.Copies) {
    let labels = audit.data.labels
    var copiesOf = [[Int]](repeating: [], count: labels.count)
    var conflicting: Set<Int> = []
    for pair in audit.copies {
      copiesOf[pair.second].append(pair.first)
      if labels[pair.first] != labels[pair.second] { conflicting.formUnion([pair.first, pair.second]) }
    }
    var isKept = [Bool](repeating: false, count: labels.count)
    for picture in labels.indices where !conflicting.contains(picture) {
      isKept[picture] = !copiesOf[picture].contains { isKept[$0] }
    }
    let kept = labels.indices.filter { isKept[$0] }
    return (
      kept,
      LadderDataSet.Copies(
        pairs: audit.copies.count, removed: labels.count - kept.count - conflicting.count, conflicting: conflicting.count)
    )
  }
}

/// The pictures of a data set in the order of one class's probability, ready for the AUC of any
/// weighting of their series without another sort.
struct Ranking {
  private let series: [Int]
  private let isPositive: [Bool]
  /// Whether the next picture has another score, or there is none.
  private let endsTie: [Bool]

  /// - Parameters:
  ///   - scores: of each picture, finite.
  ///   - positive: whether each picture is of the class.
  ///   - series: of each picture, an index into the weights.
  init(scores: [Double], positive: [Bool], series: [Int]) {
    precondition(scores.count == positive.count && scores.count == series.count)
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    self.series = order.map { series[$0] }
    isPositive = order.map { positive[$0] }
    endsTie = order.indices.map { $0 + 1 == order.count || scores[order[$0]] != scores[order[$0 + 1]] }
  }

  /// The area under the curve when each picture counts as its series's weight; NaN without positives
  /// or negatives.
  func area(weights: [Double]) -> Double {
    var (positives, negatives, tiedPositives, tiedNegatives, wins) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in series.indices {
      let weight = weights[series[index]]
      if isPositive[index] { tiedPositives += weight } else { tiedNegatives += weight }
      if endsTie[index] {
        wins += tiedPositives * (negatives + tiedNegatives / 2)
        positives += tiedPositives
        negatives += tiedNegatives
        (tiedPositives, tiedNegatives) = (0, 0)
      }
    }
    return wins / (positives * negatives)
  }
}

/// Pictures from the highest score down, with the places where a threshold can lie.
struct ScoreOrder {
  /// Pictures, highest score first.
  let order: [Int]
  /// Whether the next picture has another score, or there is none.
  let endsTie: [Bool]

  init(_ scores: [Double]) {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    self.order = order
    endsTie = order.indices.map { $0 + 1 == order.count || scores[order[$0]] != scores[order[$0 + 1]] }
  }

  /// Calls `body` at the end of each run of equal scores with the weights of positives and negatives
  /// at or above it.
  func forEachThreshold(
    positive: [Bool], weights: [Double], _ body: (_ picture: Int, _ positives: Double, _ negatives: Double) -> Void
  ) {
    var (positives, negatives) = (0.0, 0.0)
    for (place, picture) in order.enumerated() {
      if positive[picture] { positives += weights[picture] } else { negatives += weights[picture] }
      if endsTie[place] { body(picture, positives, negatives) }
    }
  }
}

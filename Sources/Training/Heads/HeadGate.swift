import Inference

/// The gate of the heads: what is no kidney CT, told from features that they look at anyway.
///
/// Fitted to every picture of the data, whatever the head answers, and to changed copies: those that are trained on, and
/// darker, brighter and noisy ones, which a gate without them would refuse.
struct HeadGate {
  let features: HeadFeatures
  /// The series of each picture.
  let series: [Int]

  static let layer = "block3_pool"
  /// Changes besides the recipe's copies.
  static let changes: [PictureChange] = [
    .brightness(hundredths: 75), .brightness(hundredths: 125), .noise(deviation: 3),
  ]
  /// - Returns: nil for a recipe without the gate's feature.
  /// - Throws: `GateFit.Failure` for too few series or pictures.
  func fit() throws -> Gate? {
    let block = FeatureRecipe.Block(layer: Self.layer, statistic: .mean)
    guard let place = features.recipe.features.blocks.firstIndex(of: block) else { return nil }
    let range = features.blockRanges[place]
    func samples(_ change: PictureChange, _ pictures: [Int]) -> [GateFit.Sample] {
      let rows = features.rows(of: pictures, change)
      return pictures.enumerated().map { row, picture in
        let first = row * features.count
        return GateFit.Sample(
          features: Array(rows[first + range.lowerBound..<first + range.upperBound]), series: series[picture],
          isChanged: change != .none)
      }
    }
    var all = samples(.none, features.pictures(with: .none))
    for copy in features.recipe.copies { all += samples(copy, features.pictures(with: copy)) }
    for change in Self.changes { all += samples(change, features.triedPictures(with: change)) }
    return try GateFit()(all, layer: Self.layer)
  }
}

import KidneyData

/// What is known of a split that does not keep series together, for every number that comes of it.
public struct Leakage: Codable, Equatable, Sendable {
  /// Nothing else lets such a split pass.
  static let acceptance = "--accept-leakage"

  /// Always "--accept-leakage".
  public var acceptedBy: String
  /// All pictures that the scores rest on.
  public var scoredPictures: Int
  /// Scored pictures that were trained on.
  public var trainedOn: Int
  /// Scored pictures that were not, but whose series was.
  public var ofTrainedSeries: Int

  enum CodingKeys: String, CodingKey {
    case acceptedBy = "accepted_by"
    case scoredPictures = "scored_pictures"
    case trainedOn = "trained_on"
    case ofTrainedSeries = "of_trained_series"
  }

  /// What is added to the method of every metric.
  static let mark = ScoreMark.leaky.rawValue

  /// The mark for numbers that come of a split; nil for one that keeps series together.
  static func mark(of method: SplitMethod) -> String? { method.keepsSeries ? nil : mark }

  /// Nil for a split that keeps series together.
  init?(_ division: Division, scored pictures: [Int]) {
    guard !division.split.method.keepsSeries else { return nil }
    let training = Set(division.split.training)
    let series = Set(division.split.training.map { division.series.seriesOf[$0] })
    acceptedBy = Self.acceptance
    scoredPictures = pictures.count
    trainedOn = pictures.count { training.contains($0) }
    ofTrainedSeries = pictures.count { !training.contains($0) && series.contains(division.series.seriesOf[$0]) }
  }
}

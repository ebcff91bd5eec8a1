/// A figure of merit with what is needed to judge it: its interval, how that was found, and how many
/// pictures and series it rests on.
///
/// Its JSON has the keys `value`, `low`, `high`, `method`, `images` and `series`. Without an interval
/// `low` and `high` are written as `null`, and `method` says why, such as "no interval: 3 series".
public struct Metric: Codable, Sendable, Equatable {
  /// The figure itself.
  public var value: Double
  /// Lower end of the interval, or nil where there is none.
  public var low: Double?
  /// Upper end of the interval, or nil where there is none.
  public var high: Double?
  /// How the interval was found, or why there is none.
  public var method: String
  /// Number of pictures the figure rests on: those of the positive class for a sensitivity.
  public var images: Int
  /// Number of series with at least one of those pictures.
  public var series: Int

  public init(value: Double, low: Double?, high: Double?, method: String, images: Int, series: Int) {
    self.value = value
    self.low = low
    self.high = high
    self.method = method
    self.images = images
    self.series = series
  }

  /// Whether the figure has an interval.
  public var hasInterval: Bool { low != nil && high != nil }

  enum CodingKeys: String, CodingKey {
    case value, low, high, method, images, series
  }

  /// Spelled out, since the synthesized version would leave out `low` and `high` where they are nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(method, forKey: .method)
    try container.encode(images, forKey: .images)
    try container.encode(series, forKey: .series)
  }
}

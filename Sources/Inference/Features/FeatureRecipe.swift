/// Which numbers of a base's layers a linear head looks at.
///
/// A list of blocks; each takes one layer's output, whose shape is `[height, width, channels]`, and makes one statistic
/// of every channel. The square root of every number is the feature (numbers below zero count as zero). Means and scales
/// of the features are not part of it: a linear head holds them in its weights.
public struct FeatureRecipe: Codable, Hashable, Sendable {
  /// In the order of the features.
  public var blocks: [Block]

  /// One statistic of one layer.
  public struct Block: Codable, Hashable, Sendable {
    /// A layer of the base, such as "block3_pool".
    public var layer: String
    public var statistic: Statistic

    /// - Parameter layer: of the base, such as "block3_pool"; whether it exists is checked when the network is cut.
    public init(layer: String, statistic: Statistic) {
      self.layer = layer
      self.statistic = statistic
    }
  }

  /// What is made of a channel's plane.
  public enum Statistic: Hashable, Sendable {
    /// The mean over all positions. One number a channel.
    case mean
    /// The population deviation over all positions. One number a channel.
    case deviation
    /// The population deviation of the means over n x n cells. One number a channel.
    case cellDeviation(Int)
    /// The means over n x n cells, cell by cell in reading order. n² numbers a channel.
    case cells(Int)
    /// Every position, in reading order. height x width numbers a channel.
    case positions
  }

  /// - Parameter blocks: in the order of the features; at least one.
  public init(blocks: [Block]) {
    self.blocks = blocks
  }

  /// A text that is the same only for the same recipe; features on disk are kept by it.
  public var identity: String {
    "root of " + blocks.map { "\($0.layer) \($0.statistic.text)" }.joined(separator: ", ") + ", v1"
  }
}

extension FeatureRecipe.Statistic: Codable {
  /// Such as "mean", "deviation", "deviation of 7x7 cells", "2x2 cells", "positions".
  public var text: String {
    switch self {
    case .mean: "mean"
    case .deviation: "deviation"
    case .cellDeviation(let cells): "deviation of \(cells)x\(cells) cells"
    case .cells(let cells): "\(cells)x\(cells) cells"
    case .positions: "positions"
    }
  }

  /// - Returns: nil for a text that is none of a statistic.
  init?(text: String) {
    let plain: [Self] = [.mean, .deviation, .positions]
    let gridded = Self.allowedCells.flatMap { [Self.cellDeviation($0), .cells($0)] }
    guard let found = (plain + gridded).first(where: { $0.text == text }) else { return nil }
    self = found
  }

  /// Cells along one side of a plane.
  static let allowedCells = 1...64

  /// - Throws: `DecodingError` for a text that is no statistic.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let statistic = Self(text: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no statistic of features")
    }
    self = statistic
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

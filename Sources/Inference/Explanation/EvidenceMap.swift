/// Where in a picture the evidence for a class lies.
public struct EvidenceMap: Equatable, Sendable {
  public let height: Int
  public let width: Int
  /// Shape: [height, width], Float32, 0…1: each place's evidence as a share of the largest.
  public let values: [Float]
  /// The largest evidence, in the method's own unit; 0 if nothing speaks for the class, and `values` are then all 0.
  public let strength: Float

  /// - Parameter evidence: shape [height, width]; what is negative counts as none.
  public init(height: Int, width: Int, evidence: [Float]) {
    precondition(height > 0 && width > 0 && evidence.count == height * width, "a map has one value a place")
    self.height = height
    self.width = width
    let strength = max(0, evidence.max() ?? 0)
    self.strength = strength
    values = strength > 0 ? evidence.map { max(0, $0) / strength } : evidence.map { _ in 0 }
  }

  private init(height: Int, width: Int, values: [Float], strength: Float) {
    self.height = height
    self.width = width
    self.values = values
    self.strength = strength
  }

  /// The place of the largest value, the first of equals; nil if there is no evidence.
  public var peak: Peak? {
    guard strength > 0 else { return nil }
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return Peak(row: best / width, column: best % width)
  }

  /// A place in a map or picture, from 0 at the top left.
  public struct Peak: Equatable, Sendable, Codable {
    public var row: Int
    public var column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// The map at another size, linear between the middles of its places; beyond the outermost middles it stays constant.
  public func resized(height newHeight: Int, width newWidth: Int) -> EvidenceMap {
    precondition(newHeight > 0 && newWidth > 0, "a map has at least one place")
    let down = Self.neighbours(of: newHeight, in: height)
    let across = Self.neighbours(of: newWidth, in: width)
    var resized = [Float](repeating: 0, count: newHeight * newWidth)
    for (row, y) in down.enumerated() {
      for (column, x) in across.enumerated() {
        let upper = values[y.first * width + x.first] * (1 - x.share) + values[y.first * width + x.second] * x.share
        let lower = values[y.second * width + x.first] * (1 - x.share) + values[y.second * width + x.second] * x.share
        resized[row * newWidth + column] = upper * (1 - y.share) + lower * y.share
      }
    }
    return EvidenceMap(height: newHeight, width: newWidth, values: resized, strength: strength)
  }

  private struct Neighbours {
    var first: Int
    var second: Int
    /// How much the second weighs.
    var share: Float
  }

  private static func neighbours(of newCount: Int, in count: Int) -> [Neighbours] {
    (0..<newCount).map { index in
      let place = (Float(index) + 0.5) * Float(count) / Float(newCount) - 0.5
      let clamped = min(max(place, 0), Float(count - 1))
      let first = min(Int(clamped), count - 1)
      return Neighbours(first: first, second: min(first + 1, count - 1), share: clamped - Float(first))
    }
  }
}

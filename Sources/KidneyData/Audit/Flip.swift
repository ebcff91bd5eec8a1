/// How one picture lies on another: as it is, or seen in a mirror.
public enum Flip: String, Codable, Sendable, CaseIterable {
  case none
  /// Left and right exchanged.
  case horizontal
  /// Top and bottom exchanged.
  case vertical
  /// Both: turned by 180 degrees.
  case both

  var isHorizontal: Bool { self == .horizontal || self == .both }
  var isVertical: Bool { self == .vertical || self == .both }

  /// The sign that a coefficient takes on in the mirror: odd frequencies change theirs.
  func sign(of coefficient: Int) -> Float {
    let isChanged =
      (isHorizontal && coefficient % BroadShape.side % 2 == 1) != (isVertical && coefficient / BroadShape.side % 2 == 1)
    return isChanged ? -1 : 1
  }

  /// The bits of a hash that change in the mirror.
  package var mask: UInt64 {
    (0..<64).reduce(0) { sign(of: $1) < 0 ? $0 | 1 << UInt64($1) : $0 }
  }
}

/// How large a part of the result Winograd's algorithm computes at a time.
enum WinogradTile: Sendable {
  /// F(4x4, 3x3), interpolated at 0, ±1, ±2 and ∞: 36 multiplications for sixteen results.
  case four
  /// F(6x6, 3x3), at ±1/2 too: 64 multiplications for 36 results, one and a half times the rounding error.
  case six

  /// Rows, and columns, of results.
  var size: Int {
    switch self {
    case .four: 4
    case .six: 6
    }
  }

  /// Places of a transformed tile: planes that are multiplied.
  var positions: Int { (size + 2) * (size + 2) }
}

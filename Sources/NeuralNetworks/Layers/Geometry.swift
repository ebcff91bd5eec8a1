/// A height and a width, in pixels or positions. An integer literal is a square.
public struct Size2D: Hashable, Sendable, ExpressibleByIntegerLiteral {
  public var height: Int
  public var width: Int

  /// - Parameters: in pixels or positions; what range they may have says whoever takes the size.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral value: Int) {
    self.init(height: value, width: value)
  }
}

/// What surrounds an input before a window moves over it: zeros for a convolution, nothing at all for a pooling.
public enum Padding: Hashable, Sendable {
  /// As much as makes the output `ceil(input / stride)` long; where it is odd, the bottom and the right get one more
  /// (Keras's `same`).
  case same
  /// None: windows stay inside the input.
  case valid
  case explicit(top: Int, left: Int, bottom: Int, right: Int)

  /// The rows and columns to add. A negative number in `explicit` is our own bug.
  package func amounts(
    input: Size2D, window: Size2D, stride: Size2D
  ) -> (top: Int, left: Int, bottom: Int, right: Int) {
    switch self {
    case .valid: return (0, 0, 0, 0)
    case .explicit(let top, let left, let bottom, let right):
      precondition(min(top, left, bottom, right) >= 0, "a padding cannot be negative")
      return (top, left, bottom, right)
    case .same:
      let rows = Self.total(input.height, window.height, stride.height)
      let columns = Self.total(input.width, window.width, stride.width)
      return (rows / 2, columns / 2, rows - rows / 2, columns - columns / 2)
    }
  }

  private static func total(_ input: Int, _ window: Int, _ stride: Int) -> Int {
    let output = (input + stride - 1) / stride
    return max((output - 1) * stride + window - input, 0)
  }
}

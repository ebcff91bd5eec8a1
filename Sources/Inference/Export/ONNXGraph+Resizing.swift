import Backbones
import MedicalImages

/// Pillow's resizing as a graph, for pictures of any size: what `Picture.resized` does, with its rounding to 8 bits
/// after each axis. ONNX's own Resize neither widens its filters as Pillow does nor rounds between the axes.
extension ONNXGraph {
  /// A size that is known only when the graph is run: numbers without dimensions, Double, in pixels.
  struct PlaneSize {
    var height: Value
    var width: Value
  }

  /// - Parameters:
  ///   - planes: Shape: [batch, channels, height, width], Double, whole numbers 0…255.
  ///   - size: of the planes.
  /// - Returns: Shape: [batch, channels, newHeight, newWidth], Double, whole numbers 0…255.
  mutating func resized(
    _ planes: Value, from size: PlaneSize, height newHeight: Int, width newWidth: Int, by resampling: Resampling
  ) -> Value {
    switch resampling {
    case .nearest:
      let rows = nearest(from: size.height, to: newHeight)
      let columns = nearest(from: size.width, to: newWidth)
      let picked = add("Gather", planes, rows, attributes: ["axis": .int(2)])
      return add("Gather", picked, columns, attributes: ["axis": .int(3)])
    case .bilinear, .lanczos:
      let acrossWeights = weights(resampling, from: size.width, to: newWidth)
      let across = rounded(add("MatMul", planes, transposed(acrossWeights, [1, 0])))
      let downWeights = weights(resampling, from: size.height, to: newHeight)
      return rounded(add("MatMul", downWeights, across))
    }
  }

  /// `nearestIndices`: the position is accumulated there, so it is here.
  private mutating func nearest(from count: Value, to newCount: Int) -> Value {
    let step = quotient(count, scalar(Double(newCount)))
    let shares = [0.5] + [Double](repeating: 1, count: newCount - 1)
    let steps = product(constant(shares, shape: [newCount]), step)
    let positions = add("CumSum", steps, scalar(0))
    return integer(add("Min", floor(positions), difference(count, scalar(1.0))))
  }

  /// `FilterWeights`: fixed-point numbers of 22 fractional bits, as whole numbers in double precision, in which their
  /// products with pixels are exact.
  ///
  /// - Returns: Shape: [newCount, count], Double.
  private mutating func weights(_ resampling: Resampling, from count: Value, to newCount: Int) -> Value {
    let isLanczos = resampling == .lanczos
    let scale = quotient(count, scalar(Double(newCount)))
    let widening = atLeast(scale, 1)
    let support = product(widening, isLanczos ? 3 : 1)
    let inverse = quotient(scalar(1.0), widening)
    let middles = constant((0..<newCount).map { Double($0) + 0.5 }, shape: [newCount, 1])
    let center = product(middles, scale)
    let first = atLeast(floor(sum(difference(center, support), 0.5)), 0)
    let end = add("Min", floor(sum(sum(center, support), 0.5)), count)

    let source = add("Range", scalar(0.0), count, scalar(1.0))
    let place = product(sum(difference(source, center), 0.5), inverse)
    let value = isLanczos ? lanczos(place) : atLeast(complement(absolute(place)), 0)
    let inside = product(indicator("GreaterOrEqual", source, first), indicator("Less", source, end))
    let exact = product(value, inside)
    let total = sum(exact, axis: 1, keep: true)
    let weight = quotient(exact, sum(total, indicator("Equal", total, scalar(0.0))))
    // Rounded away from zero.
    let scaled = product(absolute(weight), Double(1 << fractionalBits))
    return product(add("Sign", weight), floor(sum(scaled, 0.5)))
  }

  private mutating func lanczos(_ place: Value) -> Value {
    let lobes = product(sinc(place), sinc(quotient(place, scalar(3.0))))
    let inside = product(
      indicator("GreaterOrEqual", place, scalar(-3.0)), indicator("Less", place, scalar(3.0)))
    return product(lobes, inside)
  }

  /// sin(πx) / πx, and 1 at zero.
  private mutating func sinc(_ place: Value) -> Value {
    let angle = product(place, Double.pi)
    let isZero = indicator("Equal", angle, scalar(0.0))
    return quotient(sum(add("Sin", angle), isZero), sum(angle, isZero))
  }

  /// From sums in fixed point to 8 bits.
  private mutating func rounded(_ sums: Value) -> Value {
    let one = Double(1 << fractionalBits)
    let whole = floor(quotient(sum(sums, one / 2), scalar(one)))
    return atMost(atLeast(whole, 0), 255)
  }

  private var fractionalBits: Int { PreprocessingSpecification.resizingFractionalBits }
}

import Backbones
import MedicalImages

/// Preprocessing as operations of Keras; see `ONNXGraph+Resizing`, which computes the same in the same order.
extension KerasGraph {
  /// - Returns: Shape: [batch, height, width, 3], Float32, scaled: the base's input.
  /// - Throws: `BackboneError.notExportable` for a resampling without a form here.
  mutating func preprocessed(by specification: PreprocessingSpecification) throws -> Value {
    var planes = double(input)
    if specification.colors == .grey {
      let weighted = einsum(
        "nhwc,cd->nhwd", planes.argument, Self.constant([19595, 38470, 7471], shape: [3, 1]))
      planes = floor(quotient(sum(weighted, 32768), 65536))
    }
    if let common = specification.common {
      planes = try resized(planes, height: common.height, width: common.width, by: common.resampling)
    }
    planes = try resized(
      planes, height: specification.height, width: specification.width, by: specification.resampling)
    var pixels = float(planes)
    let arithmetic = specification.scaling.arithmetic
    if arithmetic.reversesChannels, specification.colors == .rgb {
      let order: JSONText = ["class_name": "__numpy__", "config": ["value": [2, 1, 0], "dtype": "int32"]]
      pixels = add("Take", [pixels.argument, order], settings: ["axis": 3])
    }
    // Its three channels make three of a grey one.
    let means = Self.constant(arithmetic.means.map(Double.init), shape: [1, 1, 1, 3], type: "float32")
    let shifted = add("Subtract", [pixels.argument, means])
    let factor = Self.constant([Double(arithmetic.factor)], shape: [1, 1, 1, 1], type: "float32")
    return add("Multiply", [shifted.argument, factor], name: "pixels")
  }

  /// - Parameter planes: Shape: [batch, height, width, channels], Double, whole numbers 0…255.
  private mutating func resized(
    _ planes: Value, height: Int, width: Int, by resampling: Resampling
  ) throws -> Value {
    guard resampling != .nearest else {
      throw BackboneError.notExportable(
        target: "keras", part: "preprocessing", reason: "resampling 'nearest' has no Keras form here; write it for onnx")
    }
    let across = weights(resampling, planes, axis: 2, to: width)
    let rows = rounded(einsum("nhwc,nvw->nhvc", planes.argument, across.argument))
    let down = weights(resampling, planes, axis: 1, to: height)
    return rounded(einsum("nhvc,nuh->nuvc", rows.argument, down.argument))
  }

  /// - Parameter axis: of the planes, whose length is known only when the model is run.
  /// - Returns: Shape: [batch, newCount, count], Double.
  private mutating func weights(_ resampling: Resampling, _ planes: Value, axis: Int, to newCount: Int) -> Value {
    let isLanczos = resampling == .lanczos
    let whole: JSONText = ["class_name": "__slice__", "config": ["start": .null, "stop": .null, "step": .null]]
    let ones = add("OnesLike", [planes.argument], settings: ["dtype": .null])
    let line = add("GetItem", [ones.argument, .list([whole] + (axis == 1 ? [whole, 0, 0] : [0, whole, 0]))])
    let numbers = add(
      "ExpandDims", [add("Cumsum", [line.argument], settings: ["axis": 1, "dtype": .null]).argument],
      settings: ["axis": 1])
    let count = reduced("Max", numbers, axes: [2], keep: true)
    let source = sum(numbers, -1)

    let scale = quotient(count, Double(newCount))
    let widening = atLeast(scale, 1)
    let support = product(widening, isLanczos ? 3 : 1)
    let inverse = add("TrueDivide", [.real(1), widening.argument])
    let middles = Self.constant((0..<newCount).map { Double($0) + 0.5 }, shape: [1, newCount, 1])
    let center = add("Multiply", [scale.argument, middles])
    let first = atLeast(floor(sum(difference(center, support), 0.5)), 0)
    let last = add("Minimum", [floor(sum(sum(center, support), 0.5)).argument, count.argument])

    let place = product(sum(difference(source, center), 0.5), inverse)
    let value = isLanczos ? lanczos(place) : atLeast(complement(absolute(place)), 0)
    let inside = product(
      indicator("GreaterEqual", source, first.argument), indicator("Less", source, last.argument))
    let exact = product(value, inside)
    let total = reduced("Sum", exact, axes: [2], keep: true)
    let weight = quotient(exact, sum(total, indicator("Equal", total, .real(0))))
    let scaled = floor(sum(product(absolute(weight), one), 0.5))
    return product(add("Sign", [weight.argument]), scaled)
  }

  private mutating func lanczos(_ place: Value) -> Value {
    let lobes = product(sinc(place), sinc(quotient(place, 3)))
    let inside = product(indicator("GreaterEqual", place, .real(-3)), indicator("Less", place, .real(3)))
    return product(lobes, inside)
  }

  private mutating func sinc(_ place: Value) -> Value {
    let angle = product(place, Double.pi)
    let isZero = indicator("Equal", angle, .real(0))
    return quotient(sum(add("Sin", [angle.argument]), isZero), sum(angle, isZero))
  }

  private mutating func rounded(_ sums: Value) -> Value {
    atMost(atLeast(floor(quotient(sum(sums, one / 2), one)), 0), 255)
  }

  private var one: Double { Double(1 << PreprocessingSpecification.resizingFractionalBits) }
}

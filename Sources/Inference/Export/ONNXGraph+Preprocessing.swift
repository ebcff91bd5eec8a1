import Backbones
import MedicalImages

extension ONNXGraph {
  /// The model's preprocessing, from decoded pictures of any size.
  ///
  /// - Parameter pictures: Shape: [batch, height, width, 3], UInt8, red, green, blue.
  /// - Returns: Shape: [batch, 3, height, width], Float32, scaled: the base's input.
  mutating func preprocessed(_ pictures: Value, by specification: PreprocessingSpecification) -> Value {
    let shape = add("Shape", pictures)
    var size = PlaneSize(
      height: double(add("Gather", shape, scalar(1))), width: double(add("Gather", shape, scalar(2))))
    let values = double(pictures)
    var planes = transposed(specification.colors == .grey ? grey(values) : values, [0, 3, 1, 2])
    if let common = specification.common {
      planes = resized(planes, from: size, height: common.height, width: common.width, by: common.resampling)
      size = PlaneSize(height: scalar(Double(common.height)), width: scalar(Double(common.width)))
    }
    planes = resized(
      planes, from: size, height: specification.height, width: specification.width, by: specification.resampling)
    return scaled(float(planes), specification)
  }

  /// `Picture.grey`: whole numbers below 2^24, exact. Shape: from [batch, height, width, 3] to [..., 1].
  private mutating func grey(_ values: Value) -> Value {
    let weighted = add("MatMul", values, constant([19595, 38470, 7471], shape: [3, 1]))
    return floor(quotient(sum(weighted, 32768), scalar(65536.0)))
  }

  /// - Parameter planes: Shape: [batch, 1 or 3, height, width], Float32, red, green, blue; one plane becomes three.
  private mutating func scaled(_ planes: Value, _ specification: PreprocessingSpecification) -> Value {
    let arithmetic = specification.scaling.arithmetic
    var ordered = planes
    if arithmetic.reversesChannels, specification.colors == .rgb {
      ordered = add("Gather", planes, constant([2, 1, 0]), attributes: ["axis": .int(1)])
    }
    let shifted = add("Sub", ordered, constant(floats: arithmetic.means, shape: [1, 3, 1, 1]))
    return add("Mul", shifted, constant(floats: [arithmetic.factor], shape: [1, 1, 1, 1]), name: "pixels")
  }
}

/// From a decoded picture to a network's input: the one definition of it, for training, evaluation, command line and
/// server. It travels in the model file, and a model is refused where its `identity` is another.
///
/// The picture is made red-green-blue (grey is repeated), resized without keeping its proportions, then scaled.
public struct PreprocessingSpecification: Hashable, Sendable {
  /// In pixels.
  public let height: Int
  /// In pixels.
  public let width: Int
  public let resampling: Resampling
  public let scaling: PixelScaling

  /// What either side may be, in pixels.
  public static let allowedSides = 1...8192

  /// For sides known when the program is written; for a user's, see `init(checkingHeight:width:resampling:scaling:)`.
  public init(height: Int, width: Int, resampling: Resampling = .bilinear, scaling: PixelScaling) {
    precondition(Self.allowedSides.contains(height) && Self.allowedSides.contains(width), "a side out of range")
    self.height = height
    self.width = width
    self.resampling = resampling
    self.scaling = scaling
  }

  /// For sides that come from outside.
  ///
  /// - Throws: `MedicalImageError.invalidSetting` for a side outside `allowedSides`.
  public init(
    checkingHeight height: Int, width: Int, resampling: Resampling = .bilinear, scaling: PixelScaling
  ) throws {
    for (key, side) in [("height", height), ("width", width)] where !Self.allowedSides.contains(side) {
      throw MedicalImageError.invalidSetting(
        key: "preprocessing \(key)", value: "\(side)",
        allowed: "\(Self.allowedSides.lowerBound) to \(Self.allowedSides.upperBound) pixels")
    }
    self.init(height: height, width: width, resampling: resampling, scaling: scaling)
  }

  /// A text that is the same only for the same preprocessing, such as "rgb-224x224-bilinear-imagenet-v1": colours,
  /// height x width, resampling, scaling, and the version of this code's arithmetic.
  public var identity: String {
    "rgb-\(height)x\(width)-\(resampling.rawValue)-\(scaling.rawValue)-v1"
  }

  /// How many values a picture becomes.
  public var valueCount: Int { height * width * 3 }

  // MARK: - A whole picture

  /// - Returns: shape [height, width, 3], Float32, scaled: the network's input.
  public func tensorValues(of picture: Picture) -> [Float] {
    newValues { writeTensorValues(of: picture, into: $0) }
  }

  /// - Parameter values: shape [height, width, 3]; it gets what `tensorValues` returns.
  public func writeTensorValues(of picture: Picture, into values: UnsafeMutableBufferPointer<Float>) {
    let resized = picture.resized(width: width, height: height, by: resampling)
    scaling.apply(resized.pixels, channels: resized.channels, into: values)
  }

  // MARK: - In two steps, for augmentation between them

  /// - Returns: shape [height, width, 3], Float32, whole numbers 0…255, red, green, blue: the input of augmentation.
  public func resizedPixels(of picture: Picture) -> [Float] {
    newValues { writeResizedPixels(of: picture, into: $0) }
  }

  /// - Parameter values: shape [height, width, 3]; it gets what `resizedPixels` returns.
  public func writeResizedPixels(of picture: Picture, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(values.count == valueCount, "the target holds height x width x 3 values")
    let resized = picture.resized(width: width, height: height, by: resampling).rgb()
    resized.pixels.withUnsafeBufferPointer { pixels in
      for index in 0..<pixels.count { values[index] = Float(pixels[index]) }
    }
  }

  /// - Parameter pixels: shape [height, width, 3], Float32, 0…255, red, green, blue.
  /// - Returns: the same shape, scaled.
  public func scaled(_ pixels: [Float]) -> [Float] {
    newValues { values in pixels.withUnsafeBufferPointer { writeScaled($0, into: values) } }
  }

  /// - Parameters:
  ///   - pixels: shape [height, width, 3], Float32, 0…255, red, green, blue.
  ///   - values: the same shape; it gets what `scaled` returns, and may be the same memory as `pixels`.
  public func writeScaled(_ pixels: UnsafeBufferPointer<Float>, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(pixels.count == valueCount, "the pixels are height x width x 3 values")
    scaling.apply(pixels, into: values)
  }

  private func newValues(_ write: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: valueCount) { buffer, count in
      write(UnsafeMutableBufferPointer(rebasing: buffer[..<valueCount]))
      count = valueCount
    }
  }
}

extension PreprocessingSpecification: Codable {
  private enum CodingKeys: String, CodingKey { case height, width, resampling, scaling }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      checkingHeight: container.decode(Int.self, forKey: .height),
      width: container.decode(Int.self, forKey: .width),
      resampling: container.decode(Resampling.self, forKey: .resampling),
      scaling: container.decode(PixelScaling.self, forKey: .scaling))
  }
}

/// From a decoded picture to a network's input: the one definition of it, for training, evaluation, command line and
/// server. It travels in the model file, and a model is refused where its `identity` is another.
///
/// The picture is made red-green-blue (grey is repeated) or grey, brought to one common size first if the specification
/// names one, resized without keeping its proportions, then scaled.
public struct PreprocessingSpecification: Hashable, Sendable {
  /// In pixels.
  public let height: Int
  /// In pixels.
  public let width: Int
  /// How pictures are brought to `height` and `width`.
  public let resampling: Resampling
  /// From 0…255 to the values that the network was trained on.
  public let scaling: PixelScaling
  /// Whether colours are kept.
  public let colors: Colors
  /// A size that every picture is brought to before it is resized; nil for none. Releases of one data set in two sizes
  /// then differ no more in how sharp they are.
  public let common: CommonSize?

  /// What the network sees of colours.
  public enum Colors: String, Codable, Sendable {
    /// Red, green and blue.
    case rgb
    /// Three equal channels of grey, as Pillow's `convert("L")` makes it.
    case grey
  }

  /// A first resizing, without keeping proportions; a picture that has this size stays as it is.
  public struct CommonSize: Hashable, Codable, Sendable {
    /// In pixels.
    public var height: Int
    /// In pixels.
    public var width: Int
    /// How pictures of another size are brought to this one.
    public var resampling: Resampling

    /// - Parameters:
    ///   - height: in pixels, within `allowedSides`, which the specification checks.
    ///   - width: likewise.
    ///   - resampling: how pictures of another size are brought to this one.
    public init(height: Int, width: Int, resampling: Resampling) {
      self.height = height
      self.width = width
      self.resampling = resampling
    }
  }

  /// What either side may be, in pixels.
  public static let allowedSides = 1...8192

  /// For sides known when the program is written; for a user's, see `init(checkingHeight:width:...)`.
  ///
  /// - Parameters:
  ///   - height: of the network's input, in pixels. A side outside `allowedSides` is our own bug.
  ///   - width: likewise.
  ///   - resampling: how pictures are brought to height and width.
  ///   - scaling: from 0…255 to the values that the network was trained on.
  ///   - colors: whether colours are kept.
  ///   - common: the size that comes first; nil for none.
  public init(
    height: Int, width: Int, resampling: Resampling = .bilinear, scaling: PixelScaling, colors: Colors = .rgb,
    common: CommonSize? = nil
  ) {
    for side in [height, width] + (common.map { [$0.height, $0.width] } ?? []) {
      precondition(Self.allowedSides.contains(side), "a side out of range")
    }
    self.height = height
    self.width = width
    self.resampling = resampling
    self.scaling = scaling
    self.colors = colors
    self.common = common
  }

  /// For sides that come from outside.
  ///
  /// - Parameters: as `init(height:width:...)`, in pixels.
  /// - Throws: `MedicalImageError.invalidSetting` for a side outside `allowedSides`.
  public init(
    checkingHeight height: Int, width: Int, resampling: Resampling = .bilinear, scaling: PixelScaling,
    colors: Colors = .rgb, common: CommonSize? = nil
  ) throws {
    let sides = [
      ("height", height), ("width", width), ("common height", common?.height), ("common width", common?.width),
    ]
    for case (let key, let side?) in sides where !Self.allowedSides.contains(side) {
      throw MedicalImageError.invalidSetting(
        key: "preprocessing \(key)", value: "\(side)",
        allowed: "\(Self.allowedSides.lowerBound) to \(Self.allowedSides.upperBound) pixels")
    }
    self.init(
      height: height, width: width, resampling: resampling, scaling: scaling, colors: colors, common: common)
  }

  /// A text that is the same only for the same preprocessing, such as "rgb-224x224-bilinear-imagenet-v1" or
  /// "grey-256x256-lanczos-320x320-bilinear-imagenet-v1": colours, the common size if there is one, height x width,
  /// resampling, scaling, and the version of this code's arithmetic.
  public var identity: String {
    let first = common.map { "\($0.height)x\($0.width)-\($0.resampling.rawValue)-" } ?? ""
    return "\(colors.rawValue)-\(first)\(height)x\(width)-\(resampling.rawValue)-\(scaling.rawValue)-v1"
  }

  /// Resampling weights are fixed-point numbers of so many fractional bits, for a graph that repeats them.
  package static var resizingFractionalBits: Int { Int(FilterWeights.fractionalBits) }

  /// How many values a picture becomes.
  public var valueCount: Int { height * width * 3 }

  // MARK: - A whole picture

  /// - Returns: shape [height, width, 3], Float32, scaled: the network's input.
  public func tensorValues(of picture: Picture) -> [Float] {
    newValues { writeTensorValues(of: picture, into: $0) }
  }

  /// - Parameter values: shape [height, width, 3]; it gets what `tensorValues` returns.
  public func writeTensorValues(of picture: Picture, into values: UnsafeMutableBufferPointer<Float>) {
    let resized = resized(picture)
    resized.pixels.withUnsafeBufferPointer { scaling.apply($0, channels: resized.channels, into: values) }
  }

  // MARK: - In two steps, for augmentation between them

  /// - Returns: shape [height, width, 3], Float32, whole numbers 0…255, red, green, blue: the input of augmentation.
  public func resizedPixels(of picture: Picture) -> [Float] {
    newValues { writeResizedPixels(of: picture, into: $0) }
  }

  /// - Parameter values: shape [height, width, 3]; it gets what `resizedPixels` returns.
  public func writeResizedPixels(of picture: Picture, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(values.count == valueCount, "the target holds height x width x 3 values")
    let resized = resized(picture).rgb()
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

  /// The picture in the network's size and colours, before scaling; one channel where the picture or the specification is
  /// grey. `resizedItself` prepares what comes of it.
  public func resized(_ picture: Picture) -> Picture {
    var picture = colors == .grey ? picture.grey() : picture
    if let common { picture = picture.resized(width: common.width, height: common.height, by: common.resampling) }
    return picture.resized(width: width, height: height, by: resampling)
  }

  /// The same for pictures that `resized` has made already.
  public var resizedItself: PreprocessingSpecification {
    PreprocessingSpecification(height: height, width: width, resampling: resampling, scaling: scaling, colors: colors)
  }

  /// What `tensorValues` makes of a picture that `resized` has made already, from its pixels where they lie.
  ///
  /// - Parameters:
  ///   - pixels: shape [height, width, channels], red, green, blue or grey, 0…255.
  ///   - channels: 1 or 3.
  ///   - values: shape [height, width, 3].
  package func writeTensorValues(
    ofResized pixels: UnsafeBufferPointer<UInt8>, channels: Int, into values: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(values.count == valueCount, "the target holds height x width x 3 values")
    scaling.apply(pixels, channels: channels, into: values)
  }

  private func newValues(_ write: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: valueCount) { buffer, count in
      write(UnsafeMutableBufferPointer(rebasing: buffer[..<valueCount]))
      count = valueCount
    }
  }
}

extension PreprocessingSpecification: Codable {
  private enum CodingKeys: String, CodingKey { case height, width, resampling, scaling, colors, common }

  /// - Throws: `DecodingError`, and what a specification that makes no sense throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      checkingHeight: container.decode(Int.self, forKey: .height),
      width: container.decode(Int.self, forKey: .width),
      resampling: container.decode(Resampling.self, forKey: .resampling),
      scaling: container.decode(PixelScaling.self, forKey: .scaling),
      colors: container.decodeIfPresent(Colors.self, forKey: .colors) ?? .rgb,
      common: container.decodeIfPresent(CommonSize.self, forKey: .common))
  }

  /// What every specification had from the beginning is written always, the rest only where it changes something: the
  /// same specification gives the same model file as before.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(height, forKey: .height)
    try container.encode(width, forKey: .width)
    try container.encode(resampling, forKey: .resampling)
    try container.encode(scaling, forKey: .scaling)
    if colors != .rgb { try container.encode(colors, forKey: .colors) }
    try container.encodeIfPresent(common, forKey: .common)
  }
}

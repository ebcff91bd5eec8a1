import Foundation
import MedicalImages
import Testing

struct PreprocessingSpecificationTests {
  private let small = Picture(width: 2, height: 1, channels: 3, pixels: [10, 20, 30, 255, 0, 128])

  /// Grey, a common size of 256 x 256 by LANCZOS, then 320 x 320.
  static let grey = PreprocessingSpecification(
    height: 320, width: 320, scaling: .imagenet, colors: .grey,
    common: .init(height: 256, width: 256, resampling: .lanczos))

  private func specification(_ scaling: PixelScaling, height: Int = 1, width: Int = 2) -> PreprocessingSpecification {
    PreprocessingSpecification(height: height, width: width, scaling: scaling)
  }

  @Test func `imagenet is blue, green, red less the means`() {
    let values = specification(.imagenet).tensorValues(of: small)
    let expected: [(Float, Float)] = [
      (30, 103.939), (20, 116.779), (10, 123.68), (128, 103.939), (0, 116.779), (255, 123.68),
    ]
    #expect(values == expected.map { $0.0 - $0.1 })
  }

  @Test func `divide_255 multiplies by the Float32 nearest to 1/255`() {
    let grey = Picture(width: 256, height: 1, channels: 1, pixels: (0...255).map { UInt8($0) })
    let values = specification(.divide255, width: 256).tensorValues(of: grey)
    #expect(values.count == 768)
    #expect(values[0] == 0)
    #expect(values[767] == 1)
    let differing = (0..<256).filter { values[3 * $0] != Float($0) / 255 }
    #expect(differing.count == 126)  // Keras multiplies; a division would be another number in the last bit
  }

  @Test(arguments: PixelScaling.allCases)
  func `in one step and in two gives the same bits`(_ scaling: PixelScaling) {
    for channels in [1, 3] {
      let picture = madePicture(width: 37, height: 51, channels: channels)
      let specification = specification(scaling, height: 24, width: 19)
      let pixels = specification.resizedPixels(of: picture)
      #expect(pixels.count == 24 * 19 * 3)
      #expect(pixels.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() })
      #expect(specification.scaled(pixels) == specification.tensorValues(of: picture))
      var inPlace = pixels
      inPlace.withUnsafeMutableBufferPointer { specification.writeScaled(UnsafeBufferPointer($0), into: $0) }
      #expect(inPlace == specification.scaled(pixels))
    }
  }

  @Test func `the golden network inputs are those of NumPy and Pillow`() throws {
    let pictures = Golden.pictures.filter { $0.imagenet != nil }
    #expect(pictures.count == 2)
    for expected in pictures {
      let picture = try PictureReader.decode(Golden.data(expected.file), name: expected.file).picture
      let imagenet = specification(.imagenet, height: 224, width: 224).tensorValues(of: picture)
      let divide255 = specification(.divide255, height: 224, width: 224).tensorValues(of: picture)
      #expect(digest(imagenet) == expected.imagenet)
      #expect(digest(divide255) == expected.divide255)
      #expect(digest(Self.grey.tensorValues(of: picture)) == expected.greyInput)
    }
  }

  @Test(arguments: Golden.decodable)
  func `grey is Pillow's`(_ expected: ExpectedPicture) throws {
    let picture = try PictureReader.decode(Golden.data(expected.file), name: expected.file).picture
    let grey = picture.grey()
    #expect(grey.channels == 1)
    #expect(digest(grey.pixels) == expected.grey)
    #expect(grey.rgb().grey() == grey)
  }

  @Test func `a picture of the common size is resized once, and one that was resized is left as it is`() throws {
    let common = madePicture(width: 256, height: 256, channels: 1)
    let plain = PreprocessingSpecification(height: 320, width: 320, scaling: .imagenet)
    #expect(Self.grey.tensorValues(of: common) == plain.tensorValues(of: common))
    let other = madePicture(width: 256, height: 255, channels: 3)
    #expect(Self.grey.tensorValues(of: other) != plain.tensorValues(of: other))
    let resized = Self.grey.resized(other)
    #expect(resized.width == 320 && resized.height == 320 && resized.channels == 1)
    #expect(Self.grey.resizedItself.tensorValues(of: resized) == Self.grey.tensorValues(of: other))
    #expect(Self.grey.resizedItself.resizedPixels(of: resized) == Self.grey.resizedPixels(of: other))
  }

  @Test func `the identity names everything that changes the numbers`() {
    #expect(specification(.imagenet, height: 224, width: 160).identity == "rgb-224x160-bilinear-imagenet-v1")
    let identities = [
      PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet),
      PreprocessingSpecification(height: 224, width: 224, scaling: .divide255),
      PreprocessingSpecification(height: 224, width: 224, resampling: .nearest, scaling: .divide255),
      PreprocessingSpecification(height: 224, width: 160, scaling: .divide255),
      PreprocessingSpecification(height: 160, width: 224, scaling: .divide255),
    ].map(\.identity)
    #expect(Set(identities).count == identities.count)
    #expect(identities[1] == "rgb-224x224-bilinear-divide_255-v1")
    #expect(Self.grey.identity == "grey-256x256-lanczos-320x320-bilinear-imagenet-v1")
    let plainGrey = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet, colors: .grey)
    #expect(plainGrey.identity == "grey-224x224-bilinear-imagenet-v1")
  }

  @Test func `it survives JSON, and JSON out of range is refused`() throws {
    let specification = specification(.divide255, height: 224, width: 160)
    let json = try JSONEncoder().encode(specification)
    #expect(try JSONDecoder().decode(PreprocessingSpecification.self, from: json) == specification)
    let keys: [String] = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any]).keys.sorted()
    #expect(keys == ["height", "resampling", "scaling", "width"], "old readers and old digests know no more")
    #expect(
      try JSONDecoder().decode(PreprocessingSpecification.self, from: JSONEncoder().encode(Self.grey)) == Self.grey)
    let wrong = #"{"height": 0, "width": 224, "resampling": "bilinear", "scaling": "imagenet"}"#
    #expect(
      throws: MedicalImageError.invalidSetting(
        key: "preprocessing height", value: "0", allowed: "1 to 8192 pixels")
    ) {
      try JSONDecoder().decode(PreprocessingSpecification.self, from: Data(wrong.utf8))
    }
    let unknown = #"{"height": 224, "width": 224, "resampling": "bicubic", "scaling": "imagenet"}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PreprocessingSpecification.self, from: Data(unknown.utf8))
    }
  }

  @Test func `sides from outside are checked`() throws {
    #expect(
      throws: MedicalImageError.invalidSetting(
        key: "preprocessing width", value: "9000", allowed: "1 to 8192 pixels")
    ) {
      try PreprocessingSpecification(checkingHeight: 224, width: 9000, scaling: .imagenet)
    }
    let made = try PreprocessingSpecification(checkingHeight: 224, width: 224, scaling: .imagenet)
    #expect(made == PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet))
  }
}

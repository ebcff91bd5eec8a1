import Foundation
import MedicalImages
import TestSupport
import Testing

struct PictureReaderTests {
  @Test func `the golden digests are there, and the digest is FNV-1a`() {
    #expect(Golden.decodable.count == 32)
    #expect(Golden.refused.count == 4)
    #expect(Golden.realSlices.count == 22)
    #expect(digest(Array("foobar".utf8)) == "85944171f73967e8")
  }

  @Test(arguments: Golden.decodable)
  func `pixels, size and mode equal Pillow's`(_ expected: ExpectedPicture) throws {
    let (picture, information) = try PictureReader.read(Golden.folder.appending(path: expected.file))
    #expect(information.width == expected.width)
    #expect(information.height == expected.height)
    #expect(information.mode == expected.mode)
    #expect(information.format == (expected.file.hasSuffix(".png") ? .png : .jpeg))
    #expect(picture.width == expected.width)
    #expect(picture.height == expected.height)
    #expect(digest(picture.rgb().pixels) == expected.pixels)
    #expect(picture.channels == (["1", "L", "LA"].contains(expected.mode) ? 1 : 3))
  }

  @Test(arguments: Golden.pictures)
  func `the header alone tells the same as decoding`(_ expected: ExpectedPicture) throws {
    let fromFile = try PictureReader.information(of: Golden.folder.appending(path: expected.file))
    let fromMemory = try PictureReader.information(of: Golden.data(expected.file), name: "x")
    #expect(fromFile == fromMemory)
    #expect(fromFile.width == expected.width)
    #expect(fromFile.height == expected.height)
    if expected.pixels != nil { #expect(fromFile.mode == expected.mode) }
  }

  @Test func `an ending does not decide the format`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "really-a-png.jpg")
      try Golden.data("rgb.png").write(to: url)
      #expect(try PictureReader.read(url).information.format == .png)
    }
  }

  @Test func `bytes after the end of a JPEG do not matter`() throws {
    let data = try Golden.data("rgb-420.jpg")
    let longer = try PictureReader.decode(data + Data("camera's notes".utf8), name: "x").picture
    #expect(try PictureReader.decode(data, name: "x").picture == longer)
  }

  @Test(
    .enabled(if: RealSlices.folder != nil, "\(RealSlices.absent)"), arguments: Golden.realSlices)
  func `real slices decode, resize and scale as with Pillow`(_ expected: ExpectedPicture) throws {
    let root = try #require(RealSlices.folder)
    let (picture, information) = try PictureReader.read(root.appending(path: expected.file))
    #expect(information.width == expected.width)
    #expect(information.height == expected.height)
    #expect(information.mode == expected.mode)
    #expect(digest(picture.rgb().pixels) == expected.pixels)
    for resized in try #require(expected.resized) {
      let made = picture.resized(width: resized.width, height: resized.height, by: resized.resampling)
      #expect(digest(made.rgb().pixels) == resized.digest, "\(resized.resampling)")
    }
    let imagenet = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet)
    let divide255 = PreprocessingSpecification(height: 224, width: 224, scaling: .divide255)
    #expect(digest(imagenet.tensorValues(of: picture)) == expected.imagenet)
    #expect(digest(divide255.tensorValues(of: picture)) == expected.divide255)
    #expect(digest(picture.grey().pixels) == expected.grey)
    #expect(digest(PreprocessingSpecificationTests.grey.tensorValues(of: picture)) == expected.greyInput)
  }
}

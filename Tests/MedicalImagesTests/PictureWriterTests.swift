import Foundation
import MedicalImages
import Testing

struct PictureWriterTests {
  @Test(arguments: [(1, 1, 1), (1, 1, 3), (37, 29, 1), (61, 47, 3), (300, 2, 3)])
  func `a PNG gives the same pixels back`(_ width: Int, _ height: Int, _ channels: Int) throws {
    let picture = madePicture(width: width, height: height, channels: channels)
    let data = try PictureWriter.png(picture)
    let (read, information) = try PictureReader.decode(data, name: "x")
    #expect(read == picture)
    #expect(
      information
        == PictureInformation(
          format: .png, width: width, height: height, mode: channels == 1 ? "L" : "RGB"))
    #expect(try PictureWriter.png(picture) == data)
  }

  @Test(arguments: [1, 3])
  func `a JPEG gives nearly the same pixels back`(_ channels: Int) throws {
    // Smooth, so that little is lost.
    var pixels: [UInt8] = []
    for row in 0..<40 {
      for column in 0..<56 {
        for channel in 0..<channels { pixels.append(UInt8(3 * row + 2 * column + 5 * channel)) }
      }
    }
    let picture = Picture(width: 56, height: 40, channels: channels, pixels: pixels)
    let (read, information) = try PictureReader.decode(PictureWriter.jpeg(picture, quality: 95), name: "x")
    #expect(information.mode == (channels == 1 ? "L" : "RGB"))
    #expect(read.pixels.count == picture.pixels.count)
    let difference = zip(read.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }.max()
    #expect(try #require(difference) <= 6)
  }

  @Test func `a lower quality takes fewer bytes`() throws {
    let picture = madePicture(width: 64, height: 64, channels: 3)
    let low = try PictureWriter.jpeg(picture, quality: 20)
    let high = try PictureWriter.jpeg(picture, quality: 90)
    #expect(low.count < high.count)
    #expect(try PictureWriter.jpeg(picture, quality: 20) == low)
  }

  @Test(arguments: [0, 101, -5])
  func `a quality out of range is an error`(_ quality: Int) {
    let picture = madePicture(width: 8, height: 8, channels: 1)
    #expect(
      throws: MedicalImageError.invalidSetting(key: "JPEG quality", value: "\(quality)", allowed: "1 to 100")
    ) {
      try PictureWriter.jpeg(picture, quality: quality)
    }
  }

  @Test func `a side that JPEG cannot hold is an error`() {
    let picture = Picture(width: 70_000, height: 1, channels: 1, pixels: Array(repeating: 0, count: 70_000))
    #expect {
      try PictureWriter.jpeg(picture, quality: 90)
    } throws: { error in
      guard case MedicalImageError.cannotEncode(.jpeg, _) = error else { return false }
      return true
    }
  }
}

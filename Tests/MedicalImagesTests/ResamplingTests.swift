import MedicalImages
import Testing

struct ResamplingTests {
  private func row(_ values: [UInt8]) -> Picture {
    Picture(width: values.count, height: 1, channels: 1, pixels: values)
  }

  private func column(_ values: [UInt8]) -> Picture {
    Picture(width: 1, height: values.count, channels: 1, pixels: values)
  }

  @Test func `a ramp halved is the weighted mean of four`() {
    // Scale 2: triangle of half-width 2 about the centre. Inside, the weights are 1/8, 3/8, 3/8, 1/8; at the left edge
    // the three that exist are 3/7, 3/7, 1/7.
    let ramp: [UInt8] = [0, 10, 20, 30, 40, 50, 60, 70]
    let halved = row(ramp).resized(width: 4, height: 1, by: .bilinear)
    #expect(halved.pixels == [7, 25, 45, 63])  // (0*3+10*3+20)/7 = 7.14; (10+3*20+3*30+40)/8 = 25
    #expect(column(ramp).resized(width: 1, height: 4, by: .bilinear).pixels == halved.pixels)
  }

  @Test func `a step doubled is interpolated and holds its ends`() {
    #expect(row([0, 100]).resized(width: 4, height: 1, by: .bilinear).pixels == [0, 25, 75, 100])
  }

  @Test func `nearest takes the pixel under each centre`() {
    let five = row([1, 2, 3, 4, 5])
    #expect(five.resized(width: 2, height: 1, by: .nearest).pixels == [2, 4])  // centres 1.25 and 3.75
    #expect(five.resized(width: 10, height: 1, by: .nearest).pixels == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(column([1, 2, 3, 4, 5]).resized(width: 1, height: 2, by: .nearest).pixels == [2, 4])
  }

  @Test func `lanczos is sharper than the triangle, overshoots beside a step and is cut at black`() {
    // What Pillow gives; without the cut the second value would be -2.
    let step: [UInt8] = [0, 0, 0, 0, 0, 0, 100, 100, 100, 100, 100, 100]
    #expect(row(step).resized(width: 6, height: 1, by: .lanczos).pixels == [0, 0, 5, 95, 102, 100])
    #expect(column(step).resized(width: 1, height: 6, by: .lanczos).pixels == [0, 0, 5, 95, 102, 100])
    #expect(row(step).resized(width: 6, height: 1, by: .bilinear).pixels == [0, 0, 13, 88, 100, 100])
  }

  @Test(arguments: Resampling.allCases)
  func `the same size is the same picture`(_ resampling: Resampling) {
    let picture = madePicture(width: 9, height: 4, channels: 3)
    #expect(picture.resized(width: 9, height: 4, by: resampling) == picture)
  }

  @Test(arguments: Resampling.allCases)
  func `grey and its three equal channels are resized alike`(_ resampling: Resampling) {
    let picture = madePicture(width: 33, height: 21, channels: 1)
    let resized = picture.resized(width: 14, height: 40, by: resampling)
    #expect(resized.rgb() == picture.rgb().resized(width: 14, height: 40, by: resampling))
    #expect(resized.channels == 1)
  }

  @Test(arguments: [0, 1, 127, 255] as [UInt8])
  func `an even picture stays even at any size`(_ value: UInt8) {
    let picture = Picture(width: 31, height: 17, channels: 3, pixels: Array(repeating: value, count: 31 * 17 * 3))
    for (width, height) in [(1, 1), (5, 60), (90, 3), (224, 224)] {
      for resampling in Resampling.allCases {
        #expect(picture.resized(width: width, height: height, by: resampling).pixels.allSatisfy { $0 == value })
      }
    }
  }

  @Test(arguments: Golden.pictures.filter { $0.resized != nil })
  func `every size equals Pillow's`(_ expected: ExpectedPicture) throws {
    let picture = try PictureReader.decode(Golden.data(expected.file), name: expected.file).picture
    for resized in try #require(expected.resized) {
      let made = picture.resized(width: resized.width, height: resized.height, by: resized.resampling)
      #expect(digest(made.rgb().pixels) == resized.digest, "\(resized.width) x \(resized.height) \(resized.resampling)")
    }
  }
}

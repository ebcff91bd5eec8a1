import MedicalImages
import Testing

struct PictureTests {
  @Test func `grey becomes three equal channels, colour stays`() {
    let grey = Picture(width: 2, height: 1, channels: 1, pixels: [7, 200])
    #expect(grey.rgb() == Picture(width: 2, height: 1, channels: 3, pixels: [7, 7, 7, 200, 200, 200]))
    let color = madePicture(width: 3, height: 2, channels: 3)
    #expect(color.rgb() == color)
  }
}

extension PictureTests {
  @Test func `Float32 values are rounded and brought into range`() {
    let made = Picture(rounding: [-3, 0.49, 0.5, 254.5, 255, 900], height: 1, width: 2)
    #expect(made.pixels == [0, 0, 1, 255, 255, 255])
  }
}

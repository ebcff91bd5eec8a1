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

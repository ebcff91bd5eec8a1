import KidneyData
import Testing

struct AugmentationWarpTests {
  private let height = 21
  private let width = 31

  /// Black with one white pixel.
  private func dot(row: Int, column: Int) -> [Float] {
    var pixels = [Float](repeating: 0, count: height * width * 3)
    for channel in 0..<3 { pixels[3 * (row * width + column) + channel] = 255 }
    return pixels
  }

  /// The middle of what is white, in rows and columns.
  private func place(of pixels: [Float]) -> (row: Double, column: Double) {
    var (row, column, sum) = (0.0, 0.0, 0.0)
    for index in stride(from: 0, to: pixels.count, by: 3) {
      let value = Double(pixels[index])
      row += value * Double(index / 3 / width)
      column += value * Double(index / 3 % width)
      sum += value
    }
    return (row / sum, column / sum)
  }

  private func moved(row: Int, column: Int, _ draw: AugmentationDraw) -> (row: Double, column: Double) {
    place(of: Augmentation.warp(dot(row: row, column: column), height: height, width: width, draw: draw))
  }

  private func isNear(_ place: (row: Double, column: Double), _ row: Double, _ column: Double) -> Bool {
    abs(place.row - row) < 0.2 && abs(place.column - column) < 0.2
  }

  @Test func `nothing drawn changes nothing`() {
    let pixels = (0..<height * width * 3).map { Float($0 % 251) }
    for keras in [false, true] {
      #expect(
        Augmentation.warp(pixels, height: height, width: width, draw: AugmentationDraw(kerasCompatible: keras))
          == pixels)
    }
  }

  @Test func `the width shift moves along the width, the height shift along the height`() {
    #expect(isNear(moved(row: 10, column: 15, AugmentationDraw(widthShift: 4)), 10, 19))
    #expect(isNear(moved(row: 10, column: 15, AugmentationDraw(heightShift: -3)), 7, 15))
  }

  @Test func `in Keras's way they are crossed, and go the other way`() {
    #expect(isNear(moved(row: 10, column: 15, AugmentationDraw(widthShift: 4, kerasCompatible: true)), 6, 15))
    #expect(isNear(moved(row: 10, column: 15, AugmentationDraw(heightShift: 4, kerasCompatible: true)), 10, 11))
  }

  @Test func `a shift is neither turned nor zoomed`() {
    let turned = AugmentationDraw(rotation: .pi / 2, widthShift: 5, zoomX: 0.8, zoomY: 1.25)
    #expect(isNear(moved(row: 10, column: 15, turned), 10, 20))
  }

  @Test func `rotation is about the centre, counter-clockwise, in a picture that is not square`() {
    let quarter = AugmentationDraw(rotation: .pi / 2)
    #expect(isNear(moved(row: 10, column: 15, quarter), 10, 15))
    #expect(isNear(moved(row: 10, column: 20, quarter), 5, 15))
    // Keras exchanges the centres of the axes: the middle leaves its place.
    #expect(!isNear(moved(row: 10, column: 15, AugmentationDraw(rotation: .pi / 2, kerasCompatible: true)), 10, 15))
  }

  @Test func `a zoom below one enlarges along its own axis`() {
    #expect(isNear(moved(row: 10, column: 19, AugmentationDraw(zoomX: 0.8)), 10, 20))
    #expect(isNear(moved(row: 14, column: 15, AugmentationDraw(zoomY: 0.8)), 15, 15))
  }

  @Test func `shear moves rows sideways in proportion to their distance`() {
    // Source column = u - sin(s) v, so content moves by +sin(s) v; rows draw nearer by cos(s).
    let draw = AugmentationDraw(shear: 0.2)
    #expect(isNear(moved(row: 10, column: 15, draw), 10, 15))
    let below = moved(row: 18, column: 15, draw)
    #expect(abs(below.column - 15 - 8 * 0.2027) < 0.2 && abs(below.row - 10 - 8 * 1.0203) < 0.2)  // tan, 1/cos
  }

  @Test func `a flip exchanges left and right last`() {
    #expect(isNear(moved(row: 4, column: 3, AugmentationDraw(isFlipped: true)), 4, 27))
    #expect(isNear(moved(row: 4, column: 3, AugmentationDraw(widthShift: 5, isFlipped: true)), 4, 22))
  }

  @Test func `beyond the border the border's pixels go on`() {
    let ramp = (0..<height * width).flatMap { index in [Float](repeating: Float(index % width), count: 3) }
    let made = Augmentation.warp(ramp, height: height, width: width, draw: AugmentationDraw(widthShift: 10))
    #expect(made[0] == 0 && made[3 * 10] == 0 && made[3 * 11] == 1 && made[3 * (width - 1)] == Float(width - 11))
  }

  @Test func `half a pixel is the mean of two, and values stay within their range`() {
    let ramp = (0..<height * width).flatMap { index in [Float](repeating: Float(index % width) * 8, count: 3) }
    let made = Augmentation.warp(ramp, height: height, width: width, draw: AugmentationDraw(widthShift: -0.5))
    #expect(made[0] == 4 && made[3] == 12)
    for picture in 0..<50 as Range<UInt64> {
      let random = Augmentation.apply(
        ramp, height: height, width: width, settings: AugmentationSettings(), seed: 1, epoch: 0, picture: picture)
      #expect(random.count == ramp.count && random.allSatisfy { (0...240).contains($0) })
    }
  }

  @Test func `applying is drawing and then warping`() {
    let pixels = (0..<height * width * 3).map { Float($0 % 256) }
    let settings = AugmentationSettings()
    let draw = Augmentation.draw(settings: settings, height: height, width: width, seed: 7, epoch: 1, picture: 9)
    let applied = Augmentation.apply(
      pixels, height: height, width: width, settings: settings, seed: 7, epoch: 1, picture: 9)
    #expect(applied == Augmentation.warp(pixels, height: height, width: width, draw: draw))
    #expect(applied != pixels)
  }

  @Test(arguments: [1, 3])
  func `a picture of bytes gives the bits of the same numbers in Float32, grey as three equal channels`(channels: Int) {
    let bytes = (0..<height * width * channels).map { UInt8($0 * 37 % 256) }
    let pixels = (0..<height * width * 3).map { Float(bytes[channels == 3 ? $0 : $0 / 3]) }
    for picture in 0..<20 as Range<UInt64> {
      let draw = Augmentation.draw(
        settings: AugmentationSettings(), height: height, width: width, seed: 2, epoch: 0, picture: picture)
      var made = [Float](repeating: -1, count: height * width * 3)
      made.withUnsafeMutableBufferPointer { made in
        bytes.withUnsafeBufferPointer {
          Augmentation.warp($0, channels: channels, into: made, height: height, width: width, draw: draw)
        }
      }
      #expect(made == Augmentation.warp(pixels, height: height, width: width, draw: draw))
    }
  }

  @Test(arguments: [(1, 1), (1, 5), (5, 1)])
  func `a picture of one row or column is changed without harm`(_ height: Int, _ width: Int) {
    let pixels = [Float](repeating: 77, count: height * width * 3)
    let draw = AugmentationDraw(rotation: 1, widthShift: 3, shear: 0.1, zoomX: 0.9, isFlipped: true)
    let made = Augmentation.warp(pixels, height: height, width: width, draw: draw)
    #expect(made.allSatisfy { abs($0 - 77) < 1e-4 })
  }
}

import MedicalImages
import Testing
import Training

@Suite struct PictureChangeTests {
  private static let specification = PreprocessingSpecification(
    height: 40, width: 40, scaling: .imagenet, colors: .grey,
    common: .init(height: 32, width: 32, resampling: .lanczos))

  private static let changes: [PictureChange] = [
    .none, .jpeg(quality: 60), .jpeg(quality: 90), .otherResampling, .straight, .brightness(hundredths: 110),
    .blur(hundredths: 50), .smaller(side: 16), .mirrored, .noise(deviation: 3),
  ]

  private static func picture(side: Int, channels: Int = 1) -> Picture {
    Picture(
      width: side, height: side, channels: channels,
      pixels: (0..<side * side * channels).map { UInt8(($0 * 7 + $0 / side * 31 + $0 * $0 % 97) % 256) })
  }

  private func changed(_ change: PictureChange, _ picture: Picture) throws -> Picture {
    try change.applied(to: picture, preprocessing: Self.specification)
  }

  @Test func `none is the preprocessing itself`() throws {
    let picture = Self.picture(side: 50, channels: 3)
    let made = try changed(.none, picture)
    #expect(made == picture.grey().resized(width: 32, height: 32, by: .lanczos))
    #expect(Self.specification.resizedItself.tensorValues(of: made) == Self.specification.tensorValues(of: picture))
  }

  @Test(arguments: changes)
  func `a change gives one picture, the same every time, of its own`(_ change: PictureChange) throws {
    let picture = Self.picture(side: 50)
    let made = try changed(change, picture)
    #expect(made.channels == 1 && made.width == (change == .straight ? 40 : 32))
    #expect(try changed(change, picture) == made)
    for other in Self.changes where other != change {
      #expect(try changed(other, picture) != made, "\(other.identity)")
    }
  }

  @Test func `identities tell changes apart`() {
    #expect(Set(Self.changes.map(\.identity)).count == Self.changes.count)
    #expect(PictureChange.brightness(hundredths: 105).identity == "brightness x 1.05")
  }

  @Test func `resampling changes pictures of another size alone`() {
    for change in Self.changes {
      let isOfSize = change == .otherResampling || change == .straight
      #expect(change.applies(width: 32, height: 32, preprocessing: Self.specification) != isOfSize)
      #expect(change.applies(width: 32, height: 33, preprocessing: Self.specification))
    }
  }

  @Test func `brightness, mirror and blur do what they say`() throws {
    let ramp = Picture(width: 32, height: 32, channels: 1, pixels: (0..<1024).map { UInt8($0 % 32 * 8) })
    #expect(try changed(.brightness(hundredths: 110), ramp).pixels[0..<4] == [0, 9, 18, 26])
    #expect(try changed(.brightness(hundredths: 110), ramp).pixels[31] == 255)
    #expect(try changed(.mirrored, ramp).pixels[0..<3] == [248, 240, 232])
    #expect(try changed(.mirrored, changed(.mirrored, ramp)) == ramp)
    var point = Picture(width: 32, height: 32, channels: 1, pixels: [UInt8](repeating: 0, count: 1024))
    point.pixels[16 * 32 + 16] = 200
    let blurred = try changed(.blur(hundredths: 100), point).pixels
    // 200 / (2 pi) in the middle, and exp(-1/2) of it beside.
    #expect(blurred[16 * 32 + 16] == 32 && blurred[16 * 32 + 17] == 19 && blurred[15 * 32 + 16] == 19)
    #expect(abs(blurred.reduce(0) { $0 + Int($1) } - 200) < 12, "rounded pixel by pixel")
  }
}

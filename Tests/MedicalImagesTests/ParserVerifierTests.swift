import Foundation
import MedicalImages
import RandomStreams
import Testing

/// Feeds hostile bytes to the decoders: the result is a picture or a `MedicalImageError`, never a crash.
struct ParserVerifierTests {
  /// - Returns: whether it was decoded.
  private func survives(_ data: Data, _ what: @autoclosure () -> String) -> Bool {
    do {
      let (picture, information) = try PictureReader.decode(
        data, name: "x", limits: PictureLimits(maximumPixels: 1 << 20))
      #expect(picture.width == information.width && picture.height == information.height, "\(what())")
      return true
    } catch {
      #expect(error is MedicalImageError, "\(what()): \(error)")
      return false
    }
  }

  @Test(arguments: Golden.pictures)
  func `cut at any byte, no file decodes`(_ expected: ExpectedPicture) throws {
    let data = try Golden.data(expected.file)
    for count in 0..<data.count {
      #expect(!survives(data.prefix(count), "\(expected.file) cut to \(count) bytes"), "cut to \(count) bytes")
    }
  }

  @Test(arguments: Golden.pictures)
  func `flipped bits give an error or a picture`(_ expected: ExpectedPicture) throws {
    let data = try Golden.data(expected.file)
    let seed = UInt64.random(in: 0...UInt64.max)
    for round in 0..<150 as Range<UInt64> {
      var stream = RandomStream(seed: seed, round)
      var flipped = data
      for _ in 0...stream.index(below: 6) { flipped[stream.index(below: data.count)] ^= 1 << stream.index(below: 8) }
      if expected.file.hasSuffix(".png") { PNGRepair.fixChecksums(&flipped) }
      _ = survives(flipped, "\(expected.file), seed \(seed), round \(round)")
    }
  }

  @Test(arguments: Golden.pictures)
  func `bytes taken out, put in or doubled give an error or a picture`(_ expected: ExpectedPicture) throws {
    let data = try Golden.data(expected.file)
    let seed = UInt64.random(in: 0...UInt64.max)
    for round in 0..<100 as Range<UInt64> {
      var stream = RandomStream(seed: seed, round)
      var changed = data
      let start = stream.index(below: data.count)
      let end = min(data.count, start + 1 + stream.index(below: 40))
      switch stream.index(below: 3) {
      case 0: changed.removeSubrange(start..<end)
      case 1: changed.insert(contentsOf: (start..<end).map { _ in UInt8(stream.index(below: 256)) }, at: start)
      default: changed.insert(contentsOf: data[start..<end], at: start)
      }
      if expected.file.hasSuffix(".png") { PNGRepair.fixChecksums(&changed) }
      _ = survives(changed, "\(expected.file), seed \(seed), round \(round)")
    }
  }

  @Test func `the verifier sees both outcomes`() throws {
    #expect(try survives(Golden.data("grey.jpg"), "whole"))
    #expect(!survives(Data("text".utf8), "text"))
    var flipped = try Golden.data("rgb.png")
    flipped[60] ^= 1
    let before = flipped
    PNGRepair.fixChecksums(&flipped)
    #expect(flipped != before)  // else no flip would ever get past the checksum to libpng
  }
}

/// Makes the checksums of changed chunks right again, so that what is changed reaches libpng.
enum PNGRepair {
  static func fixChecksums(_ data: inout Data) {
    var position = 8
    while position + 12 <= data.count {
      let length = data[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= data.count - position - 12 else { return }
      let end = position + 12 + length
      let made = PNGForger.chunk(
        kind: Array(data[position + 4..<position + 8]), Array(data[position + 8..<end - 4]))
      data.replaceSubrange(position..<end, with: made)
      position = end
    }
  }
}

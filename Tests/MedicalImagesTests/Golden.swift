import Foundation
import MedicalImages

/// What `Reference/images/golden.py` says of a picture; digests are of Pillow's red-green-blue pixels.
struct ExpectedPicture: Decodable, CustomStringConvertible {
  struct Resized: Decodable {
    let width: Int
    let height: Int
    let resampling: Resampling
    let digest: String
  }

  let file: String
  let width: Int
  let height: Int
  let mode: String
  /// Missing for kinds that are refused.
  let pixels: String?
  let resized: [Resized]?
  let imagenet: String?
  let divide255: String?
  /// Of the pixels of Pillow's grey.
  let grey: String?
  /// Of the network's input as the shipped heads see the picture.
  let greyInput: String?

  private enum CodingKeys: String, CodingKey {
    case file, width, height, mode, pixels, resized, imagenet, grey
    case divide255 = "divide_255"
    case greyInput = "grey_input"
  }

  var description: String { file }
}

enum Golden {
  static let folder = Bundle.module.resourceURL!.appending(path: "Golden")

  static let pictures = expected("pictures.json")
  static let decodable = pictures.filter { $0.pixels != nil }
  static let refused = pictures.filter { $0.pixels == nil }
  static let realSlices = expected("real-slices.json")

  static func data(_ file: String) throws -> Data {
    try Data(contentsOf: folder.appending(path: file))
  }

  private static func expected(_ file: String) -> [ExpectedPicture] {
    try! JSONDecoder().decode([ExpectedPicture].self, from: data(file))
  }
}

/// FNV-1a, 64 bits, as in the script.
func digest(_ bytes: some Sequence<UInt8>) -> String {
  let value = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  let hex = String(value, radix: 16)
  return String(repeating: "0", count: 16 - hex.count) + hex
}

/// Of the little-endian Float32 bytes.
func digest(_ values: [Float]) -> String {
  digest(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
}

/// A picture of random-looking but fixed values.
func madePicture(width: Int, height: Int, channels: Int) -> Picture {
  var state: UInt32 = 12345
  let pixels = (0..<width * height * channels).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
  return Picture(width: width, height: height, channels: channels, pixels: pixels)
}

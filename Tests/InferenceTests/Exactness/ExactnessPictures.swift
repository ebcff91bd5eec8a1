import Foundation
import MedicalImages
import TestSupport

/// Preprocessed pictures: real slices where they are, else drawn ones, so that something is checked everywhere.
enum ExactnessPictures {
  /// Below the folder of the real slices: both data sets and every class of the first.
  private static let slices = try! JSONDecoder().decode(
    [Slice].self,
    from: Data(contentsOf: packageRoot.appending(path: "Tests/BackbonesTests/Golden/vgg16-slices.json")))

  private struct Slice: Decodable {
    var path: String
  }

  /// - Returns: Each of shape [side, side, 3], BGR minus ImageNet's means.
  static func five(side: Int) throws -> [[Float]] {
    let specification = PreprocessingSpecification(height: side, width: side, scaling: .imagenet)
    guard let folder = RealSlices.folder else {
      print("\(RealSlices.absent); drawn pictures were checked instead")
      return (0..<5).map { specification.tensorValues(of: drawn($0)) }
    }
    return try slices.map { slice in
      specification.tensorValues(of: try PictureReader.read(folder.appending(path: slice.path)).picture)
    }
  }

  /// As many pictures as asked for: the five, and they again darkened, so that no two are alike.
  static func batch(_ count: Int, side: Int) throws -> [[Float]] {
    let five = try five(side: side)
    return (0..<count).map { number in
      number < five.count ? five[number] : five[number % five.count].map { $0 - Float(number) / 2 }
    }
  }

  /// A bright body with an organ and grain on black, 300 x 260.
  private static func drawn(_ number: Int) -> Picture {
    let (width, height) = (300, 260)
    let pixels = (0..<width * height).map { place -> UInt8 in
      let (x, y) = (place % width - 150, place / width - 130)
      let grain = (place &* 2_654_435_761 &+ number &* 40_503) >> 7 & 31
      if (x - 40) * (x - 40) + (y - 10 * number) * (y - 10 * number) < 900 { return UInt8(190 + grain) }
      return x * x + y * y * 2 < 120 * 120 ? UInt8(90 + grain) : UInt8(grain / 8)
    }
    return Picture(width: width, height: height, channels: 1, pixels: pixels)
  }
}

import Foundation
import KidneyData
import Testing

/// Against SciPy on the matrices of Keras, and on those that the corrected behaviour ought to be;
/// `Reference/images/augmentation.py` wrote them.
struct AugmentationGoldenTests {
  private struct Case: Decodable {
    struct Draw: Decodable {
      let rotation: Double
      let heightShift: Double
      let widthShift: Double
      let shear: Double
      let zoomX: Double
      let zoomY: Double
      let isFlipped: Bool
    }

    let height: Int
    let width: Int
    let keras: Bool
    let draw: Draw
    /// Of the result, in values.
    let offset: Int
  }

  private static let folder = Bundle.module.resourceURL!.appending(path: "Golden")

  private static func floats(_ file: String) throws -> [Float] {
    let data = try Data(contentsOf: folder.appending(path: file))
    return stride(from: 0, to: data.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * $1) })
    }
  }

  @Test(arguments: [true, false])
  func `given draws give SciPy's pixels`(_ keras: Bool) throws {
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: Self.folder.appending(path: "augmentation-cases.json")))
    let inputs = try Self.floats("augmentation-inputs.f32")
    let outputs = try Self.floats("augmentation-outputs.f32")
    var compared = 0
    for item in cases where item.keras == keras {
      let count = item.height * item.width * 3
      let start = (item.height, item.width) == (16, 16) ? 0 : 768 + ((item.height, item.width) == (13, 20) ? 0 : 780)
      let draw = AugmentationDraw(
        rotation: item.draw.rotation, widthShift: item.draw.widthShift, heightShift: item.draw.heightShift,
        shear: item.draw.shear, zoomX: item.draw.zoomX, zoomY: item.draw.zoomY, isFlipped: item.draw.isFlipped,
        kerasCompatible: keras)
      let made = Augmentation.warp(
        Array(inputs[start..<start + count]), height: item.height, width: item.width, draw: draw)
      let expected = outputs[item.offset..<item.offset + count]
      let difference = try #require(zip(made, expected).map { abs($0 - $1) }.max())
      // One unit in the last place of a Float32 near 255 is 1.5e-5.
      #expect(made.count == count && difference <= 1.6e-5, "\(difference) grey levels, \(item)")
      compared += count
    }
    #expect(compared == 8 * (768 + 780) + 10 * (768 + 780 + 780))
  }
}

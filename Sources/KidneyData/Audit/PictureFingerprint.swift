import Digests
import Foundation
import MedicalImages

/// What a picture is compared by when copies are looked for.
package struct PictureFingerprint: Sendable {
  /// Of the frame, of the frame with a little of each side cut off, and of the body's rectangle.
  let shapes: [BroadShape]
  /// Of the decoded grey values and their size: the same for files that differ in metadata alone.
  package let pixelDigest: ContentDigest
  /// The structure of the frame at 32 x 32 and 64 x 64, which pictures are laid over each other by.
  let coarse: [Float]
  let medium: [Float]
  /// The same at 128 x 128, and of it the finest detail alone; scaled to -127…127.
  private let fine: [Int8]
  private let detail: [Int8]

  /// A share of each side, cut off to meet pictures that were cropped.
  static let crops = [0, 0.025, 0.05]
  static let coarseSide = 32
  static let mediumSide = 64
  static let fineSide = 128

  package init(_ picture: Picture) {
    let grey = GreyPicture(picture)
    self.init(grey, body: grey.body())
  }

  /// - Parameter body: the picture's `body()`.
  init(_ grey: GreyPicture, body: GreyPicture.Box) {
    var digest = StreamingDigest()
    digest.update(Data("\(grey.width) x \(grey.height)\n".utf8))
    digest.update(Data(grey.values))
    pixelDigest = digest.finalize()
    let frame = grey.thumbnail(of: grey.frame, side: Self.fineSide)
    fine = StructureCode(frame.structure(sigma: 3)).values
    detail = StructureCode(frame.structure(sigma: 1)).values
    medium = frame.reduced(by: Self.fineSide / Self.mediumSide).structure(sigma: 3)
    let small = frame.reduced(by: Self.fineSide / Self.coarseSide)
    coarse = small.structure(sigma: 2)
    var boxes = Self.crops.dropFirst().map { grey.cropped(by: $0) }
    boxes.append(body)
    shapes = [BroadShape(small)] + boxes.map { BroadShape(grey.thumbnail(of: $0, side: BroadShape.thumbnailSide)) }
  }

  package var hash: UInt64 { shapes[0].hash }

  /// The structure of the frame, as numbers to compute with. Shape: [128, 128].
  var fineStructure: [Float] { fine.map(Float.init) }
  /// Its finest detail: noise, texture, edges. Shape: [128, 128].
  var fineDetail: [Float] { detail.map(Float.init) }
}

extension GreyPicture {
  /// The frame without a share of each side.
  func cropped(by share: Double) -> Box {
    let (rows, columns) = (Int(Double(height) * share), Int(Double(width) * share))
    guard height > 2 * rows, width > 2 * columns else { return frame }
    return Box(rows: rows..<height - rows, columns: columns..<width - columns)
  }
}

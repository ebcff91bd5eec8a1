import Foundation
import MedicalImages

/// How one picture looks, in a form that is quick to compare.
package struct Look: Sendable {
  package enum Plane: Sendable { case axial, longitudinal }

  /// The structure of the whole frame and of the body's rectangle, fine (64 x 64) and coarse (16 x 16).
  private let fine: [StructureCode]
  private let coarse: [StructureCode]
  /// A body taller than wide is cut along its length: coronal. Sagittal slices on their side pass for axial.
  package let plane: Plane
  /// Of 256 grey values.
  package let histogram: [Int]

  private static let fineSide = 64
  private static let coarseSide = 16

  package init(_ picture: Picture) {
    let grey = GreyPicture(picture)
    self.init(grey, body: grey.body())
  }

  /// - Parameter body: the picture's `body()`.
  init(_ grey: GreyPicture, body: GreyPicture.Box) {
    let thumbnails = [grey.frame, body].map { grey.thumbnail(of: $0, side: Self.fineSide) }
    fine = thumbnails.map { StructureCode($0.structure(sigma: 3)) }
    coarse = thumbnails.map { StructureCode($0.reduced(by: Self.fineSide / Self.coarseSide).structure(sigma: 1)) }
    plane = Double(body.rows.count) > 1.1 * Double(body.columns.count) ? .longitudinal : .axial
    var histogram = [Int](repeating: 0, count: 256)
    histogram.withUnsafeMutableBufferPointer { counts in for value in grey.values { counts[Int(value)] += 1 } }
    self.histogram = histogram
  }
}

extension Look {
  /// The larger of the similarities of frame and body.
  package func similarity(to other: Look) -> Float {
    zip(fine, other.fine).map { $0.similarity(to: $1) }.max()!
  }

  /// The larger of the similarities of frame and body to those of the other picture in a mirror. A body is somewhat
  /// like its own mirror image, so that this says less than `similarity`.
  package func mirroredSimilarity(to other: Look) -> Float {
    zip(fine, other.fine).map { $0.similarity(toMirrored: $1, side: Self.fineSide) }.max()!
  }

  /// The same from the coarse structures.
  func coarseMirroredSimilarity(to other: Look) -> Float {
    zip(coarse, other.coarse).map { $0.similarity(toMirrored: $1, side: Self.coarseSide) }.max()!
  }

  /// `similarity` from the coarse structures: whatever is `similarity` 0.5 or more is here 0.6 or more (measured on 1,764
  /// real slices: at least 0.63).
  package func coarseSimilarity(to other: Look) -> Float {
    zip(coarse, other.coarse).map { $0.similarity(to: $1) }.max()!
  }
}

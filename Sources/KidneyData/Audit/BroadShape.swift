import Foundation

/// The broad shape of a picture: its lowest frequencies, and a 64-bit hash of their signs.
///
/// The grey values are reduced to 32 x 32; of their two-dimensional cosine transform (DCT-II) the 8 x 8 lowest
/// coefficients are kept and the mean brightness is dropped. A mirror image only changes signs, so that flips need no
/// picture of their own. Source: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010),
/// the DCT hash; here the signs are taken, not the sides of the median, so that flips stay exact.
package struct BroadShape: Sendable {
  /// Row by row from the lowest vertical frequency. Shape: [8, 8], the first is 0.
  package let coefficients: [Float]

  static let side = 8
  static let thumbnailSide = 32

  /// - Parameter thumbnail: 32 x 32.
  init(_ thumbnail: Thumbnail) {
    precondition(thumbnail.side == Self.thumbnailSide, "a thumbnail of 32 x 32")
    let (side, length) = (Self.side, Self.thumbnailSide)
    var rows = [Float](repeating: 0, count: length * side)
    for row in 0..<length {
      for frequency in 0..<side {
        var sum: Float = 0
        for column in 0..<length {
          sum += Self.cosines[frequency * length + column] * thumbnail.values[row * length + column]
        }
        rows[row * side + frequency] = sum
      }
    }
    var result = [Float](repeating: 0, count: side * side)
    for vertical in 0..<side {
      for horizontal in 0..<side {
        var sum: Float = 0
        for row in 0..<length { sum += Self.cosines[vertical * length + row] * rows[row * side + horizontal] }
        result[vertical * side + horizontal] = sum
      }
    }
    result[0] = 0
    coefficients = result
  }

  /// One bit a coefficient, set where it is positive.
  package var hash: UInt64 {
    coefficients.enumerated().reduce(0) { $1.element > 0 ? $0 | 1 << UInt64($1.offset) : $0 }
  }

  private static let cosines: [Float] = (0..<side).flatMap { frequency in
    (0..<thumbnailSide).map { place in
      Float(cos(Double.pi * (Double(place) + 0.5) * Double(frequency) / Double(thumbnailSide)))
    }
  }
}

import Foundation

/// Decides whether a candidate is a copy: one picture is laid over the other, ever more finely, and their detail is
/// compared. In a copy noise and texture agree; in the next slice of a study only the outlines do.
struct CopyVerifier {
  struct Verdict: Sendable {
    /// The correlation of the structures at 32, 64 and 128 pixels, as far as it came, and of the finest detail.
    var coarse: Float
    var medium: Float = 0
    var fine: Float = 0
    var detail: Float = 0
    var alignment = Alignment()
  }

  /// Below these correlations a candidate is given up.
  var leastCoarse: Float = 0.8
  var leastMedium: Float = 0.88
  var leastFine: Float = 0.88

  private static let starts: [Float] = [0, 0.03, -0.03, 0.06, -0.06]

  func compare(_ first: PictureFingerprint, _ second: PictureFingerprint, flip: Flip) -> Verdict {
    typealias Print = PictureFingerprint
    let coarse = flip.applied(to: second.coarse, side: Print.coarseSide)
    var best = Verdict(coarse: -1)
    for start in Self.starts {
      var place = Alignment.inset(start)
      let correlation = place.refine(first.coarse, coarse, side: Print.coarseSide, iterations: 5)
      if correlation > best.coarse { best = Verdict(coarse: correlation, alignment: place) }
      // Aligned already: the other starts would lead to the same place.
      if correlation > 0.97 { break }
    }
    guard best.coarse >= leastCoarse else { return best }
    best.medium = best.alignment.refine(
      first.medium, flip.applied(to: second.medium, side: Print.mediumSide), side: Print.mediumSide, iterations: 4)
    guard best.medium >= leastMedium else { return best }
    best.fine = best.alignment.refine(
      first.fineStructure, flip.applied(to: second.fineStructure, side: Print.fineSide), side: Print.fineSide,
      iterations: 3)
    guard best.fine >= leastFine else { return best }
    var place = best.alignment
    best.detail = place.refine(
      first.fineDetail, flip.applied(to: second.fineDetail, side: Print.fineSide), side: Print.fineSide,
      iterations: 2)
    return best
  }
}

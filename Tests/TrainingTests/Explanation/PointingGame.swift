import Evaluation
import Inference
import KidneyData
import MedicalImages

/// Whether the peak of a map lies in a finding that is known: Zhang et al., "Top-down neural attention by excitation
/// backprop" (2016), the pointing game.
struct PointingGame {
  private struct Round {
    var peak: EvidenceMap.Peak?
    /// Shape: [height, width].
    var mask: [Bool]
    var width: Int
    /// Share of the body's pixels that show the finding.
    var findingShare: Double
    var patient: Int
  }

  private var rounds: [Round] = []

  /// Adds one picture; one whose mask is empty, or of another size, does not count.
  ///
  /// - Parameters:
  ///   - mask: which pixels show the finding. Shape: [height, width].
  ///   - map: gives the evidence for the finding's class.
  mutating func play(_ picture: Picture, mask: [Bool], patient: Int, map: () throws -> EvidenceMap) rethrows {
    let finding = mask.count { $0 }
    guard finding > 0, mask.count == picture.width * picture.height else { return }
    let pixels = picture.pixels
    let body = stride(from: 0, to: pixels.count, by: picture.channels).count { pixels[$0] > 20 }
    rounds.append(
      Round(
        peak: try map().resized(height: picture.height, width: picture.width).peak, mask: mask, width: picture.width,
        findingShare: Double(finding) / Double(body), patient: patient))
  }

  var count: Int { rounds.count }
  var hits: Int { rounds.count { Self.hits($0.peak, $0) } }

  /// Hits expected of a point drawn evenly within the body.
  var chance: Double { rounds.reduce(0) { $0 + $1.findingShare } }

  /// Hits expected of the same peaks dealt out to other patients' pictures: what the choice of place alone gives, such as
  /// always the spine.
  var hitsElsewhere: Double {
    rounds.reduce(0) { sum, round in
      let others = rounds.filter { $0.patient != round.patient && $0.mask.count == round.mask.count }
      guard !others.isEmpty else { return sum }
      return sum + Double(others.count { Self.hits(round.peak, $0) }) / Double(others.count)
    }
  }

  /// The share of hits, with its interval over patients.
  func share() throws -> Metric {
    try .share(
      of: rounds.map { Self.hits($0.peak, $0) }, labels: rounds.map { _ in 0 }, series: rounds.map(\.patient))
  }

  private static func hits(_ peak: EvidenceMap.Peak?, _ round: Round) -> Bool {
    peak.map { round.mask[$0.row * round.width + $0.column] } ?? false
  }
}

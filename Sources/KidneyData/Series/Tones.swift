import Foundation

/// Where soft tissue and fat lie on the grey scale of some pictures.
///
/// Both follow from the CT window, the contrast agent and the patient, so slices of one study agree in them even across
/// planes, where no structure can be compared. In the public kidney set, axial slices and the coronal ones that follow
/// them agree within 6 grey levels almost always, those of different studies seldom.
package struct Tones: Equatable, Sendable {
  /// The brightest frequent grey value.
  package var soft: Int
  /// The most frequent one well below it, if there is one.
  package var fat: Int?
  /// All frequent grey values, in rising order.
  package var peaks: [Int]

  /// - Parameter histogram: of 256 grey values.
  /// - Returns: nil if nothing is brighter than background.
  package init?(histogram: [Int]) {
    precondition(histogram.count == 256)
    let smooth = Self.smoothed(histogram)
    guard let highest = smooth[Self.first..<Self.end].max(), highest > 0 else { return nil }
    peaks = (Self.first..<Self.end).filter {
      smooth[$0] > smooth[$0 - 1] && smooth[$0] >= smooth[$0 + 1] && smooth[$0] > Self.least * highest
    }
    guard let soft = peaks.last else { return nil }
    self.soft = soft
    fat = peaks.filter { $0 < soft - 3 * Self.agreement }.max { smooth[$0] < smooth[$1] }
  }

  /// Whether these may be one study's.
  ///
  /// - Parameters:
  ///   - tolerance: in grey levels.
  ///   - ignoringFat: between planes the parts of fat and other tissue differ, so that another peak may be the highest.
  package func agrees(
    with other: Tones, within tolerance: Int = Tones.agreement, ignoringFat: Bool = false
  ) -> Bool {
    guard abs(soft - other.soft) <= tolerance else { return false }
    guard !ignoringFat, let fat, let otherFat = other.fat else { return true }
    return abs(fat - otherFat) <= tolerance
  }

  /// Whether any tissue is common to both, where slices show different parts of a body.
  package func sharesTissue(with other: Tones) -> Bool {
    // Where air and fat are black, the darkest peak is the end of the scale, not a tissue.
    peaks.contains { peak in peak >= 25 && other.peaks.contains { abs($0 - peak) <= Self.agreement } }
  }

  /// What runs of one study keep within, in grey levels, if nothing else speaks for it.
  package static let agreement = 6
  /// Peaks lower than this share of the highest are noise.
  private static let least = 0.25
  /// Darker than this is background.
  private static let background = 13
  private static let first = 14
  private static let end = 250

  private static func smoothed(_ histogram: [Int]) -> [Double] {
    let sigma = 3.0
    let kernel = (-12...12).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    return (0..<256).map { level in
      var sum = 0.0
      for (offset, weight) in kernel.enumerated() {
        let source = min(max(level + offset - 12, 0), 255)
        if source >= background { sum += weight * Double(histogram[source]) }
      }
      return sum
    }
  }
}

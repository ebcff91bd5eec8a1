import Foundation

/// A numbering cut where the look jumps, and the links between its pieces.
struct Runs {
  struct Run {
    var pictures: [Int]
    var tones: Tones?
    var plane: Look.Plane
    var firstNumber: Int?
    var lastNumber: Int?
  }

  /// Two neighbouring pieces that are probably one study.
  struct Link {
    var first: Int
    var second: Int
    var reason: String
  }

  private(set) var list: [Run] = []
  private(set) var links: [Link] = []

  /// Neighbours as similar as this are of one study. Pairs of different patients reach 0.43 in one of ten thousand.
  static let sameStudy: Float = 0.5

  init(_ numbering: Numbering, looks: [Look]) {
    var pieces: [Range<Int>] = []
    var similarities: [Float] = []
    for position in numbering.pictures.indices {
      let similarity =
        position == 0 ? 0 : looks[numbering.pictures[position]].similarity(to: looks[numbering.pictures[position - 1]])
      if position > 0, similarity >= Self.sameStudy {
        pieces[pieces.count - 1] = pieces[pieces.count - 1].lowerBound..<position + 1
      } else {
        pieces.append(position..<position + 1)
        similarities.append(similarity)
      }
    }
    list = pieces.map { Self.run(numbering, $0, looks: looks) }
    for index in list.indices.dropFirst() {
      if let reason = Self.reasonToLink(list[index - 1], list[index], similarity: similarities[index]) {
        links.append(Link(first: list[index - 1].pictures.last!, second: list[index].pictures[0], reason: reason))
      }
    }
  }

  private static func run(_ numbering: Numbering, _ range: Range<Int>, looks: [Look]) -> Run {
    let pictures = Array(numbering.pictures[range])
    var histogram = [Int](repeating: 0, count: 256)
    var longitudinal = 0
    for index in pictures {
      for level in 0..<256 { histogram[level] += looks[index].histogram[level] }
      if looks[index].plane == .longitudinal { longitudinal += 1 }
    }
    return Run(
      pictures: pictures, tones: Tones(histogram: histogram),
      plane: 2 * longitudinal > pictures.count ? .longitudinal : .axial,
      firstNumber: numbering.numbers[range.lowerBound], lastNumber: numbering.numbers[range.upperBound - 1])
  }

  /// - Parameter similarity: of the last picture of `earlier` and the first of `later`.
  private static func reasonToLink(_ earlier: Run, _ later: Run, similarity: Float) -> String? {
    let gap: Int?
    if let last = earlier.lastNumber, let first = later.firstNumber { gap = max(1, first - last) } else { gap = nil }
    guard let gap, let first = earlier.tones, let second = later.tones else { return nil }
    // Tones drift along the body; across many missing numbers nothing but them speaks for one study.
    let isNear = gap <= 64
    switch (earlier.plane, later.plane) {
    case (.axial, .axial), (.longitudinal, .longitudinal):
      // A study's slices change the more the more of them are missing in between.
      guard similarity >= leastSimilarity(across: gap),
        isNear ? first.agrees(with: second, within: 10) || first.sharesTissue(with: second) : first.agrees(with: second)
      else { return nil }
      return gap == 1
        ? "their structures are related, and their grey values agree"
        : "between them \(gap - 1) numbers are missing, and their grey values agree"
    case (.axial, .longitudinal):
      // Between planes tones differed by 0 to 11 within studies of the four-class set.
      if gap == 1, first.agrees(with: second, within: 20, ignoringFat: true) || first.sharesTissue(with: second) {
        return "the plane changes from one number to the next, and coronal slices follow the axial ones of their study"
      }
      guard isNear ? first.agrees(with: second, within: 14, ignoringFat: true) : first.agrees(with: second) else {
        return nil
      }
      return "the plane changes, and their grey values agree"
    case (.longitudinal, .axial):
      return nil
    }
  }

  /// A third of what all but one in a hundred pairs of a study reach at this distance of their numbers (in two real sets
  /// about exp(-gap / 11)): a set may have left out slices without leaving out numbers. Neighbours of
  /// different studies reached 0.28 there at most, and their tones differed.
  static func leastSimilarity(across gap: Int) -> Float {
    Float(exp(-Double(gap) / 11)) / 3
  }
}

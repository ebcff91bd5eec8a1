import ParallelWork
import Synchronization

/// Finds pictures that look alike though they are in different series: copies, encoded again or cropped, and slices
/// of a study that lie in another folder or class.
enum NearCopies {
  struct Pair: Sendable {
    var first: Int
    var second: Int
    var similarity: Float
  }

  /// Pictures as similar as this are of one study, whatever else speaks against it. Different patients' pictures, all
  /// pairs of them, stay below 0.5.
  static let certain: Float = 0.65
  /// And as similar as this, if their grey values agree.
  static let likely: Float = 0.5
  /// A picture as similar as this to another one in a mirror was made from it. Real slices of different studies stay
  /// below 0.45; one slice of a nearly symmetric body reaches 0.74 with the mirror image of another.
  private static let mirrored: Float = 0.8
  /// Pairs below this in the coarse structures need not be looked at finely.
  private static let coarse: Float = 0.6
  private static let block = 128

  /// - Parameters:
  ///   - tones: of the run that each picture is in.
  ///   - isKnown: whether a picture's patient is known; two such pictures are not compared.
  ///   - sets: the series so far; those that are found to belong together are joined.
  /// - Returns: one pair for each join.
  static func find(looks: [Look], tones: [Tones?], isKnown: [Bool], sets: inout UnionFind) -> [Pair] {
    var joins: [Pair] = []
    for start in stride(from: 0, to: looks.count, by: block) {
      let rows = start..<min(start + block, looks.count)
      let labels = looks.indices.map { sets.find($0) }
      let found = search(rows, looks: looks, tones: tones, isKnown: isKnown, labels: labels)
      for pair in found where sets.join(pair.first, pair.second) { joins.append(pair) }
    }
    return joins
  }

  private static func search(
    _ rows: Range<Int>, looks: [Look], tones: [Tones?], isKnown: [Bool], labels: [Int]
  ) -> [Pair] {
    let perRow = parallelMap(rows.count) { offset -> [Pair] in
      let first = rows.lowerBound + offset
      // The most similar picture of each other series is enough: one join is all it takes.
      var best: [Int: Pair] = [:]
      for second in looks.indices.dropFirst(first + 1) where labels[second] != labels[first] {
        guard !(isKnown[first] && isKnown[second]),
          let similarity = telling(looks[first], looks[second], doTonesAgree: agree(tones[first], tones[second]))
        else { continue }
        if similarity > best[labels[second]]?.similarity ?? -1 {
          best[labels[second]] = Pair(first: first, second: second, similarity: similarity)
        }
      }
      return best.values.sorted { $0.second < $1.second }
    }
    return perRow.flatMap { $0 }.sorted {
      ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second)
    }
  }

  /// - Returns: the similarity if it is enough for one study.
  private static func telling(_ first: Look, _ second: Look, doTonesAgree: @autoclosure () -> Bool) -> Float? {
    if first.coarseSimilarity(to: second) >= coarse {
      let similarity = first.similarity(to: second)
      if similarity >= certain || similarity >= likely && doTonesAgree() { return similarity }
    }
    if first.coarseMirroredSimilarity(to: second) >= mirrored {
      let similarity = first.mirroredSimilarity(to: second)
      if similarity >= mirrored { return similarity }
    }
    return nil
  }

  private static func agree(_ first: Tones?, _ second: Tones?) -> Bool {
    guard let first, let second else { return false }
    return first.agrees(with: second)
  }
}

import Digests
import Foundation
import MedicalImages
import ParallelWork

/// Finds exact and near copies among the pictures of a data set, whatever their names, classes and patients say.
///
/// Every pair is compared by its broad shape, as it is and in mirrors; the most similar ones are laid over each other
/// and compared in detail. Nothing is drawn, so the same pictures give the same pairs.
public enum CopyFinder {
  /// What the thresholds are; measured in `docs/data.md`.
  package enum Limits {
    /// Pictures whose structures agree less, laid over each other, are no copies.
    static let structure: Float = 0.9
    /// And whose detail agrees less.
    static let detail: Float = 0.75
  }

  /// How far the work is.
  public enum Progress: Sendable {
    case reading(done: Int, total: Int)
    /// Broad shapes, all with all.
    case searching(done: Int, total: Int)
    case comparing(done: Int, total: Int)
  }

  /// - Parameters:
  ///   - features: of each picture, all of one length, to give their distance and to propose pairs; nil without.
  ///   - progress: called from any thread, one call at a time.
  /// - Returns: the pairs in rising order of their pictures.
  /// - Throws: `MedicalImageError` for a picture that cannot be read any more.
  public static func pairs(
    in data: DataSet, features: [[Float]]? = nil, progress: (@Sendable (Progress) -> Void)? = nil
  ) throws -> [CopyPair] {
    let total = data.count
    let prints = try parallelMap(total, finished: { progress?(.reading(done: $0, total: total)) }) { index in
      PictureFingerprint(try PictureReader.read(data.url(of: index)).picture)
    }
    return pairs(of: prints, digests: data.manifest.pictures.map(\.sha256), features: features, progress: progress)
  }

  /// The same from fingerprints that are there already.
  ///
  /// - Parameter digests: of the files' bytes.
  package static func pairs(
    of prints: [PictureFingerprint], digests: [ContentDigest], features: [[Float]]? = nil,
    progress: (@Sendable (Progress) -> Void)? = nil
  ) -> [CopyPair] {
    precondition(prints.count == digests.count && features.map { $0.count == prints.count } ?? true, "one of each a picture")
    let unit = features.map { FeatureNeighbours($0) }
    let groups = groups(of: prints)
    return inOrder(
      exact(groups, digests: digests, features: unit)
        + near(groups, prints: prints, features: unit, setOf: nil, progress: progress))
  }

  /// The pairs with the same pixels alone.
  package static func exactPairs(of prints: [PictureFingerprint], digests: [ContentDigest]) -> [CopyPair] {
    precondition(prints.count == digests.count, "one of each a picture")
    return inOrder(exact(groups(of: prints), digests: digests, features: nil))
  }

  /// The near copies of which each side lies in another set: who only joins sets need not know the others, which are
  /// most of all.
  ///
  /// - Parameter setOf: of each picture; those with the same pixels lie in one set.
  package static func nearPairs(of prints: [PictureFingerprint], acrossSets setOf: [Int]) -> [CopyPair] {
    precondition(prints.count == setOf.count, "one of each a picture")
    return inOrder(near(groups(of: prints), prints: prints, features: nil, setOf: setOf, progress: nil))
  }

  private static func inOrder(_ pairs: [CopyPair]) -> [CopyPair] {
    pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Pictures of the same grey values are looked at once.
  private static func groups(of prints: [PictureFingerprint]) -> [[Int]] {
    var groups: [[Int]] = []
    var place: [ContentDigest: Int] = [:]
    for index in prints.indices {
      if let known = place[prints[index].pixelDigest] {
        groups[known].append(index)
      } else {
        place[prints[index].pixelDigest] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  private static func exact(
    _ groups: [[Int]], digests: [ContentDigest], features: FeatureNeighbours?
  ) -> [CopyPair] {
    var found: [CopyPair] = []
    for group in groups {
      for (position, first) in group.enumerated() {
        for second in group.dropFirst(position + 1) {
          found.append(
            CopyPair(
              first: first, second: second, kind: digests[first] == digests[second] ? .sameFile : .samePixels,
              flip: .none, structure: 1, detail: 1, hashDistance: 0,
              featureDistance: features?.distance(first, second)))
        }
      }
    }
    return found
  }

  private static func near(
    _ groups: [[Int]], prints: [PictureFingerprint], features: FeatureNeighbours?, setOf: [Int]?,
    progress: (@Sendable (Progress) -> Void)?
  ) -> [CopyPair] {
    var found: [CopyPair] = []
    let representatives = groups.map { $0[0] }
    for near in nearPairs(of: representatives, prints: prints, features: features, setOf: setOf, progress: progress) {
      for first in groups[near.first] {
        for second in groups[near.second] {
          var pair = near
          (pair.first, pair.second) = (min(first, second), max(first, second))
          pair.featureDistance = features?.distance(first, second)
          found.append(pair)
        }
      }
    }
    return found
  }

  /// - Returns: pairs of places in `pictures`.
  private static func nearPairs(
    of pictures: [Int], prints: [PictureFingerprint], features: FeatureNeighbours?, setOf: [Int]?,
    progress: (@Sendable (Progress) -> Void)?
  ) -> [CopyPair] {
    let chosen = pictures.map { prints[$0] }
    var candidates = CopyCandidates.find(chosen) { progress?(.searching(done: $0, total: chosen.count)) }
    if let features {
      let known = Set(candidates)
      candidates += features.candidates(among: pictures).filter { !known.contains($0) }
    }
    if let setOf { candidates.removeAll { setOf[pictures[$0.first]] == setOf[pictures[$0.second]] } }
    let proposals = candidates
    let total = proposals.count
    let verifier = CopyVerifier()
    let verdicts = parallelMap(total, finished: { progress?(.comparing(done: $0, total: total)) }) { index in
      verifier.compare(chosen[proposals[index].first], chosen[proposals[index].second], flip: proposals[index].flip)
    }
    var best: [Int: CopyPair] = [:]
    for (candidate, verdict) in zip(proposals, verdicts)
    where verdict.fine >= Limits.structure && verdict.detail >= Limits.detail {
      let key = candidate.first * chosen.count + candidate.second
      if let known = best[key], known.detail >= Double(verdict.detail) { continue }
      let difference = chosen[candidate.first].hash ^ chosen[candidate.second].hash ^ candidate.flip.mask
      best[key] = CopyPair(
        first: candidate.first, second: candidate.second, kind: .nearCopy, flip: candidate.flip,
        structure: Double(verdict.fine), detail: Double(verdict.detail), hashDistance: difference.nonzeroBitCount,
        featureDistance: nil)
    }
    return Array(best.values)
  }
}

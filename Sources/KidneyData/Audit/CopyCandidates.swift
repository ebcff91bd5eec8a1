import Foundation
import ParallelWork

/// Proposes pairs of pictures that may be copies of each other, from their broad shapes: all pairs are compared.
struct CopyCandidates {
  struct Candidate: Hashable, Sendable {
    var first: Int
    var second: Int
    var flip: Flip
  }

  /// Pairs whose shapes correlate less are not looked at.
  static let least: Float = 0.5
  /// So many candidates of each picture at most, the most similar ones.
  static let perPicture = 40

  /// Which shape of the first picture meets which of the second: the frame, the cropped frames, the bodies.
  private static let meetings = [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (3, 3)]

  /// - Returns: each pair once, the smaller index first, in rising order.
  static func find(
    _ pictures: [PictureFingerprint], progress: (@Sendable (_ done: Int) -> Void)? = nil
  ) -> [Candidate] {
    guard pictures.count > 1 else { return [] }
    let vectors = normalized(pictures)
    let count = pictures.count
    let width = BroadShape.side * BroadShape.side
    let perPicture = parallelMap(count, finished: progress) { index -> [Candidate] in
      var found: [(candidate: Candidate, score: Float)] = []
      var scores = [Float](repeating: 0, count: count)
      for flip in Flip.allCases {
        for place in 0..<count { scores[place] = -1 }
        for (own, other) in meetings {
          var query = Array(vectors[own][index * width..<(index + 1) * width])
          for coefficient in 0..<width { query[coefficient] *= flip.sign(of: coefficient) }
          raise(&scores, query: query, against: vectors[other])
        }
        for (place, score) in scores.enumerated() where place != index && score >= least {
          found.append((Candidate(first: min(index, place), second: max(index, place), flip: flip), score))
        }
      }
      found.sort { ($1.score, $0.candidate.first, $0.candidate.second) < ($0.score, $1.candidate.first, $1.candidate.second) }
      return found.prefix(Self.perPicture).map(\.candidate)
    }
    return Set(perPicture.joined()).sorted { ($0.first, $0.second, $0.flip.rawValue) < ($1.first, $1.second, $1.flip.rawValue) }
  }

  /// Raises each score to the scalar product of the query with that picture's vector.
  private static func raise(_ scores: inout [Float], query: [Float], against vectors: [Float]) {
    scores.withUnsafeMutableBufferPointer { scores in
      query.withUnsafeBytes { query in
        vectors.withUnsafeBytes { vectors in
          let q0 = query.loadUnaligned(fromByteOffset: 0, as: SIMD16<Float>.self)
          let q1 = query.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
          let q2 = query.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self)
          let q3 = query.loadUnaligned(fromByteOffset: 192, as: SIMD16<Float>.self)
          for place in 0..<scores.count {
            let start = place * 256
            var sum = q0 * vectors.loadUnaligned(fromByteOffset: start, as: SIMD16<Float>.self)
            sum += q1 * vectors.loadUnaligned(fromByteOffset: start + 64, as: SIMD16<Float>.self)
            sum += q2 * vectors.loadUnaligned(fromByteOffset: start + 128, as: SIMD16<Float>.self)
            sum += q3 * vectors.loadUnaligned(fromByteOffset: start + 192, as: SIMD16<Float>.self)
            let score = sum.sum()
            if score > scores[place] { scores[place] = score }
          }
        }
      }
    }
  }

  /// Each kind of shape as unit vectors. What all pictures share is taken away, and each coefficient counts by how
  /// much it varies: else every body would look like every other.
  ///
  /// - Returns: shape [kinds of shapes][pictures * 64].
  private static func normalized(_ pictures: [PictureFingerprint]) -> [[Float]] {
    let width = BroadShape.side * BroadShape.side
    // Many pictures are needed to know what they share.
    let knowsMean = pictures.count >= 20
    var mean = [Float](repeating: 0, count: width)
    var spread = [Float](repeating: 0, count: width)
    for coefficient in 0..<width {
      // In a mirror the sign of an odd coefficient is as good as its opposite: its mean is nothing.
      let isEven = coefficient % BroadShape.side % 2 == 0 && coefficient / BroadShape.side % 2 == 0
      let values = pictures.map { $0.shapes[0].coefficients[coefficient] }
      mean[coefficient] = knowsMean && isEven ? values.reduce(0, +) / Float(values.count) : 0
      let square = values.reduce(0) { $0 + ($1 - mean[coefficient]) * ($1 - mean[coefficient]) } / Float(values.count)
      spread[coefficient] = square.squareRoot()
    }
    // A coefficient that hardly varies is not blown up.
    let floor = max(spread.reduce(0, +) / Float(width) * 0.1, 1e-6)
    return pictures[0].shapes.indices.map { kind in
      var result = [Float](repeating: 0, count: pictures.count * width)
      for (index, picture) in pictures.enumerated() {
        let raw = picture.shapes[kind].coefficients
        var norm: Float = 0
        for coefficient in 1..<width {
          let value = (raw[coefficient] - mean[coefficient]) / max(spread[coefficient], floor)
          result[index * width + coefficient] = value
          norm += value * value
        }
        let scale = norm > 0 ? 1 / norm.squareRoot() : 0
        for coefficient in 0..<width { result[index * width + coefficient] *= scale }
      }
      return result
    }
  }
}

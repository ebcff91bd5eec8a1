import ParallelWork

/// Backbone features as unit vectors: how far pictures are apart in them, and which are nearest.
struct FeatureNeighbours {
  /// Shape: [pictures][features].
  private let vectors: [[Float]]

  /// So many nearest pictures are looked at closely.
  private static let nearest = 6

  init(_ features: [[Float]]) {
    precondition(features.allSatisfy { $0.count == features[0].count }, "features of one length")
    vectors = features.map { row in
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return norm > 0 ? row.map { $0 / norm } : row
    }
  }

  /// The cosine distance, 0…2.
  func distance(_ first: Int, _ second: Int) -> Double {
    max(0, 1 - Double(Self.product(vectors[first], vectors[second])))
  }

  /// Each picture with its nearest ones, as candidates that may be mirrored left to right.
  ///
  /// - Parameter pictures: indices of the features' pictures; the candidates are places in this list.
  func candidates(among pictures: [Int]) -> [CopyCandidates.Candidate] {
    let chosen = pictures.map { vectors[$0] }
    let found = parallelMap(chosen.count) { index -> [CopyCandidates.Candidate] in
      var near: [(place: Int, product: Float)] = []
      for place in chosen.indices where place != index {
        let product = Self.product(chosen[index], chosen[place])
        if near.count == Self.nearest, product <= near[near.count - 1].product { continue }
        near.insert((place, product), at: near.firstIndex { $0.product < product } ?? near.count)
        if near.count > Self.nearest { near.removeLast() }
      }
      return near.flatMap { entry in
        [Flip.none, .horizontal].map { flip in
          CopyCandidates.Candidate(first: min(index, entry.place), second: max(index, entry.place), flip: flip)
        }
      }
    }
    return Set(found.joined()).sorted {
      ($0.first, $0.second, $0.flip.rawValue) < ($1.first, $1.second, $1.flip.rawValue)
    }
  }

  private static func product(_ first: [Float], _ second: [Float]) -> Float {
    first.withUnsafeBytes { first in
      second.withUnsafeBytes { second in
        var sum = SIMD16<Float>.zero
        let whole = first.count / 64 * 64
        for start in stride(from: 0, to: whole, by: 64) {
          sum +=
            first.loadUnaligned(fromByteOffset: start, as: SIMD16<Float>.self)
            * second.loadUnaligned(fromByteOffset: start, as: SIMD16<Float>.self)
        }
        var total = sum.sum()
        for start in stride(from: whole, to: first.count, by: 4) {
          total +=
            first.loadUnaligned(fromByteOffset: start, as: Float.self)
            * second.loadUnaligned(fromByteOffset: start, as: Float.self)
        }
        return total
      }
    }
  }
}

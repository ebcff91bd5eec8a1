import RandomStreams

/// The order in which an epoch takes its pictures, and the batches it takes them in.
public enum BatchPlan {
  /// - Parameters:
  ///   - shuffled: whether the order is drawn anew for this epoch; it depends on (seed, epoch) alone.
  /// - Returns: `indices`, each once.
  public static func order(of indices: [Int], shuffled: Bool, seed: UInt64, epoch: Int) -> [Int] {
    guard shuffled else { return indices }
    var stream = RandomStream(seed: seed, RandomStream.number(of: "order"), UInt64(bitPattern: Int64(epoch)))
    return stream.permutation(of: indices.count).map { indices[$0] }
  }

  /// Batches in an epoch's order.
  ///
  /// - Returns: batches of `batchSize`; the last one is shorter where they do not divide evenly, and never dropped.
  public static func batches(
    of indices: [Int], batchSize: Int, shuffled: Bool, seed: UInt64, epoch: Int
  ) -> [[Int]] {
    batches(of: order(of: indices, shuffled: shuffled, seed: seed, epoch: epoch), batchSize: batchSize)
  }

  /// Batches in the order given.
  ///
  /// - Returns: batches of `batchSize`, the last one shorter where they do not divide evenly.
  public static func batches(of indices: [Int], batchSize: Int) -> [[Int]] {
    precondition(batchSize > 0, "a batch has at least one picture")
    return stride(from: 0, to: indices.count, by: batchSize).map {
      Array(indices[$0..<min($0 + batchSize, indices.count)])
    }
  }
}

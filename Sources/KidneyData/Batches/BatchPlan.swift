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

  /// - Returns: batches of `batchSize`; the last one is shorter where they do not divide evenly, and never dropped.
  public static func batches(
    of indices: [Int], batchSize: Int, shuffled: Bool, seed: UInt64, epoch: Int
  ) -> [[Int]] {
    precondition(batchSize > 0, "a batch has at least one picture")
    let order = order(of: indices, shuffled: shuffled, seed: seed, epoch: epoch)
    return stride(from: 0, to: order.count, by: batchSize).map { Array(order[$0..<min($0 + batchSize, order.count)]) }
  }
}

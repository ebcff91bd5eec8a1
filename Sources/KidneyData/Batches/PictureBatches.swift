/// The batches of one epoch. Each iterator makes them anew.
public struct PictureBatches: Sendable {
  let feeder: PictureFeeder
  let epoch: Int
  /// How many batches are in memory at most, besides those that were taken.
  package let ahead: Int
  /// The pictures of each batch.
  public let plan: [[Int]]

  /// The number of batches.
  public var count: Int { plan.count }

  /// Starts to make batches.
  public func makeIterator() -> Iterator {
    Iterator(handle: ProductionHandle(BatchProduction(self)))
  }

  /// Hands out batches in their order. Production stops when the last copy of an iterator is gone.
  public struct Iterator {
    let handle: ProductionHandle

    /// Waits for the next batch.
    ///
    /// - Returns: nil after the last one.
    /// - Throws: what went wrong with a picture of the batch; nothing follows.
    public mutating func next() throws -> PictureBatch? { try handle.production.next() }
  }
}

/// Stops a production when nobody takes its batches any more.
final class ProductionHandle: Sendable {
  let production: BatchProduction

  init(_ production: BatchProduction) {
    self.production = production
    production.start()
  }

  deinit { production.stop() }
}

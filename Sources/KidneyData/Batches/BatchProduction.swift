import Foundation

/// Threads that fill batches, and the queue they are taken from. It holds a fixed number of batches, so that memory
/// stays bounded however slow the consumer is.
final class BatchProduction: @unchecked Sendable {
  /// A batch in the making.
  private struct Unfinished {
    var buffer: PixelBuffer
    var missing: Int
    /// Of the first picture, by place, that failed.
    var failure: (place: Int, error: any Error)?
  }

  private let batches: PictureBatches
  private let valueCount: Int
  /// The number of pictures in all batches before each.
  private let starts: [Int]
  private let total: Int

  // Everything below is guarded by the condition.
  private let condition = NSCondition()
  private var nextPicture = 0
  private var nextBatch = 0
  private var unfinished: [Int: Unfinished] = [:]
  private var isStopped = false

  init(_ batches: PictureBatches) {
    self.batches = batches
    valueCount = batches.feeder.preprocessing.valueCount
    var starts: [Int] = []
    var total = 0
    for batch in batches.plan {
      starts.append(total)
      total += batch.count
    }
    self.starts = starts
    self.total = total
  }

  func start() {
    for _ in 0..<min(batches.feeder.threads, total) {
      Thread.detachNewThread { self.work() }
    }
  }

  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }

  func next() throws -> PictureBatch? {
    try condition.withLock { () throws -> PictureBatch? in
      guard nextBatch < batches.plan.count, !isStopped else { return nil }
      while true {
        if let batch = unfinished[nextBatch], batch.missing == 0 {
          unfinished[nextBatch] = nil
          if let failure = batch.failure {
            isStopped = true
            condition.broadcast()
            throw failure.error
          }
          let indices = batches.plan[nextBatch]
          nextBatch += 1
          condition.broadcast()
          let preprocessing = batches.feeder.preprocessing
          return PictureBatch(
            indices: indices, labels: indices.map { batches.feeder.data.labels[$0] },
            shape: [indices.count, preprocessing.height, preprocessing.width, 3], buffer: batch.buffer)
        }
        condition.wait()
      }
    }
  }

  private func work() {
    // Of the batch that was claimed from last; later claims are never from an earlier one.
    var batch = 0
    while let claim = claim(&batch) {
      let values = UnsafeMutableBufferPointer(
        rebasing: claim.buffer.mutableValues[claim.place * valueCount..<(claim.place + 1) * valueCount])
      var failure: (any Error)?
      do {
        try batches.feeder.write(batches.plan[batch][claim.place], epoch: batches.epoch, into: values)
      } catch {
        failure = error
      }
      finish(batch: batch, place: claim.place, failure: failure)
    }
  }

  /// Waits until the queue has room, and takes the next picture.
  private func claim(_ batch: inout Int) -> (buffer: PixelBuffer, place: Int)? {
    condition.withLock {
      while !isStopped, nextPicture < total {
        while batch + 1 < starts.count, starts[batch + 1] <= nextPicture { batch += 1 }
        if batch < nextBatch + batches.ahead {
          let place = nextPicture - starts[batch]
          nextPicture += 1
          let count = batches.plan[batch].count
          let buffer = unfinished[batch]?.buffer ?? PixelBuffer(count: count * valueCount, from: batches.feeder.shelf)
          if unfinished[batch] == nil { unfinished[batch] = Unfinished(buffer: buffer, missing: count) }
          return (buffer, place)
        }
        condition.wait()
      }
      return nil
    }
  }

  private func finish(batch: Int, place: Int, failure: (any Error)?) {
    condition.withLock {
      unfinished[batch]?.missing -= 1
      if let failure, unfinished[batch]?.failure.map({ place < $0.place }) ?? true {
        unfinished[batch]?.failure = (place, failure)
      }
      if unfinished[batch]?.missing == 0 { condition.broadcast() }
    }
  }
}

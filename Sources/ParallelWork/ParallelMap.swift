import Dispatch
import Synchronization

/// Does `count` independent pieces of work on all processors.
///
/// - Parameters:
///   - finished: told how many pieces are done, one call at a time, in rising order.
///   - body: called once for each index, on several threads at once.
/// - Returns: the results in the order of their indices.
/// - Throws: the error of the smallest index that failed; pieces that have not begun by then are skipped.
package func parallelMap<Result: Sendable, Failure: Error>(
  _ count: Int, finished: (@Sendable (Int) -> Void)? = nil, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  let state = Mutex(ParallelState<Result, Failure>(results: Array(repeating: nil, count: count)))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let isHopeless = state.withLock { state in state.failure.map { $0.index < index } ?? false }
    if isHopeless { return }
    do throws(Failure) {
      let result = try body(index)
      state.withLock { state in
        state.results[index] = result
        state.done += 1
        finished?(state.done)
      }
    } catch {
      state.withLock { state in
        if state.failure.map({ index < $0.index }) ?? true { state.failure = (index, error) }
      }
    }
  }
  let end = state.withLock { $0 }
  if let failure = end.failure { throw failure.error }
  return end.results.map { $0! }
}

private struct ParallelState<Result: Sendable, Failure: Error>: Sendable {
  var results: [Result?]
  var done = 0
  var failure: (index: Int, error: Failure)?
}

import CProcessor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that stay and share the work of one call at a time, or of several callers' calls.
///
/// The caller works too, so a pool of N threads starts N - 1. A thread without work spins for some
/// microseconds, which is how long the gap between two layers is, and then sleeps.
public final class ThreadPool: Sendable {
  /// One thread for each processor this process may use; `NEFRO_THREADS` in the environment overrides.
  public static let shared = ThreadPool(threads: defaultThreadCount())

  /// Threads that work on a call, the caller included.
  public let threadCount: Int

  private let crew: Crew?

  /// - Parameter threads: Threads that work on a call, the caller included; less than one counts as one.
  public init(threads: Int) {
    threadCount = max(1, threads)
    crew = threadCount > 1 ? Crew(helpers: threadCount - 1) : nil
  }

  deinit {
    crew?.dismiss()
  }

  /// Calls `body` once for each index in `0..<count` and returns when all calls have returned.
  ///
  /// Indices are claimed one by one, so uneven work balances; which worker gets which is left to
  /// chance, and no result may depend on it. A call from inside a `body` runs inline on its thread.
  /// Several threads may call at the same time.
  ///
  /// - Parameter body: Is told the index and the worker, in `0..<threadCount`; no two calls of one `run` have the
  ///   same worker at the same time, so scratch memory may be chosen by it.
  public func run(count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    guard count > 1, let crew, !Crew.isWorking else {
      var index = 0
      while index < count {
        body(index, 0)
        index += 1
      }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { crew.run(Job(body: $0, count: count)) }
    }
  }

  private static func defaultThreadCount() -> Int {
    if let wish = getenv("NEFRO_THREADS"), let count = Int(String(cString: wish)), count > 0 { return count }
    return Int(nefro_processor_count())
  }
}

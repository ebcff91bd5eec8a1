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

  /// A wish that makes no sense is passed over here: a program asks `checkedEnvironment` when it starts.
  private static func defaultThreadCount() -> Int {
    (try? checkedEnvironment()) ?? Int(nefro_processor_count())
  }

  /// The number of threads that `NEFRO_THREADS` names, or that of the processors if it is not set or empty.
  ///
  /// - Throws: `ThreadCountError` if it is no whole number from 1 to 1024.
  public static func checkedEnvironment() throws(ThreadCountError) -> Int {
    guard let wish = getenv("NEFRO_THREADS").map({ String(cString: $0) }), !wish.isEmpty else {
      return Int(nefro_processor_count())
    }
    guard let count = Int(wish), (1...1024).contains(count) else { throw ThreadCountError(wish: wish) }
    return count
  }
}

/// `NEFRO_THREADS` is no number of threads.
public struct ThreadCountError: Error, Equatable, CustomStringConvertible {
  /// What it is.
  public let wish: String

  public var description: String {
    "NEFRO_THREADS is '\(wish)', but must be a whole number from 1 to 1024. Correct it, or leave it out for as many "
      + "threads as processors."
  }
}

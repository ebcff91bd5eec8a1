import Foundation
import Synchronization
import Testing
import Transfers

/// A clock that is never waited for: it moves by `tick` whenever it is looked at, and by each sleep at once.
final class TestClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleeps: [Duration] = []
  }
  private let state = Mutex(State())
  private let tick: Duration

  init(tick: Duration = .zero) { self.tick = tick }

  var sleeps: [Duration] { state.withLock { $0.sleeps } }

  func advance(by time: Duration) { state.withLock { $0.now += time } }

  /// Sunday, 6 November 1994, 08:49:37 GMT at first.
  var transferClock: TransferClock {
    let now: @Sendable () -> Duration = {
      self.state.withLock { state in
        state.now += self.tick
        return state.now
      }
    }
    return TransferClock(
      now: now, date: { Date(timeIntervalSince1970: 784_111_777 + now() / .seconds(1)) },
      sleep: { time in
        try Task.checkCancellation()
        self.state.withLock { state in
          state.sleeps.append(time)
          state.now += time
        }
      })
  }
}

/// What a callback was given.
final class Recorder<Value: Sendable>: Sendable {
  private let state = Mutex<[Value]>([])
  var values: [Value] { state.withLock { $0 } }
  func append(_ value: Value) { state.withLock { $0.append(value) } }
}

/// Bytes that begin like a zip archive and do not repeat.
func archiveBytes(_ count: Int = 300_000, seed: UInt64 = 1) -> [UInt8] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  var bytes: [UInt8] = [0x50, 0x4B, 3, 4]
  bytes.reserveCapacity(count)
  while bytes.count < count {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    bytes.append(UInt8(truncatingIfNeeded: state >> 24))
  }
  return Array(bytes.prefix(count))
}

/// Leaves a partial file as an interrupted download would.
func leavePart(
  _ bytes: some Sequence<UInt8>, of file: URL, from url: URL, etag: String?, lastModified: String? = nil, total: Int64?
)
  throws
{
  let part = try PartialFile(for: file)
  try part.restart(
    PartRecord(source: .init(of: url.absoluteString), etag: etag, lastModified: lastModified, total: total))
  try Array(bytes).withUnsafeBytes { try part.append($0) }
  part.close()
}

/// The names in a folder, sorted; an unreadable folder has one that no test expects.
func contents(_ folder: URL) -> [String] {
  do {
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  } catch {
    return ["\(error)"]
  }
}

/// The error that `body` throws, for comparisons.
func transferError(_ body: () async throws -> some Any) async -> TransferError? {
  do {
    _ = try await body()
    Issue.record("nothing was thrown")
  } catch let error as TransferError {
    return error
  } catch {
    Issue.record("another error was thrown: \(error)")
  }
  return nil
}

import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events of one training for one client: `line` for what it says, from its first kept line on, and
/// `ended` with the job.
///
/// The client's token is looked up again with each pulse, and the stream ends with it; so it does when the server is
/// told to end. Writing waits for the client, which may take nothing: where the stream has not come to its end a pulse
/// later, the connection is closed.
struct EventStream: Sendable {
  let room: ServingRoom
  /// As it is known now.
  let job: TrainingJob
  /// Nil for a job that does not run any more.
  let watch: JobWatch?
  /// Of the token that opened the stream.
  let tokenID: String
  let connection: any Channel

  func write(to writer: inout any ResponseBodyWriter) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await keepWatch() }
      defer { group.cancelAll() }
      for line in job.lines { try await writer.write(Self.event("line", line)) }
      if let watch {
        for await event in watch.events {
          if watch.isOver { break }
          try await write(event, to: &writer)
        }
      } else {
        try await write(.ended(job), to: &writer)
      }
      try await writer.finish(nil)
    }
  }

  private func write(_ event: JobEvent, to writer: inout any ResponseBodyWriter) async throws {
    switch event {
    case .line(let line): try await writer.write(Self.event("line", line))
    case .pulse: try await writer.write(ByteBuffer(string: ": \n\n"))
    case .ended(let job):
      try await writer.write(Self.event("ended", String(decoding: try APIJSON.encode(job), as: UTF8.self)))
    }
  }

  private static func event(_ name: String, _ data: String) -> ByteBuffer {
    ByteBuffer(string: "event: \(name)\ndata: \(data.filter { !$0.isNewline })\n\n")
  }

  // MARK: -

  /// Returns when the stream has come to its end, or was brought to it.
  private func keepWatch() async {
    let pulse = Duration.seconds(room.limits.pulseSeconds)
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: pulse)) != nil {
        guard await mayWatch() else { return }
      }
    }
    guard !Task.isCancelled else { return }
    watch?.end()
    guard (try? await Task.sleep(for: pulse)) != nil else { return }
    connection.close(promise: nil)
  }

  private func mayWatch() async -> Bool {
    let principal = try? await room.tokens.records.reading { [room, tokenID] in
      try room.tokens.principal(ofTokenWithID: tokenID)
    }
    return principal.map { $0.role >= .operator } ?? false
  }
}

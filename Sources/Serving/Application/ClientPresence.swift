import NIOCore
import Synchronization

/// Whether the client of a connection is still there. Work for one that has gone is given up: nobody would read its answer.
///
/// A client that closes its sending side alone has gone too: from here the two look alike.
final class ClientPresence: Sendable {
  private struct State {
    var hasLeft = false
    var next = 0
    var watchers: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  var hasLeft: Bool { state.withLock { $0.hasLeft } }

  /// Called on the connection's own thread when its other end is closed.
  func leave() {
    let watchers = state.withLock { state in
      state.hasLeft = true
      defer { state.watchers = [:] }
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher() }
  }

  /// Runs work that is cancelled when the client leaves, or the task that asks for it is cancelled.
  ///
  /// - Throws: what `work` throws, such as `CancellationError`.
  func whileHere<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let task = Task { try await work() }
    let number = watch { task.cancel() }
    defer { if let number { forget(number) } }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// - Returns: nil if the client has left already; `watcher` was called then.
  private func watch(_ watcher: @escaping @Sendable () -> Void) -> Int? {
    let number = state.withLock { state -> Int? in
      guard !state.hasLeft else { return nil }
      state.next += 1
      state.watchers[state.next] = watcher
      return state.next
    }
    if number == nil { watcher() }
    return number
  }

  private func forget(_ number: Int) { state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
}

/// Notices when a connection's client goes.
final class ClientWatch: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Any

  let presence = ClientPresence()

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(ChannelEvent.inputClosed) = event as? ChannelEvent { presence.leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    presence.leave()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension ClientWatch: Sendable {}

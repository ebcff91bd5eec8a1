import Foundation
import Synchronization

/// A bad line to a good server: passes calls on, and spoils some of them.
public final class FaultProxy: Sendable {
  public enum Fault: String, Sendable, CaseIterable {
    /// The connection is closed, and the server never hears of the call.
    case drop
    /// The server does what it was asked, but its answer is lost.
    case loseAnswer
    /// The answer ends in its middle.
    case cutAnswer
    /// 503 in place of the server's work.
    case refuse
    /// The server does what it was asked, and yet the answer is 500.
    case lie
    /// The call arrives later, but in time.
    case delay
    /// The answer comes after the caller has gone.
    case late
    /// The next calls are dropped, too, as while a server starts again.
    case restart
  }

  /// Chooses what happens to a call.
  public typealias Plan = @Sendable (LoopbackServer.Request, Int) -> Fault?

  private let target: Int
  private let plan: Plan
  private let delay: Duration
  private let lateness: Duration
  private let state = Mutex(State())

  private struct State {
    var counts: [Fault: Int] = [:]
    var calls = 0
    var down = 0
  }

  private init(_ target: Int, delay: Duration, lateness: Duration, _ plan: @escaping Plan) {
    self.target = target
    self.delay = delay
    self.lateness = lateness
    self.plan = plan
  }

  /// How often each fault happened.
  public var counts: [Fault: Int] { state.withLock { $0.counts } }
  public var calls: Int { state.withLock { $0.calls } }

  /// Runs `body` with a proxy before the server at a port of this machine.
  ///
  /// - Parameters:
  ///   - delay: of a delayed call; less than the caller's patience.
  ///   - lateness: of a late answer; more than that.
  public static func with<Result>(
    port: Int, delay: Duration, lateness: Duration, _ plan: @escaping Plan,
    _ body: (LoopbackServer, FaultProxy) async throws -> Result
  ) async throws -> Result {
    let proxy = FaultProxy(port, delay: delay, lateness: lateness, plan)
    return try await LoopbackServer.with({ request, number in await proxy.answer(request, number) }) { server in
      try await body(server, proxy)
    }
  }

  private func answer(_ request: LoopbackServer.Request, _ number: Int) async -> LoopbackServer.Answer {
    let isDown = state.withLock { state in
      state.calls += 1
      guard state.down > 0 else { return false }
      state.down -= 1
      return true
    }
    if isDown { return .init(ending: .unanswered) }
    guard let fault = plan(request, number) else { return await pass(request) }
    state.withLock { $0.counts[fault, default: 0] += 1 }
    switch fault {
    case .drop: return .init(ending: .unanswered)
    case .refuse: return .init(status: .serviceUnavailable)
    case .loseAnswer:
      _ = await pass(request)
      return .init(ending: .unanswered)
    case .cutAnswer:
      let answer = await pass(request)
      return answer.ending(.cut(after: answer.body.count / 2))
    case .lie:
      _ = await pass(request)
      return .json("{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"it was done all the same\"}", .internalServerError)
    case .delay:
      try? await Task.sleep(for: delay)
      return await pass(request)
    case .late:
      let answer = await pass(request)
      try? await Task.sleep(for: lateness)
      return answer
    case .restart:
      state.withLock { $0.down = 4 }
      return .init(ending: .unanswered)
    }
  }

  /// One call to the server on a connection of its own.
  private func pass(_ request: LoopbackServer.Request) async -> LoopbackServer.Answer {
    do {
      return try await Exchange.perform(request, port: target)
    } catch {
      return .init(ending: .unanswered)
    }
  }
}

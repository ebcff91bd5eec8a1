import Foundation
import Transfers

/// Brings several runs to a server, one after the other.
public enum RunSynchronization {
  /// What became of one run.
  public enum Outcome: Sendable {
    case done(MirrorReport)
    /// This run only: others may go.
    case failed(any Error)
  }

  /// A silent server is given up after some minutes: a minute a call, two tries, and three passes.
  public static let patient = APIClient.Settings(idleTimeout: .seconds(60), retries: RetryPolicy(attempts: 2))

  /// - Parameters:
  ///   - settings: timeouts, retries and clock.
  ///   - each: called after each run.
  /// - Returns: the number of runs that the server does not have whole.
  /// - Throws: what stops all of them, such as a server that cannot be reached or does not know its caller. The runs
  ///   before are there.
  public static func run(
    _ runs: [RunID], of store: RunStore, to server: MLflowServer, settings: APIClient.Settings = patient,
    each: (RunID, Outcome) throws -> Void
  ) async throws -> Int {
    guard !runs.isEmpty else { return 0 }
    return try await RunMirror.with(store, server, settings: settings) { mirror in
      var failed = 0
      for run in runs {
        let report: MirrorReport
        do {
          try store.enroll(run, on: server)
          report = try await mirror.synchronize(run)
        } catch {
          guard try await concernsOne(error, mirror) else { throw error }
          failed += 1
          try each(run, .failed(error))
          continue
        }
        try each(run, .done(report))
      }
      return failed
    }
  }

  /// Whether an error is of one run, and the next may go. Where it does not tell, the server is asked for something else:
  /// a run that it breaks over must not keep all later ones back.
  ///
  /// - Throws: what any other call meets.
  private static func concernsOne(_ error: any Error, _ mirror: RunMirror) async throws -> Bool {
    switch error {
    case MLflowError.loginRefused, MLflowError.redirected, MLflowError.experimentDeleted, MLflowError.invalidAddress,
      MLflowError.noAnswer(_, .cannotConnect), MLflowError.noAnswer(_, .untrustedCertificate),
      MLflowError.noAnswer(_, .certificatesUnreadable), MLflowError.noAnswer(_, .invalidProxy), is CancellationError:
      return false
    case MLflowError.unavailable, MLflowError.webPage, MLflowError.noAnswer:
      try await mirror.probe()
      return true
    default: return true
    }
  }
}

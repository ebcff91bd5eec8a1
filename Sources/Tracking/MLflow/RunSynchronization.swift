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
        do {
          try store.enroll(run, on: server)
          try each(run, .done(try await mirror.synchronize(run)))
        } catch let error where !stopsAll(error) {
          failed += 1
          try each(run, .failed(error))
        }
      }
      return failed
    }
  }

  private static func stopsAll(_ error: any Error) -> Bool {
    switch error {
    case MLflowError.loginRefused, MLflowError.webPage, MLflowError.redirected, MLflowError.experimentDeleted,
      MLflowError.unavailable, MLflowError.invalidAddress:
      true
    case is TransferError, is CancellationError: true
    default: false
    }
  }
}

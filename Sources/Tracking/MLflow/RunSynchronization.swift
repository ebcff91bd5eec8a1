import Foundation
import Transfers

/// Brings several runs and registered models to a server, one after the other.
public enum RunSynchronization {
  /// What became of one of them.
  public enum Outcome: Sendable {
    case done(MirrorReport)
    /// This one only: others may go.
    case failed(any Error)
  }

  /// A silent server is given up after some minutes: a minute a call, two tries, and three passes.
  public static let patient = APIClient.Settings(idleTimeout: .seconds(60), retries: RetryPolicy(attempts: 2))

  /// - Parameters:
  ///   - settings: timeouts, retries and clock.
  ///   - packager: makes what MLflow can load of a model.
  ///   - each: called after each of them.
  /// - Returns: how many of them the server does not have whole.
  /// - Throws: what stops all of them, such as a server that cannot be reached or does not know its caller. Those
  ///   before are there.
  public static func run(
    _ subjects: [MirrorSubject], of store: RunStore, to server: MLflowServer, settings: APIClient.Settings = patient,
    packager: ModelPackager? = nil, each: (MirrorSubject, Outcome) throws -> Void
  ) async throws -> Int {
    guard !subjects.isEmpty else { return 0 }
    return try await RunMirror.with(store, server, settings: settings, packager: packager) { mirror in
      var failed = 0
      for subject in subjects {
        let report: MirrorReport
        do {
          switch subject {
          case .run(let run): try store.enroll(run, on: server)
          case .model(let name): try store.enroll(model: name, on: server)
          }
          report = try await mirror.synchronize(subject)
        } catch {
          guard try await concernsOne(error, mirror) else { throw error }
          failed += 1
          try each(subject, .failed(error))
          continue
        }
        try each(subject, .done(report))
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

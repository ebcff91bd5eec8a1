/// What a server would not take of a run while the rest of it goes there.
struct MirrorFailures {
  private var first: (any Error)?
  private let isLastPass: Bool

  /// - Parameter isLastPass: whether no other try follows now.
  init(isLastPass: Bool) { self.isLastPass = isLastPass }

  var isEmpty: Bool { first == nil }

  /// Does a part of the work. What another try may mend, and what concerns every call, is thrown at once; other errors
  /// are kept.
  mutating func deferring(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch {
      guard !stopsRun(error) else { throw error }
      first = first ?? error
    }
  }

  /// - Throws: the first error that was kept.
  func throwFirst() throws {
    if let first { throw first }
  }

  private func stopsRun(_ error: any Error) -> Bool {
    switch error {
    case is CancellationError, MLflowError.loginRefused, MLflowError.noAnswer, MLflowError.redirected: true
    case MLflowError.unavailable: !isLastPass
    default: false
    }
  }
}

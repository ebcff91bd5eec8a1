import Synchronization

/// The plans of one network, compiled when they are first needed and shared by all callers.
final class PlanCache: Sendable {
  struct InferenceKey: Hashable {
    let batch: Int
    /// Positions of layers, ascending; none for the network's result.
    let taps: [Int]
  }

  struct TrainingKey: Hashable {
    let batch: Int
    let first: Int
    let reachesInput: Bool
    /// What each layer from `first` on keeps: it changes when a parameter is frozen or released.
    let keeps: [Int]
  }

  private struct State {
    var inference: [InferenceKey: InferencePlan] = [:]
    var training: [TrainingKey: TrainingPlan] = [:]
  }

  private let state = Mutex(State())
  /// A plan is a few kilobytes; a caller with ever new batch sizes must not fill the memory with them.
  private static let most = 64

  /// - Parameter make: compiles the plan if it is not here.
  func inference(_ key: InferenceKey, _ make: () -> InferencePlan) -> InferencePlan {
    state.withLock { state in
      if let plan = state.inference[key] { return plan }
      if state.inference.count >= Self.most { state.inference = [:] }
      let plan = make()
      state.inference[key] = plan
      return plan
    }
  }

  func training(_ key: TrainingKey, _ make: () -> TrainingPlan) -> TrainingPlan {
    state.withLock { state in
      if let plan = state.training[key] { return plan }
      if state.training.count >= Self.most { state.training = [:] }
      let plan = make()
      state.training[key] = plan
      return plan
    }
  }

  /// How many plans are held.
  var count: Int { state.withLock { $0.inference.count + $0.training.count } }
}

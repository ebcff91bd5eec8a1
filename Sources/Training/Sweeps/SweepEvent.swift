/// What a sweep tells while it runs; who shows or records it decides how.
public enum SweepEvent: Sendable {
  /// A trial that an earlier process has done.
  case found(TrialResult)
  case started(SweepTrial)
  /// Pictures through the trainings and answers of the trial that goes on, and how many there will have been.
  case progress(done: Int, total: Int)
  case ended(TrialResult)
}

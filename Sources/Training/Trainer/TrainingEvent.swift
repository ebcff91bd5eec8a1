/// What a training tells while it runs; who shows it decides how.
public enum TrainingEvent: Sendable {
  /// Pictures done of a phase's total.
  case progress(phase: Phase, done: Int, total: Int)
  case epochEnded(EpochRecord, epochs: Int)
  case stoppedEarly(epoch: Int, bestEpoch: Int)
  /// A note for the person, such as a fallback that was asked for.
  case note(String)

  public enum Phase: Sendable, Equatable {
    /// Base features of the training pictures before the first epoch, for the head's standardisation.
    case standardisation
    case training(epoch: Int, epochs: Int)
    case validation(epoch: Int, epochs: Int)
    case scoring
  }
}

/// What a training tells while it runs; who shows it decides how.
public enum TrainingEvent: Sendable {
  /// What it works on, known before its first picture.
  case starting(TrainingFacts)
  /// Pictures done of a phase's total.
  case progress(phase: Phase, done: Int, total: Int)
  /// `mark` must stand beside the epoch's figures, such as "LEAKY split".
  case epochEnded(EpochRecord, epochs: Int, mark: String? = nil)
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

extension TrainingEvent {
  /// The same with a mark beside an epoch's figures.
  func marked(_ mark: String?) -> TrainingEvent {
    guard let mark, case .epochEnded(let record, let epochs, _) = self else { return self }
    return .epochEnded(record, epochs: epochs, mark: mark)
  }
}

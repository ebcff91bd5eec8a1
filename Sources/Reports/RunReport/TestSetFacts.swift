/// How often the test set was opened, and the ledger's lines about it.
public struct TestSetFacts: Sendable, Equatable {
  /// What a line of the ledger tells.
  public enum Event: Sendable, Equatable {
    case modelWritten, opened, crossValidated
  }

  /// One line of the ledger.
  public struct Entry: Sendable, Equatable {
    /// 1 for the first line.
    public var number: Int
    /// ISO 8601, UTC.
    public var time: String
    /// What the line tells.
    public var event: Event
    /// The first digits of the model's digest.
    public var model: String

    /// - Parameters:
    ///   - number: 1 for the first line.
    ///   - time: ISO 8601, UTC.
    ///   - model: the first digits of its digest.
    public init(number: Int, time: String, event: Event, model: String) {
      self.number = number
      self.time = time
      self.event = event
      self.model = model
    }
  }

  /// Of the test set.
  public var pictures: Int
  /// Up to the scores shown, theirs included.
  public var openings: Int
  /// How often some of the pictures were scored by cross-validation before.
  public var crossValidations: Int
  /// How many of the pictures an earlier opening or cross-validation has shown.
  public var openedBefore: Int
  /// When one of them was first opened or scored. ISO 8601, UTC.
  public var firstOpened: String
  /// Whether the model, with its thresholds and calibration, was there before that.
  public var modelPredatesFirstOpening: Bool
  /// Whether a model that does not was scored because somebody accepted that; false in scores of an earlier version, which
  /// only warned.
  public var accepted: Bool
  /// How often the pictures were opened after the scores shown; nil where the ledger does not have their opening.
  public var openedSince: Int?
  /// The last lines.
  public var entries: [Entry]

  /// - Parameters:
  ///   - pictures: of the test set.
  ///   - openings: up to the scores shown, theirs included, so 1 or more.
  ///   - firstOpened: ISO 8601, UTC.
  ///   - accepted: of a model that does not predate it.
  ///   - openedSince: nil where the ledger does not have the opening of the scores shown.
  ///   - entries: the ledger's last lines, the oldest first.
  public init(
    pictures: Int, openings: Int, crossValidations: Int = 0, openedBefore: Int, firstOpened: String,
    modelPredatesFirstOpening: Bool, accepted: Bool = false, openedSince: Int? = 0, entries: [Entry]
  ) {
    self.pictures = pictures
    self.openings = openings
    self.crossValidations = crossValidations
    self.openedBefore = openedBefore
    self.firstOpened = firstOpened
    self.modelPredatesFirstOpening = modelPredatesFirstOpening
    self.accepted = accepted
    self.openedSince = openedSince
    self.entries = entries
  }
}

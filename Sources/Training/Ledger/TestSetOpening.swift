import Digests
import Foundation

/// How often a test set was opened, for the score that rests on it.
public struct TestSetOpening: Codable, Equatable, Sendable {
  /// Of the names of its pictures, whatever their order.
  public var testSet: ContentDigest
  /// Different pictures of the test set.
  public var pictures: Int
  /// How often these pictures, or some of them, were opened as a test set up to now, this time included.
  public var openings: Int
  /// How often some of these pictures were scored by cross-validation before: their scores are as well known.
  public var crossValidations: Int
  /// How many of the pictures an earlier opening, of this test set or of another one, or cross-validation has shown.
  public var picturesOpenedBefore: Int
  /// When any of the pictures was first opened, or scored by cross-validation. ISO 8601, UTC.
  public var firstOpened: String
  /// Whether the model file, with its thresholds and calibration, was there before that.
  public var modelPredatesFirstOpening: Bool
  /// Of the ledger's line of this opening.
  public var ledgerHead: ContentDigest
  /// The option that let a model be scored that does not predate the first opening. Nil where it does, and in scores of
  /// an earlier version, which only warned.
  public var acceptedBy: String?

  /// What lets a model be scored that was made after the test pictures were first scored.
  static let acceptance = "--accept-opened-test-set"

  package init(
    testSet: ContentDigest, pictures: Int, openings: Int, crossValidations: Int = 0, picturesOpenedBefore: Int,
    firstOpened: String, modelPredatesFirstOpening: Bool, ledgerHead: ContentDigest, acceptedBy: String? = nil
  ) {
    self.testSet = testSet
    self.pictures = pictures
    self.openings = openings
    self.crossValidations = crossValidations
    self.picturesOpenedBefore = picturesOpenedBefore
    self.firstOpened = firstOpened
    self.modelPredatesFirstOpening = modelPredatesFirstOpening
    self.ledgerHead = ledgerHead
    self.acceptedBy = acceptedBy
  }

  enum CodingKeys: String, CodingKey {
    case pictures, openings
    case testSet = "digest"
    case crossValidations = "cross_validations"
    case picturesOpenedBefore = "pictures_opened_before"
    case firstOpened = "first_opened"
    case modelPredatesFirstOpening = "model_predates_first_opening"
    case ledgerHead = "ledger_head"
    case acceptedBy = "accepted_by"
  }

  /// Scores of an earlier version do not count cross-validations.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    testSet = try values.decode(ContentDigest.self, forKey: .testSet)
    pictures = try values.decode(Int.self, forKey: .pictures)
    openings = try values.decode(Int.self, forKey: .openings)
    crossValidations = try values.decodeIfPresent(Int.self, forKey: .crossValidations) ?? 0
    picturesOpenedBefore = try values.decode(Int.self, forKey: .picturesOpenedBefore)
    firstOpened = try values.decode(String.self, forKey: .firstOpened)
    modelPredatesFirstOpening = try values.decode(Bool.self, forKey: .modelPredatesFirstOpening)
    ledgerHead = try values.decode(ContentDigest.self, forKey: .ledgerHead)
    acceptedBy = try values.decodeIfPresent(String.self, forKey: .acceptedBy)
  }

  /// For the person who reads the score.
  public var sentence: String {
    guard openings > 1 || crossValidations > 0 else {
      return "The test set's \(pictures) pictures were opened for the first time."
    }
    var text = "The test set was opened " + (openings > 1 ? "\(openings) times" : "for the first time")
    if crossValidations > 0 {
      text += openings > 1 ? " and" : ", but"
      text += " scored by cross-validation before (\(crossValidations == 1 ? "once" : "\(crossValidations) times"))"
    }
    let share = picturesOpenedBefore < pictures ? " (\(picturesOpenedBefore) of its \(pictures) pictures)" : ""
    return text + ", first on \(firstOpened)" + share
      + (modelPredatesFirstOpening
        ? "; this model, with its thresholds and calibration, is older than that."
        : "; this model was made after that.")
  }

  /// The mark of every figure that comes of it; nil for a model that predates the first opening.
  var mark: ScoreMark? { modelPredatesFirstOpening ? nil : .opened }

  /// What makes the score better than it deserves; nil if nothing does.
  public var warning: String? {
    guard !modelPredatesFirstOpening else { return nil }
    let event = crossValidations > 0 ? "some of the test pictures were first scored" : "the test set was first opened"
    return "This model, or its thresholds or calibration, was made after \(event) (\(firstOpened)), "
      + "so it may have been chosen by it: the scores may be too good. Only new pictures can tell."
      + (acceptedBy.map { " Accepted with \($0)." } ?? "")
  }
}

extension Project {
  var ledgerAnchor: URL { configuration.artifactsRoot.appending(path: "test-set-ledger.head") }

  /// The project's ledger, checked.
  ///
  /// - Throws: `LedgerError` if it was changed, cut or removed.
  public func openLedger() throws -> TestSetLedger {
    try TestSetLedger(configuration.root.appending(path: TestSetLedger.fileName), anchor: ledgerAnchor)
  }

  /// Notes a model file that was written, with its thresholds and calibration. Call it after every such write: a model
  /// that the ledger does not know by the time of the first opening counts as made later.
  public func recordModel(_ digest: ContentDigest) throws {
    var ledger = try openLedger()
    try ledger.recordModel(digest, at: clock(), version: version)
  }
}

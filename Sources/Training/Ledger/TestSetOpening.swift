import Digests
import Foundation

/// How often a test set was opened, for the score that rests on it.
public struct TestSetOpening: Codable, Equatable, Sendable {
  public var testSet: ContentDigest
  /// Different pictures of the test set.
  public var pictures: Int
  /// How often these pictures, or some of them, were opened up to now, this time included.
  public var openings: Int
  /// How many of the pictures an earlier opening has shown, of this test set or of another one.
  public var picturesOpenedBefore: Int
  /// ISO 8601, UTC.
  public var firstOpened: String
  /// Whether the model file, with its thresholds and calibration, was there before any of these pictures was opened.
  public var modelPredatesFirstOpening: Bool
  /// Of the ledger's line of this opening.
  public var ledgerHead: ContentDigest

  package init(
    testSet: ContentDigest, pictures: Int, openings: Int, picturesOpenedBefore: Int, firstOpened: String,
    modelPredatesFirstOpening: Bool, ledgerHead: ContentDigest
  ) {
    self.testSet = testSet
    self.pictures = pictures
    self.openings = openings
    self.picturesOpenedBefore = picturesOpenedBefore
    self.firstOpened = firstOpened
    self.modelPredatesFirstOpening = modelPredatesFirstOpening
    self.ledgerHead = ledgerHead
  }

  enum CodingKeys: String, CodingKey {
    case pictures, openings
    case testSet = "digest"
    case picturesOpenedBefore = "pictures_opened_before"
    case firstOpened = "first_opened"
    case modelPredatesFirstOpening = "model_predates_first_opening"
    case ledgerHead = "ledger_head"
  }

  /// For the person who reads the score.
  public var sentence: String {
    guard openings > 1 else { return "The test set's \(pictures) pictures were opened for the first time." }
    let times = "The test set was opened \(openings) times, first on \(firstOpened)"
    let share = picturesOpenedBefore < pictures ? " (\(picturesOpenedBefore) of its \(pictures) pictures)" : ""
    return times + share
      + (modelPredatesFirstOpening
        ? "; this model, with its thresholds and calibration, is older than that."
        : "; this model was made after that.")
  }

  /// What makes the score better than it deserves; nil if nothing does.
  public var warning: String? {
    guard !modelPredatesFirstOpening else { return nil }
    return "This model, or its thresholds or calibration, was made after the test set was first opened (\(firstOpened)), "
      + "so it may have been chosen by it: the scores may be too good. Only new pictures can tell."
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

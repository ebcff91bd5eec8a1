import Digests
import Foundation

/// One thing that somebody did.
public struct AuditEntry: Codable, Equatable, Sendable {
  /// What was done, by its name in the database. A name that is not here is taken for a change from outside.
  public enum Action: String, Codable, Sendable, CaseIterable {
    case serverStarted = "server.started"
    case tokenCreated = "token.created"
    case tokenRevoked = "token.revoked"
    case signedIn = "session.begun"
    case signedOut = "session.ended"
    case predictionMade = "prediction.made"
    case predictionSeen = "prediction.seen"
    /// Somebody looked at a list; `detail` names the results' numbers in `GET /api/v1/predictions`, whose, and how many.
    case predictionsListed = "predictions.listed"
    /// Somebody was shown a result's explanation.
    case explanationSeen = "explanation.seen"
    case feedbackGiven = "feedback.given"
    /// Somebody looked at what was said of one result.
    case feedbackSeen = "feedback.seen"
    /// Somebody looked at what was said of many; `detail` names the feedback's numbers.
    case feedbackListed = "feedback.listed"
    /// Somebody asked to look again which model answers; what came of it is the next entry of the same request:
    /// `modelChanged` or `modelKept`.
    case reloadAsked = "model.reload"
    /// The model that answered before goes on; `detail` says why.
    case modelKept = "model.kept"
    /// Another model answers from now on: `model` is its digest, and `detail` names the one before.
    case modelChanged = "model.changed"
    /// Somebody asked for a promotion; the next entry of the same request tells what came of it.
    case promotionAsked = "model.promotion"
    case modelPromoted = "model.promoted"
    /// The gate of `nefro models promote` refused.
    case promotionRefused = "model.refused"
    /// `nefro models promote` could not judge; `detail` is how it ended.
    case promotionFailed = "model.failed"
    case trainingStarted = "training.started"
    /// Somebody asked to end a training; the next entry of the same request tells what came of it.
    case cancelAsked = "training.cancel"
    case trainingCancelled = "training.cancelled"
    /// There was nothing to end any more.
    case cancelFailed = "training.not_running"
    /// Its process ended or did not start; `detail` is the job's state then.
    case trainingEnded = "training.ended"
    /// Somebody known asked for what their role does not allow.
    case refused = "refused"
  }

  /// Counted from 1 without a gap.
  public var number: Int64
  /// Kept, and sealed, in whole milliseconds.
  public var time: Date
  /// A token's identity, or `server`, or `command line`.
  public var actor: String
  /// What they did.
  public var action: Action
  /// A result, a token, a route.
  public var subject: String?
  /// The digest of the model that answered.
  public var model: String?
  /// The `X-Request-Id` of the request's answer; nil where no request was the cause.
  public var request: String?
  /// What belongs to the action, such as the new token's role, the decision or the verdict; nil if nothing does.
  public var detail: String?

  /// An entry that is still to be added, unless it has a number.
  ///
  /// - Parameters:
  ///   - number: 0 for a new one: the trail counts.
  ///   - time: is rounded to milliseconds when it is kept.
  ///   - actor: a token's identity, or `server`, or `command line`.
  ///   - action: what they did.
  ///   - subject: a result, a token, a route; nil for none.
  ///   - model: the digest of the model that answered, hexadecimal; nil for none.
  ///   - request: the request's id; nil where none was the cause.
  ///   - detail: must not name a patient.
  public init(
    number: Int64 = 0, time: Date, actor: String, action: Action, subject: String? = nil, model: String? = nil,
    request: String? = nil, detail: String? = nil
  ) {
    self.number = number
    self.time = time
    self.actor = actor
    self.action = action
    self.subject = subject
    self.model = model
    self.request = request
    self.detail = detail
  }

  /// Over all of it and the seal before it. Lengths keep a text from flowing into the next one.
  func seal(after previous: String) -> String {
    let fields: [String?] = [
      previous, "\(number)", "\(milliseconds(time))", actor, action.rawValue, subject, model, request, detail,
    ]
    return ContentDigest(of: fields.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: "\n")).hex
  }
}

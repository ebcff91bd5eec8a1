import Digests
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Sign-ins of persons. They live in memory: a restart signs everybody out, and no secret is on the disk.
///
/// A session stands for the token that began it and ends with it: the token is looked up for each request.
public final class SessionStore: Sendable {
  struct Session: Sendable {
    let tokenID: String
    /// What a form must send along: a page of a stranger cannot read it.
    let formToken: String
    var lastSeen: Date
  }

  /// Seconds without a request after which a session ends.
  static let idleSeconds: Double = 8 * 3600
  /// More are not kept: the one that was idle longest goes.
  static let capacity = 10_000

  private let clock: @Sendable () -> Date
  private let random: @Sendable () -> UInt64
  private let sessions = Mutex<[String: Session]>([:])

  init(clock: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> UInt64) {
    self.clock = clock
    self.random = random
  }

  /// - Returns: the secret of the new session, 64 hexadecimal digits, for the cookie.
  func begin(tokenID: String) -> String {
    let secret = drawDigits()
    let session = Session(tokenID: tokenID, formToken: drawDigits(), lastSeen: clock())
    sessions.withLock { sessions in
      if sessions.count >= Self.capacity, let oldest = sessions.min(by: { $0.value.lastSeen < $1.value.lastSeen }) {
        sessions[oldest.key] = nil
      }
      sessions[Self.key(secret)] = session
    }
    return secret
  }

  /// The session of a cookie's secret; nil if there is none or it was idle for too long. Looking keeps it alive.
  func session(_ secret: String) -> Session? {
    let (key, now) = (Self.key(secret), clock())
    return sessions.withLock { sessions in
      guard var session = sessions[key] else { return nil }
      guard now.timeIntervalSince(session.lastSeen) < Self.idleSeconds else {
        sessions[key] = nil
        return nil
      }
      session.lastSeen = now
      sessions[key] = session
      return session
    }
  }

  func end(_ secret: String) {
    let key = Self.key(secret)
    sessions.withLock { $0[key] = nil }
  }

  /// Sessions are found by a digest, so that the time of a look-up tells nothing of a secret.
  private static func key(_ secret: String) -> String { ContentDigest(of: secret).hex }

  /// 64 hexadecimal digits that nobody can guess.
  func drawDigits() -> String {
    (0..<4).map { _ in
      let text = String(random(), radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }
}

/// A session's cookie as the proof of who asks.
///
/// Whatever changes something also takes the form token, in the header `X-CSRF-Token`: the browser sends the cookie by
/// itself, a script of our own pages alone can send the header.
struct SessionCookies: PrincipalSource {
  static let name = "nefro_session"
  /// Holds the form token of who is not signed in.
  static let visitorName = "nefro_form"
  static let formToken = HTTPField.Name("X-CSRF-Token")!

  let sessions: SessionStore
  let tokens: TokenStore
  /// Whether cookies go over TLS alone.
  let isSecure: Bool

  func principal(of request: Request) async throws -> Principal? {
    guard let session = session(of: request) else { return nil }
    if request.method != .get, request.method != .head {
      guard let sent = request.headers[Self.formToken], equalInConstantTime(sent, session.formToken) else { return nil }
    }
    return try await tokens.records.reading { [tokens] in try tokens.principal(ofTokenWithID: session.tokenID) }
  }

  func session(of request: Request) -> SessionStore.Session? {
    secret(of: request).flatMap(sessions.session)
  }

  func secret(of request: Request) -> String? { request.cookies[Self.name]?.value }

  /// The form token of a visitor who is not signed in; nil if they have none that this server could have drawn.
  func visitorToken(of request: Request) -> String? {
    request.cookies[Self.visitorName]?.value.wholeMatch(of: /[0-9a-f]{64}/).map { String($0.0) }
  }

  /// Whether a form comes from a page of this server: it brings the session's form token, or the visitor's.
  func isOurs(_ form: [String: String], of request: Request) -> Bool {
    guard let expected = session(of: request)?.formToken ?? visitorToken(of: request) else { return false }
    return equalInConstantTime(form["csrf"] ?? "", expected)
  }

  /// A cookie that scripts cannot read and other sites do not send.
  func cookie(_ name: String, _ value: String, age: Int?) -> Cookie {
    Cookie(
      name: name, value: value, maxAge: age, path: "/", secure: isSecure, httpOnly: true, sameSite: .strict)
  }
}

import Foundation
import HTTPTypes
import Hummingbird

/// One way in which a request can prove who sends it.
public protocol PrincipalSource: Sendable {
  /// - Returns: nil if the request brings nothing of this kind, or nothing valid.
  func principal(of request: Request) async throws -> Principal?
}

/// A token in the `Authorization` header.
public struct BearerTokens: PrincipalSource {
  let tokens: TokenStore
  let recent: RecentTokens?

  /// - Parameter tokens: in which each request's token is looked up.
  public init(_ tokens: TokenStore) { self.init(tokens, recent: nil) }

  init(_ tokens: TokenStore, recent: RecentTokens?) {
    self.tokens = tokens
    self.recent = recent
  }

  /// - Returns: nil without a bearer token in the header, or for one that is malformed, unknown, revoked or expired.
  /// - Throws: `StorageError` if the tokens cannot be read.
  public func principal(of request: Request) async throws -> Principal? {
    guard let token = request.headers[.authorization].flatMap(Self.token(in:)) else { return nil }
    let principal = try await tokens.records.reading { [tokens] in try tokens.principal(of: token) }
    if principal == nil { recent?.forget(token) } else { recent?.remember(token) }
    return principal
  }

  /// The token of an `Authorization` header; nil where there is none.
  static func token(in header: String) -> AccessToken? {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return AccessToken(String(parts[1]).trimmingCharacters(in: .whitespaces))
  }
}

/// Lets a request through to its route, or not.
struct Gatekeeper: Sendable {
  /// Tried in order: tokens, then sessions.
  var sources: [any PrincipalSource]
  let audit: AuditTrail
  let clock: @Sendable () -> Date
  /// On loopback without a proxy, a request must name this machine: a page of a stranger whose name was made to point
  /// here (DNS rebinding) cannot ask then.
  let acceptsOnlyLoopbackNames: Bool

  /// - Returns: who asks.
  /// - Throws: `Problem`: 421, 401, 403.
  func admit(_ request: Request, context: ServingContext, to route: Route) async throws -> Principal {
    if acceptsOnlyLoopbackNames, !LoopbackName.isAuthority(request.head.authority ?? "") {
      throw Problem(
        .misdirectedRequest, code: "misdirected",
        "This server answers for localhost and 127.0.0.1 alone; behind a proxy it is started with --behind-proxy.")
    }
    let principal = try await principal(of: request)
    guard let least = route.policy.leastRole else { return principal ?? .nobody }
    guard let principal else { throw Problem.unauthenticated }
    guard principal.role >= least else {
      let entry = AuditEntry(
        time: clock(), actor: principal.id, action: .refused, subject: "\(route.method.rawValue) \(route.path)",
        request: context.id)
      try await audit.records.writing { [audit] in try audit.add(entry) }
      throw Problem.forbidden(least)
    }
    return principal
  }

  private func principal(of request: Request) async throws -> Principal? {
    for source in sources {
      if let principal = try await source.principal(of: request) { return principal }
    }
    return nil
  }
}

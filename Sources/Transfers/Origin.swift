import Foundation

/// Scheme, host and port: what credentials belong to.
public struct Origin: Hashable, Sendable, CustomStringConvertible {
  public let scheme: String
  public let host: String
  public let port: Int

  /// - Returns: nil if `url` is no absolute http or https address.
  public init?(_ url: URL) {
    guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
      let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty
    else { return nil }
    self.scheme = scheme
    self.host = host
    port = url.port ?? (scheme == "https" ? 443 : 80)
  }

  public var description: String { "\(scheme)://\(host):\(port)" }
}

/// An `Authorization` value together with the only origin it may be sent to.
///
/// Comparing whole origins, not text prefixes, is the point: `https://example.org.evil.net` and
/// `https://example.org@evil.net` start like `https://example.org`.
public struct OriginCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  public let origin: Origin
  package let authorization: String

  /// - Returns: nil if `url` is no absolute http or https address.
  public static func basic(user: String, password: String, for url: URL) -> OriginCredentials? {
    let token = Data("\(user):\(password)".utf8).base64EncodedString()
    return Origin(url).map { OriginCredentials(origin: $0, authorization: "Basic \(token)") }
  }

  /// - Returns: nil if `url` is no absolute http or https address.
  public static func bearer(token: String, for url: URL) -> OriginCredentials? {
    Origin(url).map { OriginCredentials(origin: $0, authorization: "Bearer \(token)") }
  }

  /// Names the origin only: credentials never reach a message, a log or a dump.
  public var description: String { "credentials for \(origin)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["origin": origin]) }
}

extension URL {
  /// The address without anything that may be secret: no name, password, query or fragment.
  package var withoutSecrets: String {
    guard let origin = Origin(self) else { return scheme.map { "\($0):…" } ?? "an address without scheme" }
    let standardPort = origin.scheme == "https" ? 443 : 80
    let port = origin.port == standardPort ? "" : ":\(origin.port)"
    let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
    return "\(origin.scheme)://\(host)\(port)\(path(percentEncoded: true))"
  }
}

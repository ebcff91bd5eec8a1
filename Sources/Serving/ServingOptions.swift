import Foundation
import Logging

/// What a server is told when it starts. Nothing of it is looked up elsewhere.
public struct ServingOptions: Sendable {
  /// A name or an address of this machine.
  public var host: String
  /// 0 takes a free one.
  public var port: Int
  /// The certificate with its chain, a PEM file; nil for no TLS of the server's own.
  public var certificate: URL?
  /// The certificate's private key, a PEM file; it is given with the certificate or not at all.
  public var key: URL?
  /// A proxy on this machine or in a closed network does TLS.
  public var behindProxy: Bool
  /// `POST /predict` needs no token.
  public var legacyOpen: Bool
  /// Where results, tokens and the audit trail are kept, and the runs are looked for.
  public var store: URL
  /// The folder that trainings work in.
  public var project: URL
  /// `nefro`, for trainings and promotions.
  public var program: URL
  /// What one client and all of them may ask of this machine.
  public var limits: ServingLimits
  /// Tells the time for all that is kept, and when tokens and sessions end.
  public var clock: @Sendable () -> Date
  /// Draws 64 bits that nobody can guess.
  public var random: @Sendable () -> UInt64
  /// Gets one line for each request, and what goes wrong.
  public var logger: Logger

  /// Nothing is checked here: see `validate()`.
  ///
  /// - Parameters:
  ///   - host: a name or an address of this machine.
  ///   - port: 0…65535; 0 takes a free one.
  ///   - certificate: a PEM file; nil for no TLS.
  ///   - key: the certificate's, a PEM file; nil for no TLS.
  ///   - behindProxy: whether a proxy does TLS.
  ///   - legacyOpen: whether `POST /predict` needs no token; on loopback without a proxy only.
  ///   - store: the folder of `serving.sqlite` and of the runs.
  ///   - project: the folder that trainings work in.
  ///   - program: `nefro`, for trainings and promotions.
  ///   - limits: what may be asked of this machine.
  ///   - clock: tells the time for all that is kept.
  ///   - random: draws 64 bits that nobody can guess.
  ///   - logger: gets one line for each request.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, certificate: URL? = nil, key: URL? = nil, behindProxy: Bool = false,
    legacyOpen: Bool = false, store: URL, project: URL, program: URL, limits: ServingLimits = ServingLimits(),
    clock: @escaping @Sendable () -> Date = { Date() },
    random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }, logger: Logger
  ) {
    self.host = host
    self.port = port
    self.certificate = certificate
    self.key = key
    self.behindProxy = behindProxy
    self.legacyOpen = legacyOpen
    self.store = store
    self.project = project
    self.program = program
    self.limits = limits
    self.clock = clock
    self.random = random
    self.logger = logger
  }

  /// Whether only this machine can reach the server.
  public var isLoopback: Bool { LoopbackName.isOne(host) }

  /// Whether the server itself does TLS, whatever a proxy does.
  public var hasTLS: Bool { certificate != nil && key != nil }

  /// - Throws: `ServingError` for settings that would let strangers in.
  public func validate() throws {
    if (certificate == nil) != (key == nil) {
      throw ServingError.incompleteTLS(missing: certificate == nil ? "--tls-certificate" : "--tls-key")
    }
    if !isLoopback {
      guard hasTLS || behindProxy else { throw ServingError.needsTLS(host: host) }
    }
    if legacyOpen, !isLoopback || behindProxy { throw ServingError.legacyOpenBeyondLoopback(host: host) }
  }
}

/// The names and addresses by which a machine calls itself.
enum LoopbackName {
  static func isOne(_ host: String) -> Bool {
    let name = host.lowercased()
    if name == "localhost" || name == "::1" || name == "[::1]" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether the authority of a request, such as `localhost:8080`, names this machine.
  static func isAuthority(_ authority: String) -> Bool {
    if authority.hasPrefix("[") {
      return authority.firstIndex(of: "]").map { isOne(String(authority[...$0])) } ?? false
    }
    return isOne(String(authority.prefix { $0 != ":" }))
  }
}

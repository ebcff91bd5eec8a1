import AsyncHTTPClient
import Foundation

/// The way out of a closed network, from the usual variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals or
/// small letters. `ALL_PROXY` is not looked at. Calls go through a proxy by `CONNECT`, to plain http addresses as
/// well.
public struct ProxySettings: Sendable {
  private let environment: [String: String]

  /// - Parameter environment: the process's environment.
  public init(environment: [String: String] = [:]) { self.environment = environment }

  /// The proxy's address for calls to `url`; nil if they go there directly.
  ///
  /// - Throws: `TransferError.invalidProxy` for a variable that is no http address.
  package func address(for url: URL) throws -> URL? {
    guard let origin = Origin(url), !isExcepted(origin) else { return nil }
    let name = origin.scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY"
    guard let text = value(name) else { return nil }
    guard let address = URL(string: text.contains("://") ? text : "http://\(text)"), let proxy = Origin(address),
      proxy.scheme == "http"
    else { throw TransferError.invalidProxy(variable: name) }
    return address
  }

  func proxy(for url: URL) throws -> HTTPClient.Configuration.Proxy? {
    guard let address = try address(for: url), let origin = Origin(address) else { return nil }
    guard let user = address.user(percentEncoded: false) else { return .server(host: origin.host, port: origin.port) }
    return .server(
      host: origin.host, port: address.port ?? 80,
      authorization: .basic(username: user, password: address.password(percentEncoded: false) ?? ""))
  }

  private func value(_ name: String) -> String? {
    let text = environment[name.lowercased()] ?? environment[name]
    return text?.isEmpty == false ? text : nil
  }

  /// This machine is never asked for through a proxy; other hosts are excepted by `NO_PROXY`: names that also stand for
  /// the names below them, or `*` for all.
  private func isExcepted(_ origin: Origin) -> Bool {
    if ["localhost", "127.0.0.1", "::1"].contains(origin.host) { return true }
    return (value("NO_PROXY") ?? "").split(separator: ",").contains { entry in
      var entry = entry.trimmingCharacters(in: .whitespaces).lowercased()
      if entry == "*" { return true }
      while entry.hasPrefix(".") || entry.hasPrefix("*") { entry.removeFirst() }
      guard !entry.isEmpty else { return false }
      return origin.host == entry || origin.host.hasSuffix(".\(entry)") || "\(origin.host):\(origin.port)" == entry
    }
  }
}

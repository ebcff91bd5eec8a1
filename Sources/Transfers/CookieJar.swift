import Foundation

/// The cookies of one download. Each goes back to the very origin that set it and to no other, whatever its
/// `Domain` asks for; a download ends before any of them expires.
package struct CookieJar: Sendable {
  private var cookies: [Origin: [(name: String, value: String)]] = [:]
  private static let maximumPerOrigin = 50
  private static let maximumBytes = 4096

  package init() {}

  /// - Parameter fields: values of `Set-Cookie`.
  package mutating func store(_ fields: [String], from url: URL) {
    guard let origin = Origin(url) else { return }
    for field in fields where field.utf8.count <= Self.maximumBytes {
      let pair = field.prefix { $0 != ";" }
      guard let equals = pair.firstIndex(of: "=") else { continue }
      let name = pair[..<equals].trimmingCharacters(in: .whitespaces)
      let value = pair[pair.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty else { continue }
      cookies[origin, default: []].removeAll { $0.name == name }
      if cookies[origin, default: []].count < Self.maximumPerOrigin {
        cookies[origin, default: []].append((name, value))
      }
    }
  }

  /// The value of `Cookie` for a request; nil if there is none to send.
  package func field(for url: URL) -> String? {
    guard let origin = Origin(url), let own = cookies[origin], !own.isEmpty else { return nil }
    return own.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
  }
}

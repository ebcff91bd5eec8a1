import Digests
import Foundation

/// A secret that proves who somebody is: `nefro_`, eight hexadecimal digits that name it, `_`, and 256 drawn bits.
///
/// With that many bits nothing is gained by a slow digest: a digest of SHA-256 cannot be turned back by trying.
public struct AccessToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// Names the token in lists and in the audit trail; no secret.
  public let id: String
  /// All of it, for the person who gets it.
  public let secret: String

  /// Draws a new token: one draw of 64 bits for its name, four for its secret.
  ///
  /// - Parameter generator: one that nobody can guess; a seeded one gives the same token again.
  public static func random(using generator: inout some RandomNumberGenerator) -> AccessToken {
    let id = hexadecimal(generator.next(), digits: 8)
    let secret = (0..<4).map { _ in hexadecimal(generator.next(), digits: 16) }.joined()
    return AccessToken(id: id, secret: "nefro_\(id)_\(secret)")
  }

  /// - Returns: nil for what cannot be a token.
  public init?(_ text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "nefro", parts[1].utf8.count == 8, parts[2].utf8.count == 64,
      (parts[1] + parts[2]).utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.init(id: String(parts[1]), secret: text)
  }

  private init(id: String, secret: String) {
    self.id = id
    self.secret = secret
  }

  /// What is kept of it.
  var digest: ContentDigest { ContentDigest(of: secret) }

  /// Without the secret, so that it cannot slip into a log.
  public var description: String { "nefro_\(id)_…" }
  /// As `description`: without the secret.
  public var debugDescription: String { description }

  private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String((String(repeating: "0", count: 16 - text.count) + text).suffix(digits))
  }
}

/// Whether two texts are equal, in a time that does not tell where they differ.
func equalInConstantTime(_ first: String, _ second: String) -> Bool {
  let (first, second) = (Array(first.utf8), Array(second.utf8))
  guard first.count == second.count else { return false }
  var difference: UInt8 = 0
  for (one, other) in zip(first, second) { difference |= one ^ other }
  return difference == 0
}

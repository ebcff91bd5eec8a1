import Digests
import Foundation

/// One file to fetch, and what is known about it beforehand.
public struct DownloadRequest: Sendable {
  /// An absolute http or https address. A name and password in it become credentials of its origin.
  public var url: URL
  /// Further header fields. They are sent to the origin of `url` only, never to another one after a redirect.
  public var headers: [String: String]
  /// Sent to their own origin only, wherever redirects lead.
  public var credentials: OriginCredentials?
  /// Bytes, when known.
  public var expectedSize: Int64?
  /// What the whole file must have, when known; another one is refused.
  public var expectedSHA256: ContentDigest?
  /// 32 hexadecimal digits, when that is all that was published; it protects against accidents only.
  public var expectedMD5: String?
  /// The download is given up as soon as the server announces or sends more bytes than this.
  public var maximumBytes: Int64

  /// What identifies the file when its address changes from one request to the next; the address otherwise.
  package var identity: String?
  /// Called with a web page that came instead of the file: returns the address to go on with, or throws.
  package var continuation: (@Sendable (WebPage) throws -> URL)?
  /// An error in the terms of the service that was asked; nil leaves it as it is.
  package var explanation: (@Sendable (TransferError) -> TransferError)?

  /// 20 GiB: no data set of this field is larger, and a laptop's disk is not filled by a mistyped address.
  public static let defaultMaximumBytes: Int64 = 20 << 30

  /// - Parameters: each as the property of its name says; without `expectedSize` and digests whatever comes is taken, up to
  ///   `maximumBytes`.
  public init(
    url: URL, headers: [String: String] = [:], credentials: OriginCredentials? = nil, expectedSize: Int64? = nil,
    expectedSHA256: ContentDigest? = nil, expectedMD5: String? = nil, maximumBytes: Int64 = defaultMaximumBytes
  ) {
    self.url = url
    self.headers = headers
    self.credentials = credentials
    self.expectedSize = expectedSize
    self.expectedSHA256 = expectedSHA256
    self.expectedMD5 = expectedMD5
    self.maximumBytes = maximumBytes
  }

  /// The digest under which a partial file remembers what it is part of.
  var source: ContentDigest { ContentDigest(of: identity ?? url.absoluteString) }

  /// Whether a wrong mixture of two versions would be found out at the end.
  var hasDigest: Bool { expectedSHA256 != nil || expectedMD5 != nil }

  /// The request with a clean address: name and password moved into the credentials, no fragment.
  ///
  /// - Throws: `TransferError.invalidAddress`.
  func checked() throws -> DownloadRequest {
    guard Origin(url) != nil, var parts = URLComponents(url: url, resolvingAgainstBaseURL: true) else {
      throw TransferError.invalidAddress(url.withoutSecrets, reason: "it is not an absolute http or https address")
    }
    if let md5 = expectedMD5, md5.utf8.count != 32 || !md5.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      throw TransferError.invalidAddress(
        url.withoutSecrets, reason: "the MD5 '\(md5)' that is expected of it is not 32 hexadecimal digits")
    }
    let values = headers.values + (credentials.map { [$0.authorization] } ?? [])
    guard headers.keys.allSatisfy(Self.isFieldName), values.allSatisfy(Self.isFieldValue) else {
      throw TransferError.invalidAddress(
        url.withoutSecrets, reason: "a header field or credential for it holds characters that HTTP forbids")
    }
    let user = parts.user
    let password = parts.password
    parts.user = nil
    parts.password = nil
    parts.fragment = nil
    guard let clean = parts.url else {
      throw TransferError.invalidAddress(url.withoutSecrets, reason: "it is malformed")
    }
    var request = self
    request.url = clean
    if let user, credentials == nil {
      request.credentials = .basic(user: user, password: password ?? "", for: clean)
    }
    return request
  }

  private static func isFieldName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        byte > 32 && byte < 127 && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
      }
  }

  /// Visible characters, spaces and tabs. A line break would begin a field of its own.
  private static func isFieldValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
  }
}

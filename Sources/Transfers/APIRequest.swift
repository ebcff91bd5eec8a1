import Foundation

/// One call to a web service.
public struct APIRequest: Sendable {
  /// HTTP's methods that web services use.
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// What goes with a call.
  public enum Body: Sendable {
    case none
    /// - Parameter type: such as `application/json`.
    case data(Data, type: String)
    /// A file, sent in pieces: it is never in memory as a whole.
    case file(URL, type: String)
  }

  public var method: Method
  /// An absolute http or https address.
  public var url: URL
  public var body: Body
  /// Whether the call may be made again while it is unknown what became of the first one. Reading may, and so may
  /// writing that has the same result the second time; a call that adds something may not.
  public var isRepeatable: Bool
  /// An answer with more bytes than this is refused.
  public var maximumAnswerBytes: Int

  /// - Parameters:
  ///   - isRepeatable: nil for what the method promises: all but POST and PATCH may be repeated.
  ///   - maximumAnswerBytes: 16 MiB unless said otherwise.
  public init(
    _ method: Method, _ url: URL, body: Body = .none, isRepeatable: Bool? = nil, maximumAnswerBytes: Int = 16 << 20
  ) {
    self.method = method
    self.url = url
    self.body = body
    self.isRepeatable = isRepeatable ?? (method != .post && method != .patch)
    self.maximumAnswerBytes = maximumAnswerBytes
  }
}

/// What a web service answered, whatever its status.
public struct APIAnswer: Sendable {
  public let status: Int
  public let contentType: String?
  /// Where a redirect leads.
  public let location: String?
  public let body: Data

  package init(status: Int, contentType: String?, location: String?, body: Data) {
    self.status = status
    self.contentType = contentType
    self.location = location
    self.body = body
  }

  /// Whether the answer is a web page, such as a login that a proxy puts before a service.
  public var isWebPage: Bool { WebPage.isPage(prefix: body.prefix(WebPage.prefixBytes), contentType: contentType) }

  /// The page's title, if it is one and has one.
  public func pageTitle(at url: URL) -> String? {
    guard isWebPage else { return nil }
    return WebPage(
      url: url, status: UInt(status), html: String(decoding: body.prefix(WebPage.maximumBytes), as: UTF8.self)
    ).title
  }
}

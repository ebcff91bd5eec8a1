import AsyncHTTPClient
import Foundation
import LocalFiles
import Logging
import NIOCore

/// Calls to one web service: a request, an answer.
///
/// Credentials are sent to their own origin only, and redirects are never followed: a service whose address has
/// changed, or that wants a login in a browser, is for a person to decide on. Calls that may be repeated are, with
/// growing pauses, after cut and silent connections and the answers 408, 429 and 5xx; others are left to the caller,
/// who can find out first what became of them.
public final class APIClient: Sendable {
  /// Who asks, how patiently, and whom connections trust.
  public struct Settings: Sendable {
    /// Sent to their own origin only; nil for a service that wants none.
    public var credentials: OriginCredentials?
    public var security: TransportSecurity
    public var proxies: ProxySettings
    public var connectTimeout: Duration
    /// How long a connection may be silent, which is also how long a server may think about an answer.
    public var idleTimeout: Duration
    public var retries: RetryPolicy
    public var userAgent: String
    public var clock: TransferClock
    public var logger: Logger

    /// Defaults fit a service that answers within a minute.
    ///
    /// - Parameter logger: is told of retries; nil for none.
    public init(
      credentials: OriginCredentials? = nil, security: TransportSecurity = TransportSecurity(),
      proxies: ProxySettings = ProxySettings(), connectTimeout: Duration = .seconds(5),
      idleTimeout: Duration = .seconds(60), retries: RetryPolicy = RetryPolicy(), userAgent: String = "nefro",
      clock: TransferClock = .system, logger: Logger? = nil
    ) {
      self.credentials = credentials
      self.security = security
      self.proxies = proxies
      self.connectTimeout = connectTimeout
      self.idleTimeout = idleTimeout
      self.retries = retries
      self.userAgent = userAgent
      self.clock = clock
      self.logger = logger ?? Logger(label: "nefro.transfers") { _ in SwiftLogNoOpLogHandler() }
    }
  }

  public let settings: Settings
  private let client: HTTPClient

  private init(settings: Settings, client: HTTPClient) {
    self.settings = settings
    self.client = client
  }

  /// Runs `body` with a client for the service at `url`; its connections are closed afterwards.
  ///
  /// - Throws: what `body` throws; `TransferError` for settings that cannot be used.
  public static func with<Result>(
    _ settings: Settings, for url: URL, isolation: isolated (any Actor)? = #isolation,
    _ body: (APIClient) async throws -> Result
  ) async throws -> Result {
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: try settings.security.tlsConfiguration(), redirectConfiguration: .disallow,
      timeout: .init(
        connect: TimeAmount(settings.connectTimeout), read: TimeAmount(settings.idleTimeout),
        write: TimeAmount(settings.idleTimeout)),
      proxy: try settings.proxies.proxy(for: url), decompression: .disabled)
    // Retries are counted here, in one place.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
      try await body(APIClient(settings: settings, client: client))
    }
  }

  /// Makes one call.
  ///
  /// - Returns: the answer, whatever its status; 408, 429 and 5xx only after the last attempt.
  /// - Throws: `TransferError` if there is no answer; `CancellationError`.
  public func send(_ request: APIRequest) async throws -> APIAnswer {
    var failures = 0
    while true {
      try Task.checkCancellation()
      let (answer, error) = try await attempt(request)
      failures += 1
      if let answer, !Self.isTransient(answer.status) { return answer.answer }
      let asked = RetryPolicy.wait(asked: answer?.retryAfter, clock: settings.clock)
      let delay = asked ?? settings.retries.delay(afterFailures: failures)
      guard request.isRepeatable, failures < settings.retries.attempts, delay <= settings.retries.maximumRetryAfter
      else {
        if let answer { return answer.answer }
        throw error ?? CancellationError()
      }
      settings.logger.notice(
        "trying again",
        metadata: [
          "after": "\(delay)", "because": "\(error.map { "\($0)" } ?? "status \(answer?.status ?? 0)")",
          "address": "\(request.url.withoutSecrets)",
        ])
      try await settings.clock.sleep(delay)
    }
  }

  /// Whether a status means that the same call may succeed later: 408, 429, and 5xx but 501.
  public static func isTransient(_ status: Int) -> Bool {
    status == 408 || status == 429 || (500...599).contains(status) && status != 501
  }

  private struct Attempted {
    let answer: APIAnswer
    let retryAfter: String?
    var status: Int { answer.status }
  }

  /// - Returns: an answer, or an error after which another try may help.
  private func attempt(_ request: APIRequest) async throws -> (Attempted?, TransferError?) {
    let address = request.url.withoutSecrets
    let message = try message(for: request)
    do {
      let response = try await client.execute(message, deadline: .distantFuture)
      var body = Data()
      for try await piece in response.body {
        guard body.count + piece.readableBytes <= request.maximumAnswerBytes else {
          throw TransferError.tooLarge(
            address: address, maximumBytes: Int64(request.maximumAnswerBytes), announced: nil)
        }
        body.append(contentsOf: piece.readableBytesView)
      }
      let answer = APIAnswer(
        status: Int(response.status.code), contentType: response.headers.first(name: "content-type"),
        location: response.headers.first(name: "location"), body: body)
      return (Attempted(answer: answer, retryAfter: response.headers.first(name: "retry-after")), nil)
    } catch let error as TransferError {
      throw error
    } catch let error as LocalFileError {
      throw error
    } catch {
      let failure = failure(error, address)
      guard let failure = failure as? TransferError else { throw failure }
      if case .untrustedCertificate = failure { throw failure }
      return (nil, failure)
    }
  }
}

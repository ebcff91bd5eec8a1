import AsyncHTTPClient
import Foundation
import LocalFiles
import Logging

/// Fetches files over HTTP so that they are there whole, and the right ones, or not at all.
///
/// While it runs, the bytes lie in `FILE.part`, with a small `FILE.part.json` beside it that says of which version of
/// what they are part. A download that was cut, cancelled or killed goes on from there, unless the server has another
/// version by now; then it starts again. Only when size and digests are right is the file renamed to `FILE`.
public struct Downloader: Sendable {
  public var connectTimeout: Duration
  /// How long a connection may be silent.
  public var idleTimeout: Duration
  public var retries: RetryPolicy
  public var maximumRedirects: Int
  public var userAgent: String
  public var clock: TransferClock
  public var logger: Logger

  public init(
    connectTimeout: Duration = .seconds(5), idleTimeout: Duration = .seconds(30), retries: RetryPolicy = RetryPolicy(),
    maximumRedirects: Int = 10, userAgent: String = "nefro", clock: TransferClock = .system, logger: Logger? = nil
  ) {
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.retries = retries
    self.maximumRedirects = maximumRedirects
    self.userAgent = userAgent
    self.clock = clock
    self.logger = logger ?? Logger(label: "nefro.transfers") { _ in SwiftLogNoOpLogHandler() }
  }

  /// Fetches `request` into `file`; one that is there already is replaced.
  ///
  /// - Parameter progress: called at most about ten times a second, from any thread, and once at the end.
  /// - Throws: `TransferError` for the network and what came over it, `LocalFileError` for this machine's disk (also if
  ///   another process is fetching the same file), `CancellationError` if the task was cancelled.
  public func download(
    _ request: DownloadRequest, to file: URL, progress: (@Sendable (DownloadProgress) -> Void)? = nil
  ) async throws -> DownloadResult {
    throw TransferError.invalidAddress(request.url.withoutSecrets, reason: "not built yet")
  }
}

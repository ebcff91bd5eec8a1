import AsyncHTTPClient
import Digests
import Foundation
import LocalFiles
import Logging
import NIOCore

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

  /// Bytes that can still be written into a folder; nil if unknown.
  package var freeBytes: @Sendable (URL) -> Int64? = freeBytesOnDisk

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
  /// Contents are stored as they are sent: nothing is decompressed.
  ///
  /// - Parameter progress: called at most about ten times a second, from any thread, and once at the end.
  /// - Throws: `TransferError` for the network and what came over it, `LocalFileError` for this machine's disk (also if
  ///   another process is fetching the same file), `CancellationError` if the task was cancelled.
  public func download(
    _ request: DownloadRequest, to file: URL, progress: (@Sendable (DownloadProgress) -> Void)? = nil
  ) async throws -> DownloadResult {
    let request = try request.checked()
    try AtomicFile.createFolder(file.deletingLastPathComponent())
    let part = try PartialFile(for: file)
    defer { part.close() }
    if let record = part.record, record.source != request.source { try part.restart(nil) }
    let resumedFrom = part.count
    let meter = ProgressMeter(clock: clock, report: progress)
    let arrival = try await HTTPClient.withHTTPClient(configuration: clientConfiguration) { client in
      try await attempts(at: request, client: client, part: part, meter: meter)
    }
    let digest = try await check(part, request)
    let byteCount = part.count
    try await offTheCooperativePool { try part.finish() }
    meter.end(at: byteCount)
    return DownloadResult(
      file: file, byteCount: byteCount, sha256: digest, resumedFrom: arrival.wasRestarted ? 0 : resumedFrom,
      origin: arrival.address)
  }

  /// Tries until the part is whole.
  private func attempts(
    at request: DownloadRequest, client: HTTPClient, part: PartialFile, meter: ProgressMeter
  ) async throws -> (address: String, wasRestarted: Bool) {
    let start = clock.now()
    var attempt = DownloadAttempt(settings: self, request: request, client: client, part: part, meter: meter)
    var count = 0
    var failures = 0
    var furthest = part.count
    while true {
      try Task.checkCancellation()
      count += 1
      do {
        return (try await attempt.run(), attempt.wasRestarted)
      } catch is StalePart {
        // What lies here is of another version. Without it no range is asked for, so this cannot happen twice in a row.
        logger.notice("starting again, the file has changed", metadata: ["file": "\(part.file.lastPathComponent)"])
        try part.restart(nil)
        attempt.wasRestarted = true
      } catch let failure as TransientFailure {
        if part.count > furthest {
          furthest = part.count
          failures = 0
        }
        failures += 1
        let delay = failure.retryAfter ?? retries.delay(afterFailures: failures)
        if let asked = failure.retryAfter, asked > retries.maximumRetryAfter, retries.attempts > 1 {
          throw failure.askedToWait(asked)
        }
        let isUnreachable = !attempt.serverAnswered && clock.now() + delay - start >= connectTimeout
        if failures >= retries.attempts || isUnreachable { throw failure.error(attempts: count) }
        logger.notice("trying again", metadata: ["after": "\(delay)", "because": "\(failure.error(attempts: count))"])
        try await clock.sleep(delay)
      }
    }
  }

  /// Compares what lies on the disk with what was expected; what is wrong is removed.
  private func check(_ part: PartialFile, _ request: DownloadRequest) async throws -> ContentDigest {
    let address = request.url.withoutSecrets
    if let expected = request.expectedSize, part.count != expected {
      part.discard()
      throw TransferError.wrongSize(address: address, expected: expected, actual: part.count)
    }
    let file = part.part
    let wantsMD5 = request.expectedMD5 != nil
    let (sha256, md5) = try await offTheCooperativePool {
      (try ContentDigest(ofFile: file), wantsMD5 ? try md5Hex(ofFile: file) : nil)
    }
    if let expected = request.expectedSHA256, expected != sha256 {
      part.discard()
      throw TransferError.wrongDigest(
        address: address, algorithm: "SHA-256", expected: expected.hex, actual: sha256.hex)
    }
    if let expected = request.expectedMD5?.lowercased(), let md5, expected != md5 {
      part.discard()
      throw TransferError.wrongDigest(address: address, algorithm: "MD5", expected: expected, actual: md5)
    }
    return sha256
  }

  private var clientConfiguration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: TimeAmount(connectTimeout), read: TimeAmount(idleTimeout), write: TimeAmount(idleTimeout)),
      decompression: .disabled)
    // Retries are counted here, in one place.
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }
}

/// Runs blocking work on a thread that may block.
private func offTheCooperativePool<Output: Sendable>(
  _ work: @escaping @Sendable () throws -> Output
) async throws -> Output {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
  }
}

@Sendable private func freeBytesOnDisk(_ folder: URL) -> Int64? {
  var status = statvfs()
  guard statvfs(folder.path, &status) == 0 else { return nil }
  let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
  return overflow ? nil : Int64(clamping: bytes)
}

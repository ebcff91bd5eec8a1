import AsyncHTTPClient
import Foundation
import LocalFiles
import NIOCore
import NIOHTTP1

/// The bytes that lie here do not go with what the server has.
struct StalePart: Error {}

/// One try at getting the rest of a file: from the request's address through redirects and forms to the last byte.
struct DownloadAttempt {
  let settings: Downloader
  let request: DownloadRequest
  let client: HTTPClient
  let part: PartialFile
  let meter: ProgressMeter
  /// Whether any server has answered anything so far, in this or an earlier try.
  private(set) var serverAnswered = false
  /// Whether bytes of an earlier download were thrown away.
  var wasRestarted = false

  init(
    settings: Downloader, request: DownloadRequest, client: HTTPClient, part: PartialFile, meter: ProgressMeter
  ) {
    self.settings = settings
    self.request = request
    self.client = client
    self.part = part
    self.meter = meter
  }

  /// - Returns: where the bytes came from, for people.
  /// - Throws: `TransientFailure` if another try may help, `StalePart` if one from the start will; other errors are
  ///   final.
  mutating func run() async throws -> String {
    if part.count > 0, part.record?.condition == nil, !request.hasDigest {
      // Nothing would tell whether the rest that comes now belongs to what is here.
      try part.restart(nil)
      wasRestarted = true
    }
    var url = request.url
    var cookies = CookieJar()
    for _ in 0...settings.maximumRedirects {
      let response = try await send(url, cookies)
      cookies.store(response.headers["set-cookie"], from: url)
      let status = response.status.code
      if RedirectPolicy.statuses.contains(status) {
        url = try RedirectPolicy.next(from: url, location: response.headers.first(name: "location"))
        continue
      }
      switch status {
      case 200:
        guard let page = try await receiveWhole(response, from: url) else { return url.withoutSecrets }
        url = try next(after: page)
      case 206:
        try await receiveRest(response, from: url)
        return url.withoutSecrets
      case 416 where part.count > 0:
        try confirmComplete(response, from: url)
        return url.withoutSecrets
      case 408, 429, 500, 502, 503, 504, 506...510, 512...599:
        throw TransientFailure(
          .status(address: url.withoutSecrets, status: Int(status)),
          retryAfter: RetryPolicy.wait(asked: response.headers.first(name: "retry-after"), clock: settings.clock))
      default:
        if request.continuation != nil, WebPage.saysHTML(response.headers.first(name: "content-type")) {
          var body = response.body.makeAsyncIterator()
          url = try next(after: try await page(ByteBuffer(), &body, url, status))
        } else {
          throw TransferError.refused(address: url.withoutSecrets, status: Int(status))
        }
      }
    }
    throw TransferError.tooManyRedirects(address: request.url.withoutSecrets, limit: settings.maximumRedirects)
  }

  // MARK: Asking

  private mutating func send(_ url: URL, _ cookies: CookieJar) async throws -> HTTPClientResponse {
    let origin = Origin(url)
    var message = HTTPClientRequest(url: url.absoluteString)
    message.headers.add(name: "user-agent", value: settings.userAgent)
    message.headers.add(name: "accept", value: "*/*")
    message.headers.add(name: "accept-encoding", value: "identity")
    message.headers.add(name: "accept-language", value: "en")
    if origin == Origin(request.url) {
      for (name, value) in request.headers { message.headers.replaceOrAdd(name: name, value: value) }
    }
    if let credentials = request.credentials, credentials.origin == origin {
      message.headers.replaceOrAdd(name: "authorization", value: credentials.authorization)
    }
    if let field = cookies.field(for: url) { message.headers.add(name: "cookie", value: field) }
    if part.count > 0 {
      message.headers.replaceOrAdd(name: "range", value: "bytes=\(part.count)-")
      if let condition = part.record?.condition { message.headers.replaceOrAdd(name: "if-range", value: condition) }
    }
    do {
      let response = try await client.execute(message, deadline: .distantFuture)
      serverAnswered = true
      return response
    } catch {
      throw failure(error, url, isConnecting: true)
    }
  }

  private func next(after page: WebPage) throws -> URL {
    guard let continuation = request.continuation else {
      throw TransferError.webPage(address: page.url.withoutSecrets, title: page.title)
    }
    return try RedirectPolicy.check(try continuation(page), from: page.url)
  }

  // MARK: Receiving

  /// An answer with the whole file, or a page in its place, which is returned.
  private mutating func receiveWhole(_ response: HTTPClientResponse, from url: URL) async throws -> WebPage? {
    var body = response.body.makeAsyncIterator()
    var prefix = ByteBuffer()
    while prefix.readableBytes < WebPage.prefixBytes, let piece = try await piece(&body, url) {
      prefix.writeImmutableBuffer(piece)
    }
    let type = response.headers.first(name: "content-type")
    if WebPage.isPage(prefix: prefix.readableBytesView.prefix(WebPage.prefixBytes), contentType: type) {
      return try await page(prefix, &body, url, response.status.code)
    }
    let total = contentLength(response)
    if part.count > 0 { wasRestarted = true }
    try checkAnnounced(total: total, missing: total, url)
    try part.restart(record(response, total: total))
    meter.begin(at: 0, of: total)
    try append(prefix, total, url)
    try await receive(&body, total, url)
    return nil
  }

  /// An answer with the range that was asked for.
  private func receiveRest(_ response: HTTPClientResponse, from url: URL) async throws {
    guard part.count > 0 else {
      throw TransferError.malformedAnswer(
        address: url.withoutSecrets, reason: "a part of the file, though all was asked for")
    }
    guard let field = response.headers.first(name: "content-range"), let range = ContentRange(field),
      let bytes = range.bytes, contentLength(response).map({ $0 == Int64(bytes.count) }) ?? true
    else {
      throw TransferError.malformedAnswer(address: url.withoutSecrets, reason: "a part without saying properly which")
    }
    let offered = record(response, total: range.total)
    guard bytes.lowerBound == part.count, let known = part.record, known.agrees(with: offered),
      !WebPage.saysHTML(response.headers.first(name: "content-type"))
    else { throw StalePart() }
    let total = range.total ?? known.total
    try checkAnnounced(total: total, missing: bytes.upperBound + 1 - part.count, url)
    meter.begin(at: part.count, of: total)
    var body = response.body.makeAsyncIterator()
    try await receive(&body, total, url)
  }

  /// The range that was asked for is not there: either nothing was missing, or this is another file.
  private func confirmComplete(_ response: HTTPClientResponse, from url: URL) throws {
    guard let range = response.headers.first(name: "content-range").flatMap(ContentRange.init),
      range.total == part.count, part.record?.total == part.count,
      part.record?.agrees(with: record(response, total: range.total)) == true
    else { throw StalePart() }
  }

  private func receive(_ body: inout HTTPClientResponse.Body.AsyncIterator, _ total: Int64?, _ url: URL) async throws {
    while let piece = try await piece(&body, url) { try append(piece, total, url) }
    if let total, part.count < total {
      throw TransientFailure(
        .lost(address: url.withoutSecrets, received: part.count, expected: total, reason: "it ended early"))
    }
  }

  private func append(_ piece: ByteBuffer, _ total: Int64?, _ url: URL) throws {
    let reached = part.count + Int64(piece.readableBytes)
    let address = url.withoutSecrets
    if reached > request.maximumBytes {
      part.discard()
      throw TransferError.tooLarge(address: address, maximumBytes: request.maximumBytes, announced: nil)
    }
    if let expected = request.expectedSize, reached > expected {
      part.discard()
      throw TransferError.wrongSize(address: address, expected: expected, actual: reached)
    }
    if let total, reached > total {
      part.discard()
      throw TransferError.malformedAnswer(address: address, reason: "more bytes than the \(total) it announced")
    }
    try piece.withUnsafeReadableBytes { try part.append($0) }
    meter.advance(to: part.count, of: total)
  }

  private func piece(_ body: inout HTTPClientResponse.Body.AsyncIterator, _ url: URL) async throws -> ByteBuffer? {
    do {
      return try await body.next()
    } catch {
      throw failure(error, url, isConnecting: false)
    }
  }

  private func page(
    _ prefix: ByteBuffer, _ body: inout HTTPClientResponse.Body.AsyncIterator, _ url: URL, _ status: UInt
  ) async throws -> WebPage {
    var buffer = prefix
    while buffer.readableBytes < WebPage.maximumBytes, let piece = try await piece(&body, url) {
      buffer.writeImmutableBuffer(piece)
    }
    return WebPage(url: url, status: status, html: String(decoding: buffer.readableBytesView, as: UTF8.self))
  }

  /// Sees to it, before the first byte is written, that the file is wanted and that there is room for it.
  private func checkAnnounced(total: Int64?, missing: Int64?, _ url: URL) throws {
    if let total, total > request.maximumBytes {
      part.discard()
      throw TransferError.tooLarge(
        address: url.withoutSecrets, maximumBytes: request.maximumBytes, announced: total)
    }
    if let total, let expected = request.expectedSize, total != expected {
      part.discard()
      throw TransferError.wrongSize(address: url.withoutSecrets, expected: expected, actual: total)
    }
    if let missing, let free = settings.freeBytes(part.file.deletingLastPathComponent()), missing > free {
      throw LocalFileError.diskFull(path: part.file.path)
    }
  }

  private func contentLength(_ response: HTTPClientResponse) -> Int64? {
    response.headers.first(name: "content-length").flatMap(wholeNumber)
  }

  private func record(_ response: HTTPClientResponse, total: Int64?) -> PartRecord {
    PartRecord(
      source: request.source, etag: response.headers.first(name: "etag"),
      lastModified: response.headers.first(name: "last-modified"), total: total)
  }

  /// What an error of the HTTP client means here.
  private func failure(_ error: any Error, _ url: URL, isConnecting: Bool) -> any Error {
    if error is CancellationError || Task.isCancelled { return CancellationError() }
    let address = url.withoutSecrets
    func lost(_ reason: String) -> TransientFailure {
      TransientFailure(.lost(address: address, received: part.count, expected: part.record?.total, reason: reason))
    }
    switch ClientFailure(error) {
    case .untrusted: return TransferError.untrustedCertificate(address: address)
    case .silent:
      return TransientFailure(.silent(address: address, after: settings.idleTimeout, received: part.count))
    case .closed: return lost("the server closed it")
    case .noConnectionInTime:
      return TransientFailure(.unreachable(address: address, reason: "no connection within \(settings.connectTimeout)"))
    case .other(let reason, _):
      return isConnecting && !serverAnswered
        ? TransientFailure(.unreachable(address: address, reason: reason)) : lost(reason)
    }
  }
}

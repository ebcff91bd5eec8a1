import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on the loopback device that answers as a test wants, misbehaviour included.
public final class LoopbackServer: Sendable {
  public struct Request: Sendable {
    public let method: String
    public let uri: String
    public let headers: HTTPHeaders
    public internal(set) var body: [UInt8] = []

    public init(method: String = "GET", uri: String, headers: HTTPHeaders = ["host": "127.0.0.1"]) {
      self.method = method
      self.uri = uri
      self.headers = headers
    }

    public var path: String { String(uri.prefix { $0 != "?" }) }
    public var query: [String: String] {
      let items = URLComponents(string: uri)?.queryItems ?? []
      return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }
    public func header(_ name: String) -> String? { headers.first(name: name) }
  }

  public struct Answer: Sendable {
    public enum Framing: Sendable {
      case contentLength
      /// A length that is not the body's.
      case announcing(Int)
      case chunked
      /// HTTP/1.0's way: the body ends with the connection.
      case untilClose
    }
    public enum Ending: Sendable {
      case whole
      /// The connection is closed after so many bytes of the body.
      case cut(after: Int)
      /// The connection is closed without an answer.
      case unanswered
      /// The connection is silent after so many bytes of the body, and stays open.
      case silent(after: Int)
    }

    public var status: HTTPResponseStatus = .ok
    public var headers: [(String, String)] = []
    public var body: [UInt8] = []
    public var framing = Framing.contentLength
    public var ending = Ending.whole

    public init(
      status: HTTPResponseStatus = .ok, headers: [(String, String)] = [], body: [UInt8] = [],
      framing: Framing = .contentLength, ending: Ending = .whole
    ) {
      self.status = status
      self.headers = headers
      self.body = body
      self.framing = framing
      self.ending = ending
    }
  }

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])
  }

  private let channel: any Channel
  private let log = Log()

  /// All requests so far.
  public var requests: [Request] { log.requests.withLock { $0 } }
  public var port: Int { channel.localAddress?.port ?? 0 }

  private let isEncrypted: Bool

  public func url(_ path: String) -> URL {
    URL(string: "\(isEncrypted ? "https" : "http")://127.0.0.1:\(port)\(path)")!
  }

  private init(encrypted: Bool, _ answer: @escaping @Sendable (Request, Int) async -> Answer) async throws {
    let log = self.log
    isEncrypted = encrypted
    let context = encrypted ? try Self.securityContext() : nil
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 64)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            Handler { request in
              let earlier = log.requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
              }
              return { await answer(request, earlier) }
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  /// Runs `body` with a server that lives as long.
  ///
  /// - Parameters:
  ///   - encrypted: whether it is reached by https, with `TestCertificate`.
  ///   - answer: called with each request and the number of those before it.
  public static func with<Result>(
    encrypted: Bool = false, _ answer: @escaping @Sendable (Request, Int) async -> Answer,
    _ body: (LoopbackServer) async throws -> Result
  ) async throws -> Result {
    let server = try await LoopbackServer(encrypted: encrypted, answer)
    do {
      let result = try await body(server)
      try await server.channel.close()
      return result
    } catch {
      try? await server.channel.close()
      throw error
    }
  }

  private static func securityContext() throws -> NIOSSLContext {
    let certificate = try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem)
    let key = try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: (Request) -> @Sendable () async -> Answer
    private var request: Request?

    init(_ answer: @escaping (Request) -> @Sendable () async -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): request = Request(method: head.method.rawValue, uri: head.uri, headers: head.headers)
      case .body(let piece): request?.body += piece.readableBytesView
      case .end:
        guard let request else { return }
        let answer = self.answer(request)
        let made = context.eventLoop.makePromise(of: Answer.self)
        Task(executorPreference: AnsweringThreads.shared) { made.succeed(await answer()) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        made.futureResult.whenSuccess { answer in
          let (handler, context) = bound.value
          handler.send(answer, context)
        }
      }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
      if case .unanswered = answer.ending { return context.close(promise: nil) }
      var head = HTTPResponseHead(version: .http1_1, status: answer.status)
      var closes = false
      switch answer.framing {
      case .contentLength: head.headers.add(name: "content-length", value: "\(answer.body.count)")
      case .announcing(let count): head.headers.add(name: "content-length", value: "\(count)")
      case .chunked: head.headers.add(name: "transfer-encoding", value: "chunked")
      case .untilClose:
        head.version = .http1_0
        head.headers.add(name: "connection", value: "close")
        closes = true
      }
      for (name, value) in answer.headers { head.headers.add(name: name, value: value) }
      var body = answer.body[...]
      var ends = true
      switch answer.ending {
      case .whole, .unanswered: break
      case .cut(let count):
        body = body.prefix(count)
        ends = false
        closes = true
      case .silent(let count):
        body = body.prefix(count)
        ends = false
      }
      // Closing drops what has not been sent yet, hence only after the last piece.
      let sent = context.eventLoop.makePromise(of: Void.self)
      if closes {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in context.value.close(promise: nil) }
      }
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: ends ? nil : sent)
      if ends { context.write(wrapOutboundOut(.end(nil)), promise: sent) }
      context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}

extension LoopbackServer.Answer {
  public typealias Request = LoopbackServer.Request

  public static func redirect(
    to location: String, _ status: HTTPResponseStatus = .found, headers: [(String, String)] = []
  )
    -> Self
  {
    Self(status: status, headers: [("location", location)] + headers)
  }

  public static func json(_ text: String, _ status: HTTPResponseStatus = .ok) -> Self {
    Self(status: status, headers: [("content-type", "application/json")], body: Array(text.utf8))
  }

  public static func page(_ html: String, _ status: HTTPResponseStatus = .ok) -> Self {
    Self(status: status, headers: [("content-type", "text/html; charset=utf-8")], body: Array(html.utf8))
  }

  /// A file as a well-behaved server sends it: with validators, ranges and their conditions.
  public static func file(
    _ content: [UInt8], for request: Request, etag: String? = "\"v1\"", lastModified: String? = nil
  ) -> Self {
    var headers = [("content-type", "application/zip"), ("accept-ranges", "bytes")]
    if let etag { headers.append(("etag", etag)) }
    if let lastModified { headers.append(("last-modified", lastModified)) }
    let whole = Self(headers: headers, body: content)
    guard let range = request.header("range"), range.hasPrefix("bytes="), range.hasSuffix("-"),
      let start = Int(range.dropFirst(6).dropLast())
    else { return whole }
    if let condition = request.header("if-range"), condition != etag, condition != lastModified { return whole }
    guard start < content.count else {
      return Self(
        status: .rangeNotSatisfiable, headers: headers + [("content-range", "bytes */\(content.count)")])
    }
    return Self(
      status: .partialContent,
      headers: headers + [("content-range", "bytes \(start)-\(content.count - 1)/\(content.count)")],
      body: Array(content[start...]))
  }

  public func ending(_ ending: Ending) -> Self {
    var answer = self
    answer.ending = ending
    return answer
  }

  public func framing(_ framing: Framing) -> Self {
    var answer = self
    answer.framing = framing
    return answer
  }
}

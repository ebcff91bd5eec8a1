import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on the loopback device that answers as a test wants, misbehaviour included.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    let uri: String
    let headers: HTTPHeaders

    var path: String { String(uri.prefix { $0 != "?" }) }
    var query: [String: String] {
      let items = URLComponents(string: uri)?.queryItems ?? []
      return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }
    func header(_ name: String) -> String? { headers.first(name: name) }
  }

  struct Answer: Sendable {
    enum Framing: Sendable {
      case contentLength
      /// A length that is not the body's.
      case announcing(Int)
      case chunked
      /// HTTP/1.0's way: the body ends with the connection.
      case untilClose
    }
    enum Ending: Sendable {
      case whole
      /// The connection is closed after so many bytes of the body.
      case cut(after: Int)
      /// The connection is silent after so many bytes of the body, and stays open.
      case silent(after: Int)
    }

    var status: HTTPResponseStatus = .ok
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var framing = Framing.contentLength
    var ending = Ending.whole
  }

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])
  }

  private let channel: any Channel
  private let log = Log()

  /// All requests so far.
  var requests: [Request] { log.requests.withLock { $0 } }
  var port: Int { channel.localAddress?.port ?? 0 }

  func url(_ path: String) -> URL { URL(string: "http://127.0.0.1:\(port)\(path)")! }

  private init(_ answer: @escaping @Sendable (Request, Int) -> Answer) async throws {
    let log = self.log
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 64)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            Handler { request in
              let earlier = log.requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
              }
              return answer(request, earlier)
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  /// Runs `body` with a server that lives as long.
  ///
  /// - Parameter answer: called with each request and the number of those before it.
  static func with<Result>(
    _ answer: @escaping @Sendable (Request, Int) -> Answer, _ body: (LoopbackServer) async throws -> Result
  ) async throws -> Result {
    let server = try await LoopbackServer(answer)
    do {
      let result = try await body(server)
      try await server.channel.close()
      return result
    } catch {
      try? await server.channel.close()
      throw error
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: (Request) -> Answer
    private var request: Request?

    init(_ answer: @escaping (Request) -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): request = Request(uri: head.uri, headers: head.headers)
      case .body: break
      case .end:
        guard let request else { return }
        send(answer(request), context)
      }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
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
      case .whole: break
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
  typealias Request = LoopbackServer.Request

  static func redirect(to location: String, _ status: HTTPResponseStatus = .found, headers: [(String, String)] = [])
    -> Self
  {
    Self(status: status, headers: [("location", location)] + headers)
  }

  static func page(_ html: String, _ status: HTTPResponseStatus = .ok) -> Self {
    Self(status: status, headers: [("content-type", "text/html; charset=utf-8")], body: Array(html.utf8))
  }

  /// A file as a well-behaved server sends it: with validators, ranges and their conditions.
  static func file(
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

  func ending(_ ending: Ending) -> Self {
    var answer = self
    answer.ending = ending
    return answer
  }

  func framing(_ framing: Framing) -> Self {
    var answer = self
    answer.framing = framing
    return answer
  }
}

import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer over a new connection.
public enum Exchange {
  /// - Throws: if there is no whole answer.
  public static func perform(_ request: LoopbackServer.Request, port: Int) async throws -> LoopbackServer.Answer {
    let group = MultiThreadedEventLoopGroup.singleton
    let eventLoop = group.next()
    let promise = eventLoop.makePromise(of: LoopbackServer.Answer.self)
    let channel = try await ClientBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(Collector(promise))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    var headers = request.headers
    headers.replaceOrAdd(name: "connection", value: "close")
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.uri, headers: headers)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if !request.body.isEmpty {
      channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: request.body))), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    let answer = try await promise.futureResult.get()
    try? await channel.close()
    return answer
  }

  private struct Closed: Error {}

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    private let promise: EventLoopPromise<LoopbackServer.Answer>
    private var answer = LoopbackServer.Answer()

    init(_ promise: EventLoopPromise<LoopbackServer.Answer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        answer.status = head.status
        answer.headers = head.headers.filter { name, _ in
          !["content-length", "transfer-encoding", "connection"].contains(name.lowercased())
        }.map { ($0.name, $0.value) }
      case .body(let piece): answer.body += piece.readableBytesView
      case .end: promise.succeed(answer)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      promise.fail(error)
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(Closed()) }
  }
}

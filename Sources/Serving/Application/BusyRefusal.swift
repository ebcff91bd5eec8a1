import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTPTypes

/// Refuses pictures at the door when there is no room for them: on the connection's own thread, before a byte of the
/// body is kept, before the database is asked and without a task, so that a flood takes little from those who were
/// let in.
///
/// Only a token that was valid a moment ago is refused here; everybody else goes the long way, on which a stranger
/// hears nothing of how busy it is. What comes meanwhile of a refused body is dropped. The connection stays, unless
/// the body is so long that closing is cheaper.
final class BusyRefusal: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let room: ServingRoom
  /// Requests that were passed on and have no whole answer yet: what is refused must not overtake them.
  private var underWay = 0
  private var isDropping = false
  /// When something was passed on last: the handler behind this one closes what it takes for idle.
  private var lastPassed = NIODeadline.now()

  init(room: ServingRoom) { self.room = room }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      if underWay == 0, let reason = reason(toRefuse: head) {
        isDropping = true
        refuse(head, because: reason, context)
      } else {
        isDropping = false
        underWay += 1
        lastPassed = .now()
        context.fireChannelRead(data)
      }
    case .body: if !isDropping { context.fireChannelRead(data) }
    case .end: if !isDropping { context.fireChannelRead(data) }
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      underWay -= 1
      lastPassed = .now()
    }
    context.write(data, promise: promise)
  }

  // MARK: -

  /// - Returns: what is full; nil for what is not refused here.
  private func reason(toRefuse head: HTTPRequest) -> String? {
    guard let reason = room.fullPart, head.method == .post, Self.route(of: head) != nil,
      // Who waits to be told to send the body is told the long way.
      head.headerFields[.expect] == nil,
      let token = head.headerFields[.authorization].flatMap(BearerTokens.token(in:)), room.recent.contains(token)
    else { return nil }
    return reason
  }

  private static func route(of head: HTTPRequest) -> String? {
    guard let path = head.path else { return nil }
    return routes.first { path == $0 || path.hasPrefix($0 + "?") }
  }

  static let routes = ["/api/v1/predictions", "/predict"]

  private func refuse(_ head: HTTPRequest, because reason: String, _ context: ChannelHandlerContext) {
    let route = Self.route(of: head) ?? ""
    let problem = room.busy(reason)
    let id = RequestID().description
    guard let body = try? APIJSON.encode(problem.document(request: id)) else { return }
    var headers = problem.headers
    headers[.contentType] = Problem.mediaType
    headers[.contentLength] = "\(body.count)"
    Accounting.complete(&headers, request: id)
    // Seldom enough that the one behind does not take the connection for idle.
    let isOld = NIODeadline.now() - lastPassed > .seconds(room.limits.idleSeconds) / 2
    if isOld || Accounting.hasLongBody(head) { headers[.connection] = "close" }
    context.write(wrapOutboundOut(.head(HTTPResponse(status: problem.status, headerFields: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    room.measurements.count(route: route, method: "POST", status: problem.status.code, seconds: 0)
    room.refusals.add(on: context.eventLoop)
  }
}

@available(*, unavailable)
extension BusyRefusal: Sendable {}

extension TimeAmount {
  fileprivate static func / (amount: TimeAmount, divisor: Int64) -> TimeAmount {
    .nanoseconds(amount.nanoseconds / divisor)
  }
}

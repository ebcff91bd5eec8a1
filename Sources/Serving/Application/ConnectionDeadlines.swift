import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Ends connections of clients that are too slow, and those that an answer closes.
///
/// The framework's own timeout watches headers and connections that do nothing; a client that sends a byte now and then,
/// or takes no answer, would hold its connection for ever. A body has a fixed time here, whatever comes meanwhile, and
/// so has an answer until the client has taken it. A stream of events may last: there it is the time for the next
/// piece.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let bodyTime: TimeAmount
  private let answerTime: TimeAmount
  /// How long a closing connection still takes what the client sends, so that it can read the answer.
  private let lingering: TimeAmount
  private var bodyDeadline: Scheduled<Void>?
  private var answerDeadline: Scheduled<Void>?
  private var isReading = false
  private var isAnswering = false
  /// Whether the answer is a stream of events, and how many of its pieces the client has not taken.
  private var isStream = false
  private var untakenPieces = 0
  /// Answers of which the client has not taken all: several where it sends requests ahead.
  private var untaken = 0
  /// Whether the request that is being read has its answer already.
  private var isAnswered = false
  private var closesAfterAnswer = false
  private var isGivenUp = false

  static let eventStream = "text/event-stream"

  init(limits: ServingLimits, lingering: TimeAmount = .seconds(2)) {
    bodyTime = .seconds(limits.bodySeconds)
    answerTime = .seconds(limits.answerSeconds)
    self.lingering = lingering
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      isReading = true
      isAnswered = false
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      bodyDeadline = context.eventLoop.scheduleTask(in: bodyTime) {
        let (handler, context) = bound.value
        handler.giveUpReading(context)
      }
    case .body: break
    case .end:
      isReading = false
      bodyDeadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isGivenUp else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    // No answer yet: the client is asked for its body.
    case .head(let response) where response.status.kind == .informational: context.write(data, promise: promise)
    case .head(let response):
      isAnswering = true
      closesAfterAnswer = response.headerFields[.connection]?.lowercased() == "close"
      untaken += 1
      isStream = response.headerFields[.contentType] == Self.eventStream
      if !isStream { scheduleAnswerDeadline(context) }
      context.write(data, promise: promise)
    case .body where isStream:
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      untakenPieces += 1
      scheduleAnswerDeadline(context)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (handler, context) = bound.value
        handler.pieceTaken(context)
      }
      context.write(data, promise: written)
    case .body: context.write(data, promise: promise)
    case .end:
      if isStream { scheduleAnswerDeadline(context) }
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (handler, context) = bound.value
        handler.answerTaken(context)
      }
      context.write(data, promise: written)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    bodyDeadline?.cancel()
    answerDeadline?.cancel()
  }

  // MARK: -

  private func scheduleAnswerDeadline(_ context: ChannelHandlerContext) {
    guard answerDeadline == nil else { return }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    answerDeadline = context.eventLoop.scheduleTask(in: answerTime) { bound.value.close(promise: nil) }
  }

  /// Whoever takes a piece has time for the next one.
  private func pieceTaken(_ context: ChannelHandlerContext) {
    untakenPieces -= 1
    answerDeadline?.cancel()
    answerDeadline = nil
    if untakenPieces > 0 { scheduleAnswerDeadline(context) }
  }

  private func answerTaken(_ context: ChannelHandlerContext) {
    isAnswering = false
    isAnswered = true
    untaken -= 1
    answerDeadline?.cancel()
    answerDeadline = nil
    // The next one has its own time.
    if untaken > 0 { scheduleAnswerDeadline(context) }
    guard closesAfterAnswer else { return }
    guard isReading else { return context.close(promise: nil) }
    // Closing at once would reset the connection under the client's hands before it has read why.
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: lingering) { bound.value.close(promise: nil) }
  }

  private func giveUpReading(_ context: ChannelHandlerContext) {
    guard isReading else { return }
    guard !isAnswering, !isAnswered else { return context.close(promise: nil) }
    let problem = Problem(
      .requestTimeout, code: "too_slow", "The request did not arrive within \(bodyTime.nanoseconds / 1_000_000_000) s.")
    // The framework's own id of the request is not known here: this one is the answer's alone.
    let id = RequestID().description
    let body = (try? APIJSON.encode(problem.document(request: id))) ?? Data()
    var headers: HTTPFields = [.connection: "close", .contentType: Problem.mediaType, .contentLength: "\(body.count)"]
    Accounting.complete(&headers, request: id)
    context.write(wrapOutboundOut(.head(HTTPResponse(status: .requestTimeout, headerFields: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
    isGivenUp = true
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
  }
}

@available(*, unavailable)
extension ConnectionDeadlines: Sendable {}

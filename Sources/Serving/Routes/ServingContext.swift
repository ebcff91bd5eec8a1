import Hummingbird
import Logging
import NIOCore

/// What goes with a request through the server.
public struct ServingContext: RequestContext {
  /// The framework's own part: the request's id, its logger and the parameters of its path.
  public var coreContext: CoreRequestContextStorage
  /// Who asks. It is set by the registry before a route's handler runs; `Principal.nobody` on public routes unless they
  /// proved who they are.
  public var principal = Principal.nobody
  /// Over which the request came.
  let connection: any Channel

  /// The framework makes one for each request; `principal` is `nobody` at first.
  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    connection = source.channel
  }

  /// Whether the request's client is still there.
  ///
  /// - Throws: what a connection throws that is closed already.
  func client() async throws -> ClientPresence {
    try await connection.eventLoop.submit { [connection] in
      try connection.pipeline.syncOperations.handler(type: ClientWatch.self).presence
    }.get()
  }
}

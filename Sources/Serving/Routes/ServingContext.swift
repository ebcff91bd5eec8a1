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

  /// The framework makes one for each request; `principal` is `nobody` at first.
  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
  }
}

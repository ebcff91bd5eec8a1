import Foundation
import HTTPTypes
import Hummingbird

/// Every route of a server. The framework's router is filled from here alone, so that no route is without a policy.
public struct RouteRegistry: Sendable {
  /// In the order in which they were added.
  public private(set) var routes: [Route] = []
  /// What is shown in the place of the problem at an address that no route has.
  var nowhere: Route.Instead?

  /// Without any route.
  public init() {}

  /// - Precondition: there is no route of this method and path yet.
  public mutating func add(_ route: Route) {
    precondition(
      !routes.contains { $0.method == route.method && $0.path == route.path },
      "\(route.method.rawValue) \(route.path) is registered twice")
    routes.append(route)
  }

  /// Adds routes in their order.
  ///
  /// - Precondition: no method and path is there twice.
  public mutating func add(_ more: [Route]) { for route in more { add(route) } }

  /// The router: each route behind its policy, and errors as problems.
  func router(gatekeeper: Gatekeeper, measurements: ServingMeasurements) -> Router<ServingContext> {
    let router = Router(context: ServingContext.self)
    router.add(middleware: Accounting(measurements: measurements, routes: self))
    for route in routes {
      let responder: Route.Handler = { request, context in
        var context = context
        do {
          context.principal = try await gatekeeper.admit(request, context: context, to: route)
          return try await route.handler(request, context)
        } catch {
          guard let instead = route.instead else { throw error }
          let problem = Problem(error)
          guard let response = try await instead(problem, request, context) else { throw problem }
          return response
        }
      }
      router.on(RouterPath(route.path), method: route.method, use: responder)
      if route.method == .get {
        router.on(RouterPath(route.path), method: .head) { request, context in
          try await responder(request, context).createHeadResponse()
        }
      }
    }
    return router
  }

  /// What there is at a path, for a request whose method no route of it has.
  ///
  /// - Returns: the route's path, and 405 with the methods that it knows; nil where there is no such path.
  func otherMethods(at path: String) -> (path: String, problem: Problem)? {
    let parts = path.split(separator: "/")
    let fitting = routes.filter { route in
      let pattern = route.path.split(separator: "/")
      return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
    guard let first = fitting.first else { return nil }
    var methods = Set(fitting.map(\.method.rawValue))
    if methods.contains("GET") { methods.insert("HEAD") }
    let problem = Problem(
      .methodNotAllowed, code: "method_not_allowed", "This path knows other methods: see the Allow header.",
      headers: [.allow: methods.sorted().joined(separator: ", ")])
    return (first.path, problem)
  }
}

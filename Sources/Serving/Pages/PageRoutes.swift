import Foundation
import HTTPTypes
import Hummingbird

/// The pages for persons, and what they are made of.
struct PageRoutes: Sendable {
  let room: ServingRoom
  let writer: PageWriter
  let signingIn: SigningIn

  init(room: ServingRoom, cookies: SessionCookies) throws {
    self.room = room
    writer = PageWriter(files: try PageFiles(), sessions: cookies)
    signingIn = SigningIn(room: room, cookies: cookies, writer: writer)
  }

  var routes: [Route] {
    [
      page("/") { _ in Self.look("predict") },
      page("/history") { Self.look("history", ["may_export": $0.principal.seesAll]) },
      page("/results/{id}") { Self.look("result", ["id": try $0.parameters.require("id")]) },
      page("/runs") { _ in Self.look("runs") },
      page("/runs/{id}") { Self.look("run", ["id": try $0.parameters.require("id")]) },
      page("/models") { Self.look("models", ["promotes": $0.principal.role >= .administrator]) },
      page("/training", policy: .operator) { _ in Self.look("training") },
      Route(.get, "/assets/{name}", policy: .public, operation: nil, asset),
    ] + signingIn.routes
  }

  /// A page whose template, title and script have one name.
  private static func look(_ name: String, _ values: [String: any Sendable] = [:]) -> PageWriter.Page {
    .init(
      template: name, title: name, styles: ["predict.css", "tables.css"], scripts: ["page.js", "\(name).js"],
      values: values)
  }

  /// A page for whoever is signed in; others are led to the sign-in and back.
  private func page(
    _ path: String, policy: Policy = .reader, _ make: @escaping @Sendable (ServingContext) throws -> PageWriter.Page
  ) -> Route {
    Route(.get, path, policy: policy, operation: nil, instead: instead) { request, context in
      try writer.response(try make(context), for: request, as: context.principal)
    }
  }

  @Sendable private func instead(
    _ problem: Problem, _ request: Request, _ context: ServingContext
  ) async throws -> Response? {
    if problem.status == .unauthorized {
      return .redirect(to: "/sign-in?next=\(SigningIn.encoded(request.uri.path))", type: .found)
    }
    return try writer.response(
      .init(template: "problem", title: "problem", styles: ["tables.css"], values: ["detail": problem.detail]),
      for: request, as: context.principal, status: problem.status)
  }

  @Sendable private func asset(_ request: Request, _ context: ServingContext) async throws -> Response {
    guard let asset = writer.files.assets[try context.parameters.require("name")] else { throw Problem.notFound }
    let headers: HTTPFields = [.eTag: asset.tag, .cacheControl: "no-cache"]
    guard request.headers[.ifNoneMatch] != asset.tag else { return Response(status: .notModified, headers: headers) }
    return .content(Data(asset.bytes), asset.mediaType, headers: headers)
  }
}

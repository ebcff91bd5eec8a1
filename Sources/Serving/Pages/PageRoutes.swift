import Foundation
import HTTPTypes
import Hummingbird

/// The pages for persons, and what they are made of.
struct PageRoutes: Sendable {
  let room: ServingRoom
  let cookies: SessionCookies
  let writer: PageWriter
  let signingIn: SigningIn
  let documents: DocumentPages

  init(room: ServingRoom, cookies: SessionCookies, documents: ProjectDocuments) throws {
    self.room = room
    self.cookies = cookies
    self.documents = DocumentPages(room: room, documents: documents)
    writer = PageWriter(files: try PageFiles(), sessions: cookies)
    signingIn = SigningIn(room: room, cookies: cookies, writer: writer)
  }

  var routes: [Route] {
    [
      page("/") { _, _ in Self.look("predict") },
      page("/history") { context, _ in Self.look("history", ["may_export": context.principal.seesAll]) },
      page("/results/{id}") { context, _ in Self.look("result", ["id": try context.parameters.require("id")]) },
      page("/runs") { _, _ in Self.look("runs") },
      page("/runs/{id}") { context, _ in Self.look("run", ["id": try context.parameters.require("id")]) },
      page("/models") { [writer] context, language in
        var values = Self.rights(context)
        values["card_sentences"] = writer.files.cardSentences[language]
        return Self.look("models", values)
      },
      page("/models/{name}/{number}") { [documents] context, language in
        let values = try await documents.version(context, in: language)
        return Self.look("version", values.merging(Self.rights(context)) { $1 })
      },
      page("/ladder") { [documents] _, language in
        Self.look("ladder", try await documents.ladder(in: language), hasScript: false)
      },
      page("/training", policy: .operator) { _, _ in Self.look("training") },
      Route(.get, "/assets/{name}", policy: .public, operation: nil, asset),
    ] + signingIn.routes
  }

  /// A page whose template, title and script, if it has one, have one name.
  private static func look(
    _ name: String, _ values: [String: any Sendable] = [:], hasScript: Bool = true
  ) -> PageWriter.Page {
    .init(
      template: name, title: name, styles: ["predict.css", "tables.css", "document.css"],
      scripts: hasScript ? ["page.js", "\(name).js"] : ["page.js"], values: values)
  }

  private static func rights(_ context: ServingContext) -> [String: any Sendable] {
    ["promotes": context.principal.role >= .administrator]
  }

  /// A page for whoever is signed in; others are led to the sign-in and back.
  private func page(
    _ path: String, policy: Policy = .reader,
    _ make: @escaping @Sendable (ServingContext, PageLanguage) async throws -> PageWriter.Page
  ) -> Route {
    Route(.get, path, policy: policy, operation: nil, instead: instead) { request, context in
      let page = try await make(context, PageWriter.language(of: request))
      return try writer.response(page, for: request, as: context.principal)
    }
  }

  @Sendable private func instead(
    _ problem: Problem, _ request: Request, _ context: ServingContext
  ) async throws -> Response? {
    if problem.status == .unauthorized {
      return .redirect(to: "/sign-in?next=\(SigningIn.encoded(request.uri.path))", type: .found)
    }
    return try writer.response(problem, for: request, as: context.principal)
  }

  /// An address that nothing is at: who asks for a page gets one that says so, programs get the problem.
  @Sendable func nowhere(_ problem: Problem, _ request: Request, _ context: ServingContext) async throws -> Response? {
    guard request.method == .get, request.headers[.accept]?.contains("text/html") == true,
      !request.uri.path.hasPrefix("/api/"), !request.uri.path.hasPrefix("/assets/")
    else { return nil }
    let principal = try? await cookies.principal(of: request)
    return try writer.response(problem, for: request, as: principal ?? .nobody)
  }

  @Sendable private func asset(_ request: Request, _ context: ServingContext) async throws -> Response {
    guard let asset = writer.files.assets[try context.parameters.require("name")] else { throw Problem.notFound }
    let headers: HTTPFields = [.eTag: asset.tag, .cacheControl: "no-cache"]
    guard request.headers[.ifNoneMatch] != asset.tag else { return Response(status: .notModified, headers: headers) }
    return .content(Data(asset.bytes), asset.mediaType, headers: headers)
  }
}

import Foundation
import HTTPTypes
import Hummingbird

/// From a token to a session and back, and the language of pages: forms, which work without scripts.
struct SigningIn: Sendable {
  let room: ServingRoom
  let cookies: SessionCookies
  let writer: PageWriter

  var routes: [Route] {
    [
      Route(.get, "/sign-in", policy: .public, operation: nil, show),
      Route(.post, "/sign-in", policy: .public, operation: nil, instead: tell, signIn),
      Route(.post, "/sign-out", policy: .public, operation: nil, instead: tell, signOut),
      Route(.post, "/language", policy: .public, operation: nil, instead: tell, chooseLanguage),
    ]
  }

  @Sendable private func show(_ request: Request, _ context: ServingContext) async throws -> Response {
    // A cookie that nobody belongs to any more: its holder did not sign out.
    let isHeld = cookies.secret(of: request)?.isEmpty == false
    let holder = try await cookies.principal(of: request)
    return try page(request, next: Query(request).text("next"), problem: nil, hasEnded: isHeld && holder == nil)
  }

  @Sendable private func signIn(_ request: Request, _ context: ServingContext) async throws -> Response {
    let form = try await form(of: request, context)
    guard cookies.isOurs(form, of: request) else { throw Self.foreign }
    guard let token = AccessToken((form["token"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)),
      let principal = try await offload(on: room.worker, { [room] in try room.tokens.principal(of: token) })
    else {
      return try page(request, next: form["next"], problem: "sign_in_wrong", status: .forbidden)
    }
    try await note(.signedIn, by: principal.id, context)
    var response = Response.redirect(to: Self.safe(form["next"]), type: .normal)
    response.setCookie(cookies.cookie(SessionCookies.name, cookies.sessions.begin(tokenID: principal.id), age: nil))
    return response
  }

  @Sendable private func signOut(_ request: Request, _ context: ServingContext) async throws -> Response {
    let form = try await form(of: request, context)
    if let secret = cookies.secret(of: request), let session = cookies.sessions.session(secret) {
      guard equalInConstantTime(form["csrf"] ?? "", session.formToken) else { throw Self.foreign }
      cookies.sessions.end(secret)
      try await note(.signedOut, by: session.tokenID, context)
    }
    var response = Response.redirect(to: "/sign-in", type: .normal)
    response.setCookie(cookies.cookie(SessionCookies.name, "", age: 0))
    return response
  }

  @Sendable private func chooseLanguage(_ request: Request, _ context: ServingContext) async throws -> Response {
    let form = try await form(of: request, context)
    guard cookies.isOurs(form, of: request) else { throw Self.foreign }
    guard let language = form["language"].flatMap(PageLanguage.init(rawValue:)) else {
      throw Problem.badRequest("'language' must be en or es.")
    }
    var response = Response.redirect(to: Self.safe(form["back"]), type: .normal)
    response.setCookie(cookies.cookie("language", language.rawValue, age: 365 * 86_400))
    return response
  }

  /// What is wrong with a form is told on a page, since a person sent it.
  @Sendable private func tell(
    _ problem: Problem, _ request: Request, _ context: ServingContext
  ) async throws -> Response? {
    try writer.response(problem, for: request, as: .nobody)
  }

  // MARK: -

  private func page(
    _ request: Request, next: String?, problem: String?, hasEnded: Bool = false, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    let texts = writer.files.texts[PageWriter.language(of: request)] ?? [:]
    var values: [String: any Sendable] = ["next": Self.safe(next)]
    if let problem { values["problem"] = texts[problem] ?? problem }
    if hasEnded { values["ended"] = texts["problem_unauthenticated"] }
    return try writer.response(
      .init(template: "sign-in", title: "sign_in", styles: ["predict.css", "tables.css"], values: values), for: request,
      as: .nobody, status: status)
  }

  private func note(_ action: AuditEntry.Action, by actor: String, _ context: ServingContext) async throws {
    try await offload(on: room.worker) { [room] in
      try room.audit.add(AuditEntry(time: room.clock(), actor: actor, action: action, request: context.id))
    }
  }

  /// A form's fields. A form that another site sends is refused: browsers say where it comes from.
  ///
  /// - Throws: `Problem` 403, 413, 415.
  private func form(of request: Request, _ context: ServingContext) async throws -> [String: String] {
    // Behind a proxy the name may be changed on the way; where the browser itself says what it is, that counts.
    if let site = request.headers[Self.fetchSite] {
      guard site == "same-origin" || site == "none" else { throw Self.foreign }
    } else if let origin = request.headers[.origin] {
      guard URL(string: origin)?.authority == request.head.authority else { throw Self.foreign }
    }
    guard ContentType(request.headers[.contentType] ?? "").name == "application/x-www-form-urlencoded" else {
      throw Problem(.unsupportedMediaType, code: "unsupported_media_type", "Send it as a form of this server's pages does.")
    }
    let body = String(decoding: try await BodyReader(limit: 16 << 10, context: context).read(request), as: UTF8.self)
    return Query.fields(body)
  }

  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

  private static let foreign = Problem(
    .forbidden, code: "foreign_form", "This form does not come from a page of this server. Load the page again and repeat it.")

  /// A path of this server, whatever the form says: nobody is sent elsewhere from here.
  static func safe(_ path: String?) -> String {
    guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 92 })
    else { return "/" }
    return path
  }

  static func encoded(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "/-._"))) ?? "/"
  }
}

extension URL {
  /// Host and port, as a request's `Host` writes them.
  fileprivate var authority: String? {
    guard let host = host() else { return nil }
    let name = host.contains(":") ? "[\(host)]" : host
    return port.map { "\(name):\($0)" } ?? name
  }
}

import BuildInformation
import HTTPTypes
import Hummingbird

/// Writes pages: a template within the frame that all of them share.
struct PageWriter: Sendable {
  let files: PageFiles
  let sessions: SessionCookies

  /// A page's own part.
  struct Page {
    /// The template, and the key of its title among the texts.
    var template: String
    var title: String
    var styles: [String] = []
    var scripts: [String] = ["page.js"]
    /// Beside `text`, for the template.
    var values: [String: any Sendable] = [:]
  }

  func response(
    _ page: Page, for request: Request, as principal: Principal, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    let language = Self.language(of: request)
    let texts = files.texts[language] ?? [:]
    let session = sessions.session(of: request)
    // Who is not signed in yet gets a form token, too: it is in a cookie that only this server's pages can read.
    let known = session?.formToken ?? sessions.visitorToken(of: request)
    let formToken = known ?? sessions.sessions.drawDigits()
    var values: [String: Any] = page.values
    values["text"] = texts
    values["csrf"] = formToken
    values["sentences"] = files.sentences[language]
    let content = files.templates.render(values, withTemplate: page.template) ?? ""
    let path = request.uri.path
    values.merge(
      [
        "language": language.rawValue, "other_language": language.other.rawValue,
        "other_language_name": language.other.ownName, "title": texts[page.title] ?? page.title, "path": path,
        "styles": page.styles, "scripts": page.scripts, "script_texts": files.scriptTexts[language] ?? "{}",
        "dark_media": Self.darkMedia(of: request), "signed_in": session != nil,
        "version": "Nefro \(BuildInformation.current.version)",
        "content": content,
        "places": Self.places.filter { principal.role >= $0.least }.map { place in
          ["path": place.path, "name": texts[place.text] ?? place.text, "current": place.path == path] as [String: Any]
        },
      ], uniquingKeysWith: { $1 })
    guard let html = files.templates.render(values, withTemplate: "layout") else {
      throw ServingError.brokenPage(page.template)
    }
    var response = Response.content(html, "text/html; charset=utf-8", status: status, headers: Self.headers)
    // Not with the answer to a form: another site's would replace the cookie that a form of ours waits with.
    if known == nil, request.method == .get {
      response.setCookie(sessions.cookie(SessionCookies.visitorName, formToken, age: nil))
    }
    return response
  }

  /// A page that says what is wrong, in the reader's language.
  func response(_ problem: Problem, for request: Request, as principal: Principal) throws -> Response {
    let language = Self.language(of: request)
    let detail = language == .english ? nil : files.texts[language]?["problem_\(problem.code)"]
    return try response(
      .init(
        template: "problem", title: "problem", styles: ["predict.css", "tables.css"],
        values: ["detail": detail ?? problem.detail]),
      for: request, as: principal, status: problem.status)
  }

  /// Pages in the order of the bar at the top.
  private static let places: [(path: String, text: String, least: Role)] = [
    ("/", "predict", .reader), ("/history", "history", .reader), ("/runs", "runs", .reader),
    ("/models", "models", .reader), ("/ladder", "ladder", .reader), ("/training", "training", .operator),
  ]

  static func language(of request: Request) -> PageLanguage {
    PageLanguage(chosen: request.cookies["language"]?.value, accepted: request.headers[.acceptLanguage])
  }

  /// When the dark colours apply: as the visitor chose, else as their system is.
  private static func darkMedia(of request: Request) -> String {
    switch request.cookies["theme"]?.value {
    case "dark": "all"
    case "light": "not all"
    default: "(prefers-color-scheme: dark)"
    }
  }

  /// Nothing of another origin, no script or style within the page, no frame around it.
  static let headers: HTTPFields = [
    .contentSecurityPolicy:
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    // Forms of our own pages say where they come from, other servers are told nothing.
    HTTPField.Name("Referrer-Policy")!: "same-origin",
    HTTPField.Name("X-Frame-Options")!: "DENY",
    HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
  ]
}

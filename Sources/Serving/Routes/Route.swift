import HTTPTypes
import Hummingbird

/// What a server answers to one method on one path, and to whom.
public struct Route: Sendable {
  /// Answers a request that the policy has let through. What it throws becomes a `Problem`.
  public typealias Handler = @Sendable (Request, ServingContext) async throws -> Response
  /// - Returns: nil gives the problem.
  public typealias Instead = @Sendable (Problem, Request, ServingContext) async throws -> Response?

  /// A route for GET answers HEAD as well.
  public let method: HTTPRequest.Method
  /// As the framework writes it: `/api/v1/predictions/{id}`.
  public let path: String
  /// Who may use it, looked at before the handler runs.
  public let policy: Policy
  /// For the OpenAPI document; nil for what is no part of the API, such as pages.
  public let operation: APIOperation?
  /// What a page shows in a problem's place, such as the way to sign in; nil gives the problem.
  let instead: Instead?
  let handler: Handler

  /// - Parameters:
  ///   - path: with a `/` first and parameters in braces.
  ///   - policy: who may use it; there is no default.
  ///   - operation: nil for a page.
  ///   - instead: what a page shows in a problem's place.
  public init(
    _ method: HTTPRequest.Method, _ path: String, policy: Policy, operation: APIOperation?, instead: Instead? = nil,
    _ handler: @escaping Handler
  ) {
    precondition(path.hasPrefix("/"), "a path begins at the root")
    self.method = method
    self.path = path
    self.policy = policy
    self.operation = operation
    self.instead = instead
    self.handler = handler
  }

  /// The names of the path's parameters, in order.
  public var parameters: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
      .map { String($0.dropFirst().dropLast()) }
  }
}

/// What the OpenAPI document says of a route.
public struct APIOperation: Sendable {
  /// OpenAPI's `operationId`, such as `getPrediction`.
  public var id: String
  /// One sentence of what it does.
  public var summary: String
  /// Parameters behind the `?`.
  public var query: [Parameter]
  /// Media types of the body with the schema of each; empty for no body.
  public var body: [(mediaType: String, schema: JSONValue)]
  /// The answer where nothing is wrong.
  public var success: Success
  /// Codes of problems beside those that every route has.
  public var problems: [Int]

  /// A parameter of the query.
  public struct Parameter: Sendable {
    /// As it stands in the address.
    public var name: String
    /// The document's description of it.
    public var summary: String
    /// JSON Schema of its value.
    public var schema: JSONValue
    /// Whether the request is refused without it.
    public var isRequired: Bool

    /// - Parameters:
    ///   - name: as it stands in the address.
    ///   - summary: the document's description of it.
    ///   - schema: of its value.
    ///   - isRequired: whether the request is refused without it.
    public init(_ name: String, _ summary: String, schema: JSONValue, isRequired: Bool = false) {
      self.isRequired = isRequired
      self.name = name
      self.summary = summary
      self.schema = schema
    }
  }

  /// An answer with what was asked for.
  public struct Success: Sendable {
    /// HTTP's code, 200…299.
    public var status: Int
    /// What the body holds.
    public var summary: String
    /// Of the body.
    public var mediaType: String
    /// JSON Schema of the body, or a reference to one of the document's components.
    public var schema: JSONValue

    /// - Parameters:
    ///   - status: 200…299.
    ///   - summary: what the body holds.
    ///   - mediaType: of the body.
    ///   - schema: of the body, or a reference to one of the document's components.
    public init(_ status: Int, _ summary: String, mediaType: String = "application/json", schema: JSONValue) {
      self.status = status
      self.summary = summary
      self.mediaType = mediaType
      self.schema = schema
    }
  }

  /// - Parameters:
  ///   - id: OpenAPI's `operationId`.
  ///   - summary: one sentence of what it does.
  ///   - query: parameters behind the `?`; those in the path are the route's.
  ///   - body: media types with the schema of each; empty for no body.
  ///   - success: the answer where nothing is wrong.
  ///   - problems: codes of problems beside 421 and 500, and 401 and 403 behind a policy, which are always described.
  public init(
    _ id: String, _ summary: String, query: [Parameter] = [], body: [(mediaType: String, schema: JSONValue)] = [],
    success: Success, problems: [Int] = []
  ) {
    self.id = id
    self.summary = summary
    self.query = query
    self.body = body
    self.success = success
    self.problems = problems
  }
}

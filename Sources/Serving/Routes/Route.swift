import HTTPTypes
import Hummingbird

/// What a server answers to one method on one path, and to whom.
public struct Route: Sendable {
  public typealias Handler = @Sendable (Request, ServingContext) async throws -> Response
  /// - Returns: nil gives the problem.
  public typealias Instead = @Sendable (Problem, Request, ServingContext) async throws -> Response?

  public let method: HTTPRequest.Method
  /// As the framework writes it: `/api/v1/predictions/{id}`.
  public let path: String
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
  public var id: String
  public var summary: String
  public var query: [Parameter]
  /// Media types of the body with the schema of each; empty for no body.
  public var body: [(mediaType: String, schema: JSONValue)]
  public var success: Success
  /// Codes of problems beside those that every route has.
  public var problems: [Int]

  public struct Parameter: Sendable {
    public var name: String
    public var summary: String
    public var schema: JSONValue

    public init(_ name: String, _ summary: String, schema: JSONValue) {
      self.name = name
      self.summary = summary
      self.schema = schema
    }
  }

  public struct Success: Sendable {
    public var status: Int
    public var summary: String
    public var mediaType: String
    public var schema: JSONValue

    public init(_ status: Int, _ summary: String, mediaType: String = "application/json", schema: JSONValue) {
      self.status = status
      self.summary = summary
      self.mediaType = mediaType
      self.schema = schema
    }
  }

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

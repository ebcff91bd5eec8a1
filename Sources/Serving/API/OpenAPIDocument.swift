import BuildInformation
import Foundation
import HTTPTypes
import Hummingbird

/// The OpenAPI 3.1 document, made from the routes that there are, so that it cannot name others.
enum OpenAPIDocument {
  static let path = "/api/v1/openapi.json"

  /// The route that serves the document, itself included.
  ///
  /// - Parameter routes: all others; those without an operation are pages and are left out.
  static func route(describing routes: [Route]) throws -> Route {
    let own = Route(.get, path, policy: .public, operation: operation) { _, _ in throw Problem.notFound }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(try document(of: routes + [own]))
    return Route(.get, path, policy: .public, operation: operation) { _, _ in
      .content(data, "application/json", headers: [.cacheControl: "no-cache"])
    }
  }

  private static let operation = APIOperation(
    "openapi", "This document.", success: .init(200, "An OpenAPI 3.1 document.", schema: ["type": "object"]))

  static func document(of routes: [Route]) throws -> JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for route in routes {
      guard let operation = route.operation else { continue }
      paths[route.path, default: [:]][route.method.rawValue.lowercased()] = describe(operation, of: route)
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Nefro", "version": .string(BuildInformation.current.version),
        "summary": "Answers of classifiers of kidney CT slices. Research use only: no answer is a diagnosis.",
      ],
      "paths": .object(paths.mapValues { .object($0) }),
      "components": [
        "schemas": try JSONDecoder().decode(JSONValue.self, from: Data(OpenAPISchemas.json.utf8)),
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        "responses": [
          "Problem": [
            "description": "What is wrong and what to do.",
            "headers": ["X-Request-Id": ["schema": ["type": "string"]]],
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
          ]
        ],
      ],
    ]
  }

  private static func describe(_ operation: APIOperation, of route: Route) -> JSONValue {
    var fields: [String: JSONValue] = [
      "operationId": .string(operation.id), "summary": .string(operation.summary),
      "x-role": .string(route.policy.rawValue),
      "security": route.policy == .public ? [] : [["token": []]],
    ]
    let parameters =
      route.parameters.map { name -> JSONValue in
        ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
      }
      + operation.query.map { parameter -> JSONValue in
        [
          "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
          "required": .bool(parameter.isRequired), "schema": parameter.schema,
        ]
      }
    if !parameters.isEmpty { fields["parameters"] = .array(parameters) }
    if !operation.body.isEmpty {
      let content = operation.body.map { ($0.mediaType, JSONValue.object(["schema": $0.schema])) }
      fields["requestBody"] = [
        "required": true, "content": .object(Dictionary(uniqueKeysWithValues: content)),
      ]
    }
    let success = operation.success
    var responses: [String: JSONValue] = [
      "\(success.status)": [
        "description": .string(success.summary),
        "content": .object([success.mediaType: ["schema": success.schema]]),
      ]
    ]
    // 421 for a stranger's name, 500 for our own faults, 401 and 403 behind a policy.
    let always = route.policy == .public ? [421, 500] : [401, 403, 421, 500]
    for code in Set(operation.problems + always) {
      responses["\(code)"] = ["$ref": "#/components/responses/Problem"]
    }
    fields["responses"] = .object(responses)
    return .object(fields)
  }
}

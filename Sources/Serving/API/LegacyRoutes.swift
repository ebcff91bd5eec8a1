import Foundation
import HTTPTypes
import Hummingbird
import Inference

/// The route of the report's application, for programs that know nothing else.
struct LegacyRoutes: Sendable {
  let room: ServingRoom

  var routes: [Route] {
    [
      Route(
        .post, "/predict", policy: room.options.legacyOpen ? .public : .reader, operation: Self.operation, predict)
    ]
  }

  @Sendable private func predict(_ request: Request, _ context: ServingContext) async throws -> Response {
    // A page of a stranger can send forms and plain text here without asking the browser, but not this.
    guard ContentType(request.headers[.contentType] ?? "").name == "application/json" else {
      throw Problem(.unsupportedMediaType, code: "unsupported_media_type", "Send it as application/json.")
    }
    let outcome = try await PredictionService(room: room).predict(request, context: context) { body, _ in
      guard let image = try? PictureDocument(body, limit: nil).image else {
        throw Problem.badRequest("The body is not as described: {\"image\": \"<base64>\"}")
      }
      return Upload(pictures: [.base64(image)])
    }
    let prediction = outcome.predictions[0]
    // Only a label that is given as an answer stands in its place.
    return try .json(
      [["image": prediction.decision.words ?? prediction.label]], headers: [Self.identity: prediction.id])
  }

  /// The result, for those who want to know more of it.
  static let identity = HTTPField.Name("X-Prediction-Id")!

  private static let operation = APIOperation(
    "legacyPredict", "As the report's application: the label of one picture, or why there is none.",
    body: [
      (
        "application/json",
        ["type": "object", "properties": ["image": ["type": "string"]], "required": ["image"]]
      )
    ],
    success: .init(
      200, "A list with one label, in a field of this name for the sake of old clients.",
      schema: [
        "type": "array",
        "items": ["type": "object", "properties": ["image": ["type": "string"]], "required": ["image"]],
      ]),
    problems: [400, 408, 413, 415, 422, 503])
}

import Foundation
import Transfers

/// MLflow's REST interface, versions 2.7 to 3, as far as mirroring needs it.
///
/// Every function is one call, and throws `MLflowError` for what the server says, and `MLflowError.noAnswer` where it says
/// nothing.
public struct MLflowClient: Sendable {
  public let server: MLflowServer
  let transport: APIClient

  /// Runs `body` with a client whose connections are closed afterwards.
  ///
  /// - Parameter settings: timeouts, retries and clock; who asks, and whom connections trust, is the server's.
  public static func with<Result>(
    _ server: MLflowServer, settings: APIClient.Settings = APIClient.Settings(),
    isolation: isolated (any Actor)? = #isolation, _ body: (MLflowClient) async throws -> Result
  ) async throws -> Result {
    var settings = settings
    settings.credentials = server.credentials
    settings.security = server.security
    settings.proxies = server.proxies
    do {
      return try await APIClient.with(settings, for: server.address) { transport in
        try await body(MLflowClient(server: server, transport: transport))
      }
    } catch let error as TransferError {
      throw MLflowError.noAnswer(server: server.name, error)
    }
  }

  struct Empty: Codable {}

  // MARK: Calls

  func get<Answer: Decodable>(_ path: String, _ query: [(String, String)] = []) async throws -> Answer {
    var text = "\(server.address.absoluteString)/api/2.0/mlflow/\(path)"
    if !query.isEmpty {
      text += "?" + query.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
    }
    return try await call(.get, text, .none, isRepeatable: true)
  }

  func call<Answer: Decodable>(
    _ method: APIRequest.Method, _ path: String, _ body: some Encodable, isRepeatable: Bool
  ) async throws -> Answer {
    let data = try Self.encoder.encode(body)
    return try await call(
      method, "\(server.address.absoluteString)/api/2.0/mlflow/\(path)", .data(data, type: "application/json"),
      isRepeatable: isRepeatable)
  }

  private func call<Answer: Decodable>(
    _ method: APIRequest.Method, _ text: String, _ body: APIRequest.Body, isRepeatable: Bool
  ) async throws -> Answer {
    guard let url = URL(string: text) else { throw MLflowError.invalidAddress(scheme: server.address.scheme) }
    let answer = try await send(APIRequest(method, url, body: body, isRepeatable: isRepeatable))
    do {
      return try Self.decoder.decode(Answer.self, from: answer.body.isEmpty ? Data("{}".utf8) : answer.body)
    } catch {
      throw MLflowError.malformedAnswer(address: shown(url), reason: "its JSON has another form than expected")
    }
  }

  /// - Returns: an answer with status 200 that is no web page.
  func send(_ request: APIRequest, expectsPage: Bool = false) async throws -> APIAnswer {
    let answer: APIAnswer
    do {
      answer = try await transport.send(request)
    } catch let error as TransferError {
      throw MLflowError.noAnswer(server: server.name, error)
    }
    let address = shown(request.url)
    let refusal = try? Self.decoder.decode(Refusal.self, from: answer.body)
    let message = server.redacted(
      refusal?.message ?? (answer.isWebPage ? "" : String(decoding: answer.body.prefix(300), as: UTF8.self)))
    switch answer.status {
    case 200..<300:
      if answer.isWebPage, !expectsPage {
        throw MLflowError.webPage(address: address, title: answer.pageTitle(at: request.url).map(server.redacted))
      }
      return answer
    case 300..<400: throw MLflowError.redirected(address: address)
    case 401: throw MLflowError.loginRefused(server: server.name)
    case 403: throw MLflowError.forbidden(server: server.name, message: message)
    case let status where APIClient.isTransient(status):
      throw MLflowError.unavailable(address: address, status: status, message: message)
    case let status:
      // A proxy that will not pass so much says so with a page of its own.
      if refusal == nil, answer.isWebPage, status != 413 {
        throw MLflowError.webPage(address: address, title: answer.pageTitle(at: request.url).map(server.redacted))
      }
      throw MLflowError.refused(address: address, status: status, code: refusal?.error_code, message: message)
    }
  }

  private struct Refusal: Decodable {
    var error_code: String?
    var message: String?
  }

  private func shown(_ url: URL) -> String { server.redacted(url.withoutSecrets) }

  /// The server's version, such as (3, 17); nil for services that do not tell, such as DagsHub's.
  package func version() async throws -> MLflowVersion? {
    guard let url = URL(string: "\(server.address.absoluteString)/version") else { return nil }
    do {
      let answer = try await send(APIRequest(.get, url), expectsPage: true)
      return MLflowVersion(String(decoding: answer.body.prefix(40), as: UTF8.self))
    } catch MLflowError.loginRefused, MLflowError.forbidden, MLflowError.refused, MLflowError.webPage,
      MLflowError.redirected
    {
      return nil
    }
  }

  // MARK: JSON

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }

  /// A text as one segment of a path, or one part of a query: all but letters, digits, `-`, `.`, `_` and `~` is
  /// encoded.
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.append(Character(Unicode.Scalar(byte)))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += byte < 16 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return result
  }
}

/// A server's version.
package struct MLflowVersion: Equatable, Comparable, Sendable {
  package var major: Int
  package var minor: Int

  /// - Returns: nil if `text` does not begin with two numbers with a point between them.
  package init?(_ text: String) {
    let parts = text.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ".", maxSplits: 2)
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
    self.major = major
    self.minor = minor
  }

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}

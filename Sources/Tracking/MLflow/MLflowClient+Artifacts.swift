import Foundation
import Transfers

extension MLflowClient {
  /// The address behind an artifact's place.
  ///
  /// `mlflow-artifacts:/A/artifacts` is below the server itself, its own path before it; a host in it takes the place
  /// of the server's. Plain http addresses are taken as they are, unless the server itself is reached by https.
  ///
  /// - Parameter uri: a run's `artifact_uri`.
  /// - Throws: `MLflowError.artifactStoreUnsupported` for places such as `s3:` and `file:`, `artifactsUnencrypted`.
  package func artifactAddress(_ path: String, in uri: String) throws -> URL {
    let scheme = uri.prefix { $0 != ":" }.lowercased()
    guard uri.contains(":"), ["mlflow-artifacts", "http", "https"].contains(scheme),
      let parts = URLComponents(string: uri)
    else {
      throw MLflowError.artifactStoreUnsupported(server: server.name, scheme: uri.contains(":") ? scheme : "file")
    }
    guard scheme != "http" || server.address.scheme?.lowercased() != "https" else {
      throw MLflowError.artifactsUnencrypted(server: server.name)
    }
    let names = (parts.path + "/" + path).split(separator: "/").map { Self.encoded(String($0)) }.joined(separator: "/")
    guard var base = URLComponents(url: server.address, resolvingAgainstBaseURL: true) else {
      throw MLflowError.invalidAddress(scheme: server.address.scheme)
    }
    if let host = parts.host, !host.isEmpty {
      base.host = host
      base.port = parts.port
    }
    if scheme == "mlflow-artifacts" {
      base.percentEncodedPath += "/api/2.0/mlflow-artifacts/artifacts/\(names)"
    } else {
      base.scheme = scheme
      base.percentEncodedPath = "/\(names)"
    }
    guard let url = base.url else { throw MLflowError.invalidAddress(scheme: server.address.scheme) }
    return url
  }

  /// Puts a file where a run keeps its artifacts; one that is there is replaced, so it may be repeated.
  package func upload(_ file: URL, as path: String, to uri: String) async throws {
    let url = try artifactAddress(path, in: uri)
    _ = try await send(
      APIRequest(.put, url, body: .file(file, type: Self.contentType(path)), isRepeatable: true))
  }

  package func upload(_ content: Data, as path: String, to uri: String) async throws {
    let url = try artifactAddress(path, in: uri)
    _ = try await send(
      APIRequest(.put, url, body: .data(content, type: Self.contentType(path)), isRepeatable: true))
  }

  /// What a folder of a run's artifacts holds.
  package func artifacts(of run: String, in path: String = "") async throws -> [MLflowFile] {
    struct Page: Decodable {
      var files: [MLflowFile]?
      var next_page_token: String?
    }
    var files: [MLflowFile] = []
    var token: String?
    repeat {
      var query = [("run_id", run)]
      if !path.isEmpty { query.append(("path", path)) }
      if let token { query.append(("page_token", token)) }
      let page: Page = try await get("artifacts/list", query)
      files += page.files ?? []
      let next = page.next_page_token.flatMap { $0.isEmpty ? nil : $0 }
      token = next == token ? nil : next
    } while token != nil
    return files
  }

  private static func contentType(_ path: String) -> String {
    switch path.split(separator: ".").last?.lowercased() {
    case "json": "application/json"
    case "svg": "image/svg+xml"
    case "html": "text/html; charset=utf-8"
    case "csv", "md", "txt", "yaml", "yml": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}

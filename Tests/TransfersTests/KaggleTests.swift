import Foundation
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(1)))
struct KaggleTests {
  private let content = archiveBytes(50_000)
  private let source = "kaggle:nazmul0087/ct-kidney-dataset"
  private static let authorization = "Basic \(Data("ana:secret".utf8).base64EncodedString())"

  private func fetch(_ server: LoopbackServer, to file: URL, key: String = "secret") async throws -> DownloadResult {
    try await RemoteSource.fetch(
      source: source, to: file, endpoints: SourceEndpoints(kaggle: server.url("/api/v1")),
      credentials: SourceCredentials(environment: ["KAGGLE_USERNAME": "ana", "KAGGLE_KEY": key]),
      downloader: Downloader(clock: TestClock().transferClock))
  }

  /// Kaggle's API as far as it matters: a login, then a redirect.
  private static func api(_ storage: String) -> @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Answer {
    { request, _ in
      guard request.path == "/api/v1/datasets/download/nazmul0087/ct-kidney-dataset" else {
        return .init(status: .notFound)
      }
      guard request.header("authorization") == authorization else { return .init(status: .unauthorized) }
      return .redirect(to: storage, headers: [("set-cookie", "ka_sessionid=s; path=/; secure")])
    }
  }

  @Test func `the login stays with Kaggle, the storage host sees neither key nor cookie`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      .file(content, for: request).ending(earlier == 0 ? .cut(after: 1000) : .whole)
    }) { storage in
      try await LoopbackServer.with(Self.api(storage.url("/bucket/archive.zip?X-Goog-Signature=s").absoluteString)) {
        server in
        try await withTemporaryFolder { folder in
          let file = folder.appending(path: "f")
          let result = try await fetch(server, to: file)
          #expect(try Data(contentsOf: file) == Data(content))
          #expect(result.origin == storage.url("/bucket/archive.zip").absoluteString)
          // Signatures expire, so a resumed download asks Kaggle again.
          #expect(server.requests.count == 2)
          #expect(storage.requests.map { $0.header("range") } == [nil, "bytes=1000-"])
          for request in storage.requests {
            #expect(request.header("authorization") == nil)
            #expect(request.header("cookie") == nil)
          }
        }
      }
    }
  }

  @Test func `a wrong key, a closed and an unknown data set are told apart`() async throws {
    let expected: [(HTTPResponseStatus, TransferError)] = [
      (.unauthorized, .kaggleLoginRefused(dataSet: "nazmul0087/ct-kidney-dataset")),
      (.forbidden, .kaggleAccessDenied(dataSet: "nazmul0087/ct-kidney-dataset")),
      (.notFound, .kaggleNotFound(dataSet: "nazmul0087/ct-kidney-dataset")),
    ]
    for (status, error) in expected {
      try await LoopbackServer.with({ _, _ in .init(status: status) }) { server in
        try await withTemporaryFolder { folder in
          #expect(await transferError { try await fetch(server, to: folder.appending(path: "f")) } == error)
          #expect(contents(folder).isEmpty)
        }
      }
    }
  }

  @Test func `a login page is a refused login`() async throws {
    try await LoopbackServer.with({ request, _ in
      request.path == "/account/login"
        ? .page("<!DOCTYPE html><title>Login | Kaggle</title>") : .redirect(to: "/account/login?returnUrl=x")
    }) { server in
      try await withTemporaryFolder { folder in
        #expect(
          await transferError { try await fetch(server, to: folder.appending(path: "f")) }
            == .kaggleLoginRefused(dataSet: "nazmul0087/ct-kidney-dataset"))
      }
    }
  }

  @Test func `a refusal of the storage host is not taken for Kaggle's`() async throws {
    try await LoopbackServer.with({ _, _ in .init(status: .forbidden) }) { storage in
      try await LoopbackServer.with(Self.api(storage.url("/x?sig=s").absoluteString)) { server in
        try await withTemporaryFolder { folder in
          #expect(
            await transferError { try await fetch(server, to: folder.appending(path: "f")) }
              == .refused(address: storage.url("/x").absoluteString, status: 403))
        }
      }
    }
  }

  @Test func `without credentials nothing is asked`() async throws {
    try await LoopbackServer.with({ _, _ in .init() }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError {
          try await RemoteSource.fetch(
            source: source, to: folder.appending(path: "f"), endpoints: SourceEndpoints(kaggle: server.url("/api/v1")),
            credentials: SourceCredentials(environment: ["HOME": folder.path]))
        }
        guard case .kaggleCredentialsMissing? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(server.requests.isEmpty)
      }
    }
  }
}

import Foundation
import LoopbackServers
import NIOHTTP1
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(1)))
struct GoogleDriveTests {
  private let content = archiveBytes(50_000)
  private static let id = "1vlhZ5c7abUKF8xXERIw6m9Te8fW7ohw3"
  private let link = "https://drive.google.com/file/d/\(id)/view?usp=sharing"

  private static let quotaPage = """
    <!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head><body><p class="uc-error-caption">\
    Sorry, you can&#39;t view or download this file at this time.</p><p class="uc-error-subcaption">Too many \
    users have viewed or downloaded this file recently.</p></body></html>
    """

  /// What Google Drive asks before it gives a file that it "can't scan for viruses"; `base` is where the form leads.
  private static func confirmation(_ base: String) -> String {
    """
    <!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body><p>Google Drive can't \
    scan this file for viruses.</p><form id="download-form" action="\(base)/download" method="get"><input \
    type="submit" id="uc-download-link" value="Download anyway"/><input type="hidden" name="id" value="\(id)"><input \
    type="hidden" name="export" value="download"><input type="hidden" name="confirm" value="t"><input \
    type="hidden" name="uuid" value="9f2b-&amp;-1"></form></body></html>
    """
  }

  private func endpoints(_ drive: LoopbackServer, _ content: LoopbackServer) -> SourceEndpoints {
    SourceEndpoints(googleDrive: drive.url(""), googleDriveContent: content.url(""))
  }

  private func fetch(_ drive: LoopbackServer, _ content: LoopbackServer, to file: URL) async throws -> DownloadResult {
    try await RemoteSource.fetch(
      source: link, to: file, endpoints: endpoints(drive, content),
      downloader: Downloader(clock: TestClock().transferClock))
  }

  /// Fetches from a service that gives one answer to everything, and must fail.
  private func error(_ answer: LoopbackServer.Answer) async throws -> TransferError? {
    try await LoopbackServer.with({ _, _ in answer }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let error = await transferError { try await fetch(server, server, to: file) }
        #expect(contents(folder).isEmpty)
        return error
      }
    }
  }

  @Test func `a small file comes after a redirect`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { contents in
      let base = contents.url("").absoluteString
      try await LoopbackServer.with({ request, _ in
        .redirect(to: "\(base)/download?id=\(request.query["id"] ?? "")&export=download", .seeOther)
      }) { drive in
        try await withTemporaryFolder { folder in
          let file = folder.appending(path: "f")
          _ = try await fetch(drive, contents, to: file)
          #expect(try Data(contentsOf: file) == Data(content))
          #expect(drive.requests.map(\.path) == ["/uc"])
          #expect(drive.requests.first?.query == ["export": "download", "id": Self.id])
        }
      }
    }
  }

  @Test func `a large file's form is confirmed, and its download resumed`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      guard request.query["confirm"] == "t" else {
        return .page(Self.confirmation("http://\(request.header("host") ?? "")"))
      }
      return .file(content, for: request).ending(earlier == 1 ? .cut(after: 1000) : .whole)
    }) { contents in
      let base = contents.url("").absoluteString
      try await LoopbackServer.with({ request, _ in .redirect(to: "\(base)/download?id=\(request.query["id"] ?? "")") }) {
        drive in
        try await withTemporaryFolder { folder in
          let file = folder.appending(path: "f")
          _ = try await fetch(drive, contents, to: file)
          #expect(try Data(contentsOf: file) == Data(content))
          let asked = contents.requests
          #expect(asked.count == 4, "form and file, twice")
          try #require(asked.count == 4)
          #expect(
            asked[1].query == ["id": Self.id, "export": "download", "confirm": "t", "uuid": "9f2b-&-1"])
          #expect(asked[3].query == asked[1].query)
          // The form's page must not cost what had arrived.
          #expect(asked[3].header("range") == "bytes=1000-")
        }
      }
    }
  }

  @Test func `a new link to the same file resumes it`() async throws {
    let content = self.content
    try await LoopbackServer.with({ request, earlier in
      .file(content, for: request).ending(earlier == 0 ? .cut(after: 1000) : .whole)
    }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let endpoints = self.endpoints(server, server)
        let error = await transferError {
          try await RemoteSource.fetch(
            source: link, to: file, endpoints: endpoints, downloader: Downloader(retries: .none))
        }
        guard case .connectionLost? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        let result = try await RemoteSource.fetch(
          source: "https://drive.google.com/open?id=\(Self.id)", to: file, endpoints: endpoints)
        #expect(result.resumedFrom == 1000)
      }
    }
  }

  @Test(arguments: [HTTPResponseStatus.ok, .forbidden])
  func `a used-up quota is told as such`(_ status: HTTPResponseStatus) async throws {
    #expect(try await error(.page(Self.quotaPage, status)) == .driveQuota(id: Self.id))
  }

  @Test func `a form that leads away from Google Drive is not sent`() async throws {
    try await LoopbackServer.with({ _, _ in .init() }) { stranger in
      let page = Self.confirmation(stranger.url("").absoluteString)
      guard case .refusedRedirect? = try await error(.page(page)) else {
        Issue.record("not refused")
        return
      }
      #expect(stranger.requests.isEmpty)
    }
  }

  @Test func `a form that leads to itself is left`() async throws {
    try await LoopbackServer.with({ request, _ in
      .page(Self.confirmation("http://\(request.header("host") ?? "")"))
    }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError { try await fetch(server, server, to: folder.appending(path: "f")) }
        #expect(error == .tooManyRedirects(address: server.url("/uc").absoluteString, limit: 10))
      }
    }
  }

  @Test func `a private file leads to a login page`() async throws {
    try await LoopbackServer.with({ request, _ in
      request.path == "/uc"
        ? .redirect(to: "/ServiceLogin?continue=x") : .page("<!doctype html><title>Google Accounts</title>")
    }) { server in
      try await withTemporaryFolder { folder in
        let error = await transferError { try await fetch(server, server, to: folder.appending(path: "f")) }
        #expect(error == .drivePrivate(id: Self.id))
        #expect(error?.description.contains("Anyone with the link") == true)
      }
    }
  }

  @Test(arguments: [
    (LoopbackServer.Answer.page("<html><title>Google Drive: Sign in</title>"), TransferError.drivePrivate(id: id)),
    (.page("<html><title>Error 403</title>", .forbidden), .drivePrivate(id: id)),
    (.init(status: .forbidden), .drivePrivate(id: id)), (.init(status: .unauthorized), .drivePrivate(id: id)),
    (.page("<html><title>Error 404 (Not Found)!!1</title>", .notFound), .driveNotFound(id: id)),
    (.init(status: .notFound), .driveNotFound(id: id)),
    (.page("<html><title>Something new</title>"), .driveRefused(id: id, title: "Something new")),
  ])
  func `other pages have their own errors`(_ answer: LoopbackServer.Answer, _ expected: TransferError) async throws {
    #expect(try await error(answer) == expected)
  }

  @Test func `real addresses are the defaults`() {
    let endpoints = SourceEndpoints()
    #expect(endpoints.googleDrive.absoluteString == "https://drive.google.com")
    #expect(endpoints.googleDriveContent.absoluteString == "https://drive.usercontent.google.com")
    #expect(endpoints.kaggle.absoluteString == "https://www.kaggle.com/api/v1")
  }
}

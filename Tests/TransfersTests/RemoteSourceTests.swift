import Foundation
import LoopbackServers
import TestSupport
import Testing
import Transfers

struct RemoteSourceTests {
  private static let id = "1vlhZ5c7abUKF8xXERIw6m9Te8fW7ohw3"

  @Test(arguments: [
    "https://drive.google.com/file/d/ID/view?usp=sharing", "https://drive.google.com/file/d/ID",
    "https://drive.google.com/file/d/ID/edit#x", "https://drive.google.com/file/u/0/d/ID/view",
    "https://drive.google.com/a/hospital.example/file/d/ID/view", "http://drive.google.com/open?id=ID",
    "https://drive.google.com/uc?id=ID", "https://drive.google.com/uc?export=download&id=ID&confirm=t",
    "https://docs.google.com/uc?id=ID", "https://drive.usercontent.google.com/download?id=ID&export=download",
    "drive.google.com/file/d/ID/view", "  https://DRIVE.google.com/file/d/ID/view\n",
  ])
  func `share links are read in all their forms`(_ link: String) throws {
    #expect(
      try RemoteSource.parse(link.replacing("ID", with: Self.id)) == .googleDrive(id: Self.id, resourceKey: nil))
  }

  @Test func `the key of older links is kept`() throws {
    let link = "https://drive.google.com/file/d/\(Self.id)/view?usp=drive_link&resourcekey=0-aB_c"
    #expect(try RemoteSource.parse(link) == .googleDrive(id: Self.id, resourceKey: "0-aB_c"))
  }

  @Test func `a link to a folder is an error of its own`() {
    #expect(throws: TransferError.driveFolder("1AbCdEfGhIjK")) {
      try RemoteSource.parse("https://drive.google.com/drive/folders/1AbCdEfGhIjK?usp=sharing")
    }
  }

  @Test(arguments: [
    "https://drive.google.com/", "https://drive.google.com/file/d/", "https://drive.google.com/open?id=",
    "https://drive.google.com/uc?id=../../../etc", "https://drive.google.com/file/d/a%2Fb%2Fc%2Fd%2Fe%2Ff/view",
    "kaggle:", "kaggle:owner",
    "kaggle:owner/name/more", "kaggle:owner/../x", "kaggle:/name", "kaggle:ow ner/name", "http://", "https:///x",
    "https://www.kaggle.com/datasets/owner/na%2Fme",
  ])
  func `what is meant to be a source but is none is an error`(_ text: String) {
    let error = #expect(throws: TransferError.self) { try RemoteSource.parse(text) }
    guard case .invalidAddress? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    "kaggle:nazmul0087/ct-kidney-dataset", "Kaggle:nazmul0087/ct-kidney-dataset",
    "https://www.kaggle.com/datasets/nazmul0087/ct-kidney-dataset",
    "https://kaggle.com/datasets/nazmul0087/ct-kidney-dataset/data?select=x",
    "www.kaggle.com/datasets/nazmul0087/ct-kidney-dataset",
  ])
  func `Kaggle data sets are read`(_ text: String) throws {
    #expect(try RemoteSource.parse(text) == .kaggle(owner: "nazmul0087", name: "ct-kidney-dataset"))
  }

  @Test(arguments: [
    "https://example.org/a.zip?x=1", "HTTP://127.0.0.1:8000/a b.zip", "https://www.kaggle.com/code/a/b",
  ])
  func `other addresses are taken as they are`(_ text: String) throws {
    guard case .http? = try RemoteSource.parse(text) else {
      Issue.record("\(text)")
      return
    }
  }

  @Test(arguments: ["data.zip", "/data/slices", "../kidney", "file:///data/x.zip", "C:\\data", "a:b", ""])
  func `paths are no remote source`(_ text: String) throws {
    #expect(try RemoteSource.parse(text) == nil)
  }

  @Test(arguments: ["ftp://ana:secret@example.org/x", "s3://bucket/x"])
  func `other schemes are named, without secrets`(_ text: String) {
    let error = #expect(throws: TransferError.self) { try RemoteSource.parse(text) }
    #expect(error == .unknownSource(text.hasPrefix("ftp") ? "ftp://…" : "s3://…"))
  }

  @Test func `a path cannot be fetched`() async throws {
    await #expect(throws: TransferError.unknownSource("data.zip")) {
      try await RemoteSource.fetch(source: "data.zip", to: URL(filePath: "/nowhere/f"))
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a plain address is fetched and checked`() async throws {
    let content = archiveBytes(1000)
    try await LoopbackServer.with({ request, _ in .file(content, for: request) }) { server in
      try await withTemporaryFolder { folder in
        let file = folder.appending(path: "f")
        let result = try await RemoteSource.fetch(source: server.url("/a.zip").absoluteString, to: file)
        #expect(result.byteCount == 1000)
        #expect(
          await transferError {
            try await RemoteSource.fetch(source: server.url("/a.zip").absoluteString, to: file, maximumBytes: 999)
          } == .tooLarge(address: server.url("/a.zip").absoluteString, maximumBytes: 999, announced: 1000))
      }
    }
  }
}

import Foundation
import TestSupport
import Testing
import Transfers

struct SourceCredentialsTests {
  private let api = URL(string: "https://kaggle.example/api/v1")!

  private func basic(_ user: String, _ key: String) -> OriginCredentials? {
    .basic(user: user, password: key, for: api)
  }

  private func writeKey(_ text: String, to file: URL, mode: Int = 0o600) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  @Test func `the environment comes first, then the files in their order`() throws {
    try withTemporaryFolder { home in
      func found(_ more: [String: String] = [:]) throws -> OriginCredentials {
        try SourceCredentials(environment: ["HOME": home.path].merging(more) { $1 }).kaggle(for: api)
      }
      #expect(
        throws: TransferError.kaggleCredentialsMissing(searched: [
          home.appending(path: ".kaggle/kaggle.json").path, home.appending(path: ".config/kaggle/kaggle.json").path,
        ])
      ) { try found() }

      try writeKey(#"{"username":"config","key":"k"}"#, to: home.appending(path: ".config/kaggle/kaggle.json"))
      #expect(try found() == basic("config", "k"))
      try writeKey(#"{"username":"home","key":"k"}"#, to: home.appending(path: ".kaggle/kaggle.json"))
      #expect(try found() == basic("home", "k"))
      #expect(try found(["KAGGLE_USERNAME": "half"]) == basic("home", "k"))

      try writeKey(#"{"username":"own","key":"k"}"#, to: home.appending(path: "own/kaggle.json"))
      #expect(try found(["KAGGLE_CONFIG_DIR": home.appending(path: "own").path]) == basic("own", "k"))
      #expect(throws: TransferError.self) { try found(["KAGGLE_CONFIG_DIR": home.appending(path: "none").path]) }

      #expect(try found(["KAGGLE_USERNAME": "ana", "KAGGLE_KEY": "secret\n"]) == basic("ana", "secret"))
      #expect(
        try found(["KAGGLE_USERNAME": "ana", "KAGGLE_KEY": "secret", "KAGGLE_API_TOKEN": "KGAT_1"])
          == .bearer(token: "KGAT_1", for: api))
    }
  }

  @Test(arguments: [0o644, 0o640, 0o604])
  func `a key that others can read is refused`(_ mode: Int) throws {
    try withTemporaryFolder { home in
      let file = home.appending(path: ".kaggle/kaggle.json")
      try writeKey(#"{"username":"MARK","key":"MARK"}"#, to: file, mode: mode)
      let error = #expect(throws: TransferError.self) {
        try SourceCredentials(environment: ["HOME": home.path]).kaggle(for: api)
      }
      #expect(error == .kaggleCredentialsExposed(path: file.path, mode: String(mode, radix: 8)))
      #expect(error?.description.contains("chmod 600 '\(file.path)'") == true)
    }
  }

  @Test(arguments: [
    "", "MARK", #"{"username":"MARK"}"#, #"{"username":"","key":"MARK"}"#, #"{"username":1,"key":"MARK"}"#,
  ])
  func `a damaged key is an error that does not show it`(_ text: String) throws {
    try withTemporaryFolder { home in
      try writeKey(text, to: home.appending(path: ".kaggle/kaggle.json"))
      let error = #expect(throws: TransferError.self) {
        try SourceCredentials(environment: ["HOME": home.path]).kaggle(for: api)
      }
      guard case .kaggleCredentialsUnreadable? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.description.contains("MARK") == false)
    }
  }
}

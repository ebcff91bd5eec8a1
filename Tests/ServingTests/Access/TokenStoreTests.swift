import Foundation
import Serving
import TestSupport
import Testing

@Suite struct TokenStoreTests {
  private func withStore(
    _ body: (TokenStore, _ folder: URL, _ time: TestTime) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let time = TestTime()
      try body(TokenStore(ServingRecords(in: folder, clock: { time.now })), folder, time)
    }
  }

  @Test func `a token proves who somebody is until it is revoked`() throws {
    try withStore { store, _, _ in
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(name: "reading room", role: .reader, by: "test", using: &generator)
      let expected = Principal(id: token.id, name: "reading room", role: .reader)
      #expect(try store.principal(of: token) == expected)
      #expect(try store.principal(ofTokenWithID: token.id) == expected)
      try store.revoke("reading room", by: "test")
      #expect(try store.principal(of: token) == nil)
      #expect(try store.principal(ofTokenWithID: token.id) == nil)
      #expect(throws: ServingError.noSuchToken(token.id)) { try store.revoke(token.id, by: "test") }
    }
  }

  @Test func `a token ends with its time`() throws {
    try withStore { store, _, time in
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(
        name: "for a day", role: .operator, expires: time.now.addingTimeInterval(86_400), by: "test", using: &generator)
      time.advance(86_399)
      #expect(try store.principal(of: token)?.role == .operator)
      time.advance(2)
      #expect(try store.principal(of: token) == nil)
    }
  }

  @Test func `another secret under a known identity is refused`() throws {
    try withStore { store, _, _ in
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(name: "a", role: .administrator, by: "test", using: &generator)
      let last = token.secret.last! == "0" ? "1" : "0"
      let forged = try #require(AccessToken(String(token.secret.dropLast()) + last))
      #expect(forged.id == token.id)
      #expect(try store.principal(of: forged) == nil)
      let unknown = AccessToken.random(using: &generator)
      #expect(try store.principal(of: unknown) == nil)
    }
  }

  @Test func `no file of the store holds a secret`() throws {
    try withStore { store, folder, _ in
      var generator = SystemRandomNumberGenerator()
      let token = try store.create(name: "a", role: .reader, by: "test", using: &generator)
      let secret = String(token.secret.suffix(64))
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let file = folder.appending(path: name)
        guard let data = try? Data(contentsOf: file) else { continue }
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
        if name.contains("sqlite") {
          let mode = try #require(FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int)
          #expect(mode & 0o077 == 0, "\(name) can be read by others: \(String(mode, radix: 8))")
        }
      }
    }
  }

  @Test func `the first token is made once, also after it was revoked`() throws {
    try withStore { store, _, _ in
      var generator = SystemRandomNumberGenerator()
      let first = try #require(try store.createFirst(using: &generator))
      #expect(try store.principal(of: first)?.role == .administrator)
      try store.revoke(first.id, by: "test")
      #expect(try store.createFirst(using: &generator) == nil)
    }
  }

  @Test func `names that would spoil a list are refused`() throws {
    try withStore { store, _, _ in
      var generator = SystemRandomNumberGenerator()
      for name in ["", "a\nb", "a\u{202E}b", String(repeating: "x", count: 81)] {
        #expect(throws: ServingError.badTokenName(name)) {
          try store.create(name: name, role: .reader, by: "test", using: &generator)
        }
      }
    }
  }
}

/// A clock that a test moves.
final class TestTime: @unchecked Sendable {
  private let lock = NSLock()
  private var seconds = 1_790_000_000.0

  var now: Date { lock.withLock { Date(timeIntervalSince1970: seconds) } }
  func advance(_ more: Double) { lock.withLock { seconds += more } }
}

import Foundation
import Testing
import Transfers

struct OriginTests {
  @Test(arguments: [
    ("https://example.org", "https://example.org:443/x", true),
    ("http://example.org:80/", "http://EXAMPLE.org", true),
    ("HTTPS://example.org", "https://example.org", true),
    ("https://[::1]:8443/a", "https://[::1]:8443", true),
    ("https://example.org", "http://example.org", false),
    ("https://example.org", "https://example.org:8443", false),
    ("https://example.org", "https://www.example.org", false),
    ("https://example.org", "https://example.org.evil.net", false),
    ("https://example.org", "https://example.org@evil.net", false),
    ("https://example.org", "https://evil.net/https://example.org", false),
  ])
  func `origins are compared whole`(_ a: String, _ b: String, _ areEqual: Bool) throws {
    let a = try #require(URL(string: a).flatMap(Origin.init))
    let b = try #require(URL(string: b).flatMap(Origin.init))
    #expect((a == b) == areEqual)
  }

  @Test(arguments: ["ftp://example.org", "file:///x", "x", "http://", "mailto:a@b"])
  func `what is no http address has no origin`(_ text: String) {
    #expect(URL(string: text).flatMap(Origin.init) == nil)
  }

  @Test(arguments: [
    ("https://ana:secret@example.org/a%20b?token=t#f", "https://example.org/a%20b"),
    ("http://127.0.0.1:8080/x?y", "http://127.0.0.1:8080/x"),
    ("http://[::1]:8080/", "http://[::1]:8080/"),
    ("ftp://ana:secret@host/x", "ftp:…"),
  ])
  func `an address for messages has no secrets`(_ url: String, _ shown: String) throws {
    #expect(try #require(URL(string: url)).withoutSecrets == shown)
  }

  @Test func `credentials do not print themselves`() throws {
    let url = try #require(URL(string: "https://example.org"))
    let credentials = try #require(OriginCredentials.basic(user: "MARK", password: "MARK", for: url))
    let bearer = try #require(OriginCredentials.bearer(token: "MARK", for: url))
    var dumped = ""
    dump([credentials, bearer], to: &dumped)
    let marks = ["MARK", Data("MARK:MARK".utf8).base64EncodedString()]
    for text in ["\(credentials)", "\(bearer)", String(reflecting: credentials), String(reflecting: [bearer]), dumped] {
      #expect(!marks.contains { text.contains($0) }, "\(text)")
    }
    var request = DownloadRequest(url: url)
    request.credentials = credentials
    #expect(!marks.contains { "\(request)".contains($0) })
  }
}

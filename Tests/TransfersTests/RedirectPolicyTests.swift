import Foundation
import Testing
import Transfers

struct RedirectPolicyTests {
  private func next(_ from: String, _ location: String) throws -> String {
    try RedirectPolicy.next(from: #require(URL(string: from)), location: location).absoluteString
  }

  @Test(arguments: [
    ("https://a.org/x/y?q=1", "z", "https://a.org/x/z"),
    ("https://a.org/x/y", "/z?k=v", "https://a.org/z?k=v"),
    ("https://a.org/x", "//b.org/z", "https://b.org/z"),
    ("http://a.org/x", "https://b.org/z#part", "https://b.org/z"),
    ("http://a.org/x", "http://b.org:81/z", "http://b.org:81/z"),
    ("https://a.org/x", "https://eve:evil@b.org/", "https://b.org/"),
  ])
  func `a redirect is resolved and cleaned`(_ from: String, _ location: String, _ expected: String) throws {
    #expect(try next(from, location) == expected)
  }

  @Test func `https is not left for http`() {
    let error = #expect(throws: TransferError.self) {
      try next("https://a.org/x?token=t", "http://a.org/y?token=t")
    }
    guard case .refusedRedirect("https://a.org/x", "http://a.org/y", _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://a.org/", "javascript:alert(1)", "http+unix://%2Frun%2Fx/"])
  func `other schemes are not followed`(_ location: String) {
    let error = #expect(throws: TransferError.self) { try next("http://a.org/", location) }
    guard case .refusedRedirect? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

import Foundation
import Testing
import Transfers

struct CookieJarTests {
  @Test func `cookies go back to their origin only, the last value counts`() throws {
    let url = try #require(URL(string: "https://a.org/x"))
    var jar = CookieJar()
    jar.store(["s=1; Path=/; HttpOnly", "t=a=b", "nonsense", "=x", "s=2; Domain=org"], from: url)
    #expect(jar.field(for: try #require(URL(string: "https://a.org:443/y?z"))) == "t=a=b; s=2")
    for other in ["http://a.org", "https://a.org:444", "https://b.a.org", "https://b.org"] {
      #expect(jar.field(for: try #require(URL(string: other))) == nil)
    }
  }

  @Test func `a server cannot fill the jar`() throws {
    let url = try #require(URL(string: "https://a.org/"))
    var jar = CookieJar()
    jar.store((0..<1000).map { "c\($0)=1" } + ["long=\(String(repeating: "x", count: 5000))"], from: url)
    #expect(jar.field(for: url)?.split(separator: ";").count == 50)
  }
}

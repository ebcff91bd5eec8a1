import Foundation
import Logging
import Serving
import Testing

@Suite struct ServingOptionsTests {
  private static func options(
    _ host: String, tls: Bool = false, behindProxy: Bool = false, legacyOpen: Bool = false
  ) -> ServingOptions {
    ServingOptions(
      host: host, certificate: tls ? URL(filePath: "/c.pem") : nil, key: tls ? URL(filePath: "/k.pem") : nil,
      behindProxy: behindProxy, legacyOpen: legacyOpen, store: URL(filePath: "/s"),
      project: URL(filePath: "/p"), program: URL(filePath: "/n"), logger: Logger(label: "test"))
  }

  @Test(arguments: ["127.0.0.1", "localhost", "::1", "127.8.0.1"])
  func `loopback needs nothing`(_ host: String) throws {
    try Self.options(host).validate()
    try Self.options(host, legacyOpen: true).validate()
  }

  @Test(arguments: ["0.0.0.0", "::", "192.168.1.2", "nefro.hospital", "127.0.0.1.evil.example", "127.0.0", ""])
  func `another address needs TLS or a proxy, and is never open`(_ host: String) throws {
    #expect(throws: ServingError.needsTLS(host: host)) { try Self.options(host).validate() }
    try Self.options(host, tls: true).validate()
    try Self.options(host, behindProxy: true).validate()
    #expect(throws: ServingError.legacyOpenBeyondLoopback(host: host)) {
      try Self.options(host, tls: true, legacyOpen: true).validate()
    }
  }

  @Test func `behind a proxy loopback is reached by others, so that nothing is open`() {
    #expect(throws: ServingError.legacyOpenBeyondLoopback(host: "127.0.0.1")) {
      try Self.options("127.0.0.1", behindProxy: true, legacyOpen: true).validate()
    }
  }

  @Test func `a certificate without its key is refused`() {
    var options = Self.options("127.0.0.1")
    options.certificate = URL(filePath: "/c.pem")
    #expect(throws: ServingError.incompleteTLS(missing: "--tls-key")) { try options.validate() }
  }
}

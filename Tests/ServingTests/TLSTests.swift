import Foundation
import LoopbackServers
import Serving
import TestSupport
import Testing
import Transfers

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
  @Test func `with a certificate the connection is encrypted, and in the clear nothing is answered`() async throws {
    try await withTemporaryFolder { folder in
      let (certificate, key, authority) = (
        folder.appending(path: "c.pem"), folder.appending(path: "k.pem"), folder.appending(path: "a.pem")
      )
      try TestCertificate.certificate.write(to: certificate, atomically: true, encoding: .utf8)
      try TestCertificate.key.write(to: key, atomically: true, encoding: .utf8)
      try TestCertificate.authority.write(to: authority, atomically: true, encoding: .utf8)
      try await TestServer.with(tls: (certificate, key)) { server in
        let url = try #require(URL(string: "https://127.0.0.1:\(server.port)/healthz"))
        let settings = APIClient.Settings(security: TransportSecurity(additionalCertificates: authority))
        let answer = try await APIClient.with(settings, for: url) { try await $0.send(APIRequest(.get, url)) }
        #expect(answer.status == 200)
        await #expect(throws: Wire.Fault.self) { try await Wire.send("GET", "/healthz", port: server.port) }
        let strict = APIClient.Settings(retries: RetryPolicy(attempts: 1))
        await #expect(throws: TransferError.self) {
          try await APIClient.with(strict, for: url) { try await $0.send(APIRequest(.get, url)) }
        }
      }
    }
  }

  @Test func `a certificate that cannot be used is an error before anything listens`() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "c.pem")
      try "nothing".write(to: file, atomically: true, encoding: .utf8)
      await #expect(throws: ServingError.self) {
        try await TestServer.with(tls: (file, file)) { _ in Issue.record("it listens") }
      }
    }
  }
}

import Serving
import Testing

@Suite struct AccessTokenTests {
  @Test func `a token is read back as it was written, and its description keeps the secret`() throws {
    var generator = SystemRandomNumberGenerator()
    let token = AccessToken.random(using: &generator)
    let again = try #require(AccessToken(token.secret))
    #expect(again.secret == token.secret && again.id == token.id)
    #expect(token.secret.utf8.count == 6 + 8 + 1 + 64)
    #expect(!"\(token) \(String(reflecting: token))".contains(token.secret.suffix(64)))
  }

  @Test(arguments: [
    "", "nefro", "nefro_12345678", "nefro_12345678_", "nefro_1234567_" + String(repeating: "a", count: 64),
    "nefro_1234567G_" + String(repeating: "a", count: 64), "Nefro_12345678_" + String(repeating: "a", count: 64),
    "nefro_12345678_" + String(repeating: "A", count: 64), "nefro_12345678_" + String(repeating: "a", count: 63),
    "nefro_12345678_" + String(repeating: "a", count: 64) + "_",
  ])
  func `what is no token is none`(_ text: String) {
    #expect(AccessToken(text) == nil)
  }

  @Test func `tokens differ in every part`() {
    var generator = SystemRandomNumberGenerator()
    let tokens = (0..<100).map { _ in AccessToken.random(using: &generator) }
    #expect(Set(tokens.map(\.id)).count == 100)
    for first in stride(from: 0, to: 64, by: 16) {
      let parts = tokens.map { String($0.secret.suffix(64).dropFirst(first).prefix(16)) }
      #expect(Set(parts).count == 100)
    }
  }
}

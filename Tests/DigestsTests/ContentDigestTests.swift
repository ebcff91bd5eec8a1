import Digests
import Foundation
import TestSupport
import Testing

@Suite struct ContentDigestTests {
  /// FIPS 180-4's example: the digest of "abc".
  let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func `the digest of abc is the published one, whole, streamed and from a file`() throws {
    #expect(ContentDigest(of: "abc").hex == abc)
    var streamed = StreamingDigest()
    streamed.update(Data("a".utf8))
    streamed.update(Data("bc".utf8))
    #expect(streamed.finalize().hex == abc)
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "abc")
      try Data("abc".utf8).write(to: file)
      #expect(try ContentDigest(ofFile: file).hex == abc)
      #expect(try md5Hex(ofFile: file) == "900150983cd24fb0d6963f7d28e17f72")
    }
  }

  @Test func `text that is no digest is refused, upper case is accepted`() {
    #expect(ContentDigest(hex: String(abc.dropLast())) == nil)
    #expect(ContentDigest(hex: String(abc.dropLast()) + "g") == nil)
    #expect(ContentDigest(hex: abc.uppercased())?.hex == abc)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ContentDigest.self, from: Data(#""abc""#.utf8))
    }
  }
}

import Testing
import Transfers

struct ContentRangeTests {
  @Test func `ranges are read`() throws {
    let range = try #require(ContentRange("bytes 70-99/100"))
    #expect(range.bytes == 70...99)
    #expect(range.total == 100)
    let open = try #require(ContentRange("Bytes 0-0/*"))
    #expect(open.bytes == 0...0)
    #expect(open.total == nil)
    let unsatisfied = try #require(ContentRange("bytes */100"))
    #expect(unsatisfied.bytes == nil)
    #expect(unsatisfied.total == 100)
  }

  @Test(arguments: [
    "", "bytes", "bytes 1-2", "items 1-2/3", "bytes 2-1/3", "bytes 1-3/3", "bytes -1-2/3", "bytes +1-2/3",
    "bytes 1-2/-3",
    "bytes */*", "bytes 1-/3", "bytes 1-2/3/4", "bytes 1-2-3/4", "bytes 0-9223372036854775807/*",
    "bytes 0-1/99999999999999999999", "bytes 0x1-2/3",
  ])
  func `what contradicts itself is not`(_ text: String) {
    #expect(ContentRange(text) == nil)
  }
}

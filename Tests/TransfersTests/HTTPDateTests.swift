import Foundation
import Testing
import Transfers

struct HTTPDateTests {
  @Test func `the date of the standard is read`() {
    #expect(HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT") == Date(timeIntervalSince1970: 784_111_777))
  }

  @Test(arguments: ["", "now", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994"])
  func `other texts are no date`(_ text: String) {
    #expect(HTTPDate.parse(text) == nil)
  }
}

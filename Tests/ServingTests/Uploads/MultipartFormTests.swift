import Foundation
import RandomStreams
import Serving
import Testing

@Suite struct MultipartFormTests {
  private static let pictures = [Data([1, 13, 10, 45, 45, 2]), Data(), Data("\r\n--".utf8), Data(repeating: 13, count: 300)]

  @Test func `a form is taken apart into what it was put together from`() throws {
    let body = Bodies.form(Self.pictures, fields: [("study", "true"), ("empty", "")])
    let form = try MultipartForm(body, boundary: Bodies.boundary, limit: 10)
    #expect(form.parts.map(\.name) == ["study", "empty"] + Array(repeating: "images", count: 4))
    #expect(form.parts.map(\.isFile) == [false, false, true, true, true, true])
    #expect(form.parts.map(\.content) == [Data("true".utf8), Data()] + Self.pictures)
    // Text before the first boundary and behind the last one means nothing.
    let wrapped = try MultipartForm(
      Data("a preamble\r\n".utf8) + body + Data("an epilogue".utf8), boundary: Bodies.boundary, limit: 10)
    #expect(wrapped == form)
  }

  @Test func `a form that is cut short anywhere is refused`() throws {
    let body = Bodies.form(Self.pictures, fields: [("study", "true")])
    // What follows the last two hyphens means nothing.
    for length in 0..<body.count - 2 {
      #expect(throws: Problem.self, "\(length) of \(body.count)") {
        try MultipartForm(body.prefix(length), boundary: Bodies.boundary, limit: 10)
      }
    }
  }

  @Test func `whatever is changed in a form, it is read or refused`() throws {
    let body = Bodies.form(Self.pictures, fields: [("study", "true")])
    var stream = RandomStream(seed: 11, RandomStream.number(of: "forms"))
    var refused = 0
    for _ in 0..<3000 {
      var changed = body
      for _ in 0...(stream.next() % 3) {
        changed[Int(stream.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: stream.next())
      }
      do {
        let form = try MultipartForm(changed, boundary: Bodies.boundary, limit: 10)
        #expect(form.parts.reduce(0) { $0 + $1.content.count } <= changed.count)
      } catch is Problem {
        refused += 1
      }
    }
    #expect(refused > 100 && refused < 2900)
  }

  @Test func `more parts than allowed are refused`() throws {
    let body = Bodies.form(Self.pictures)
    #expect(try MultipartForm(body, boundary: Bodies.boundary, limit: 4).parts.count == 4)
    #expect(throws: Problem.self) { try MultipartForm(body, boundary: Bodies.boundary, limit: 3) }
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "multipart/form-data", "abc"),
    ("Multipart/Form-Data;boundary=\"a;b c\"; charset=x", "multipart/form-data", "a;b c"),
    ("multipart/form-data; BOUNDARY=\"a\\\"b\"", "multipart/form-data", "a\"b"),
  ])
  func `content types are read with their parameters`(_ header: String, _ name: String, _ boundary: String) {
    let type = ContentType(header)
    #expect(type.name == name && type.parameters["boundary"] == boundary)
  }
}

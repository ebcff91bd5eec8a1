import Foundation
import RandomStreams
import Serving
import Testing

/// The reader of JSON that brings pictures, beside Foundation's, which makes values of everything.
@Suite struct PictureDocumentTests {
  /// What a document means.
  private struct Meaning: Equatable, Decodable {
    var image: String?
    var images: [String]?
    var study: Bool?
  }

  /// - Returns: nil for what is refused.
  private static func read(_ body: Data, limit: Int = 100) -> Meaning? {
    guard let document = try? PictureDocument(body, limit: limit) else { return nil }
    func text(_ text: JSONText) -> String { text.ascii.map { plain(String(decoding: $0, as: UTF8.self)) } ?? beyond }
    return Meaning(image: document.image.map(text), images: document.images.map(text), study: document.isStudy)
  }

  private static func expected(_ body: Data) -> Meaning? {
    guard var meaning = try? JSONDecoder().decode(Meaning.self, from: body),
      // The decoder does not look at numbers that it does not need.
      (try? JSONSerialization.jsonObject(with: body)) != nil
    else { return nil }
    meaning.image = meaning.image.map(plain)
    meaning.images = (meaning.images ?? []).map(plain)
    return meaning
  }

  /// Foundation takes a comma behind the last value, which is no JSON.
  private static func endsWithComma(_ text: String) -> Bool { text.contains(/,\s*[\]}]/) }

  private static let beyond = "beyond ASCII"
  private static func plain(_ text: String) -> String { text.utf8.allSatisfy { $0 < 0x80 } ? text : beyond }

  private static let whole =
    #" { "image" : "QUJD\/+==", "x": {"a": [1, -0.5e+1, 0, null, true, false, "é\"\\", []], "b": {}}, "#
    + #""images": ["", "\u0041\u002b\n\t\b\f\r", "data:,QQ=="], "study": true } "#

  @Test func `what it reads is what Foundation reads`() throws {
    let meaning = try #require(Self.read(Data(Self.whole.utf8)))
    #expect(meaning == Self.expected(Data(Self.whole.utf8)))
    #expect(meaning.image == "QUJD/+==" && meaning.images?[1] == "A+\n\t\u{8}\u{c}\r" && meaning.study == true)
    // A part of a larger body has indices of its own.
    let part = Data("before".utf8) + Data(Self.whole.utf8) + Data("behind".utf8)
    #expect(Self.read(part.dropFirst(6).dropLast(6)) == meaning)
    #expect(Self.read(Data([0xEF, 0xBB, 0xBF]) + Data(Self.whole.utf8)) == meaning)
  }

  @Test(arguments: [
    "{}", "{\"image\":null,\"images\":null,\"study\":null}", "{\"images\":[]}", "{\"im\\u0061ge\":\"a\"}",
    "{\"\":{\"\":[[]]}}", "{\"study\":false}", "{\"x\":-0}", "{\"x\":1E5}", "{\"Image\":3}",
    "{\"x\":\"\\ud83d\\ude00\"}",
  ])
  func `what is right is read`(_ text: String) throws {
    let meaning = try #require(Self.read(Data(text.utf8)))
    #expect(meaning == Self.expected(Data(text.utf8)))
  }

  @Test(arguments: [
    "", " ", "null", "[]", "3", "\"image\"", "{", "}", "{]", "{\"image\"}", "{\"image\":}", "{\"image\":3}",
    "{\"image\":true}", "{\"image\":[]}", "{\"image\":\"a}", "{\"image\":\"a\\\"}", "{\"image\":\"\\x\"}",
    "{\"image\":\"\\u12\"}", "{\"image\":\"\\u12g4\"}", "{\"image\":\"a\nb\"}", "{\"images\":\"a\"}",
    "{\"images\":[null]}", "{\"images\":[\"a\",]}", "{\"images\":[\"a\"", "{\"study\":\"true\"}", "{\"study\":1}",
    "{\"study\":tru}", "{\"x\":01}", "{\"x\":1.}", "{\"x\":.5}", "{\"x\":+1}", "{\"x\":1e}", "{\"x\":-}", "{\"x\":nul}",
    "{\"x\":1,}", "{,}", "{image:\"a\"}", "{'image':'a'}", "{\"x\":1}{}", "{\"x\":1} x", "{\"x\" 1}",
    "{\"x\":1 \"y\":2}",
  ])
  func `what is wrong is refused`(_ text: String) {
    #expect(throws: JSONFault.self) { try PictureDocument(Data(text.utf8), limit: 100) }
    if !Self.endsWithComma(text) { #expect(Self.expected(Data(text.utf8)) == nil, "Foundation refuses it as well") }
  }

  @Test func `cut short anywhere, it is refused`() {
    let body = Data(Self.whole.trimmingCharacters(in: .whitespaces).utf8)
    for length in 0..<body.count {
      #expect(throws: JSONFault.self, "\(length) of \(body.count)") { try PictureDocument(body.prefix(length), limit: 100) }
    }
  }

  @Test func `whatever is changed in it, it means what Foundation says, or both refuse it`() {
    var stream = RandomStream(seed: 11, RandomStream.number(of: "picture documents"))
    let whole = Array(Self.whole.utf8)
    let pieces = Array(#"{}[]":,\/u0019.eE+-truefalsn ab"#.utf8) + [9, 10, 31]
    var read = 0
    for number in 0..<20_000 {
      var bytes = whole
      for _ in 0...(stream.next() % 3) {
        let (place, piece) = (Int(stream.next() % UInt64(bytes.count)), pieces[Int(stream.next() % UInt64(pieces.count))])
        switch stream.next() % 3 {
        case 0: bytes[place] = piece
        case 1: bytes.insert(piece, at: place)
        default: bytes.remove(at: place)
        }
      }
      let body = Data(bytes)
      // Texts beyond ASCII are not checked here.
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      // Nor is it asked whether a number fits.
      if text.contains(/[eE][+-]?\d{3}/) || Self.endsWithComma(text) { continue }
      // Which of two with one name counts differs from reader to reader; here none does.
      if ["image", "images", "study"].contains(where: { text.components(separatedBy: "\"\($0)\"").count > 2 }) { continue }
      let meaning = Self.read(body)
      #expect(meaning == Self.expected(body), "change \(number) of seed 11: \(text)")
      if meaning != nil { read += 1 }
    }
    #expect(read > 2000, "some changes harm nothing")
  }

  @Test func `values within values, names that stand twice and too many pictures are refused`() throws {
    func nested(_ depth: Int) -> Data {
      Data(("{\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}").utf8)
    }
    #expect(Self.read(nested(64)) != nil)
    #expect(throws: JSONFault.self) { try PictureDocument(nested(65), limit: 1) }
    #expect(throws: JSONFault.self) { try PictureDocument(Data("{\"image\":\"a\",\"image\":\"b\"}".utf8), limit: 1) }
    #expect(throws: Problem.self) { try PictureDocument(Data("{\"images\":[\"a\",\"b\"]}".utf8), limit: 1) }
    // The report's route knows one name, whatever others mean elsewhere.
    let other = try PictureDocument(Data("{\"images\":3,\"image\":\"a\",\"study\":[],\"images\":{}}".utf8), limit: nil)
    #expect(other.image?.ascii == Data("a".utf8) && other.images.isEmpty && other.isStudy == nil)
  }
}

import Foundation
import NeuralNetworks
import RandomStreams
import Testing

/// Files that are wrong in one way each, and files that are wrong at random.
@Suite struct SafetensorsHeaderTests {
  private func header(_ file: Data) throws -> SafetensorsHeader {
    try file.withUnsafeBytes { try SafetensorsHeader(of: $0, path: "model") }
  }

  private func header(_ json: String, data: Int = 8) throws -> SafetensorsHeader {
    try header(encoded(json, data: data))
  }

  private static func tensor(
    dtype: String = "\"F32\"", shape: String = "[2]", offsets: String = "[0,8]", name: String = "a"
  ) -> String {
    "\"\(name)\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test(arguments: [
    "{\(tensor())}", "{ \(tensor()) \n}\t\r  ", "{\(tensor()),\"__metadata__\":{}}",
    "{\"__metadata__\":{\"\\u00e9\\ud83d\\ude00\":\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"},\(tensor())}",
    #"{"a":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}"#,
    "{\(tensor(shape: "[]", offsets: "[0,4]")),\(tensor(shape: "[1]", offsets: "[4,8]", name: "b"))}",
    "{\(tensor(shape: "[1]", offsets: "[4,8]")),\(tensor(shape: "[1]", offsets: "[0,4]", name: "b"))}",
    "{\(tensor()),\(tensor(shape: "[0,5]", offsets: "[8,8]", name: "b"))}",
    "{\(tensor()),\(tensor(shape: "[0]", offsets: "[0,0]", name: "c"))}",
    "{\(tensor(dtype: "\"I64\"", shape: "[1,1,1]"))}", "{\(tensor(dtype: "\"BF16\"", shape: "[2,2]"))}",
  ])
  func `a good header is read`(json: String) throws {
    #expect(try header(json).entries["a"] != nil)
  }

  @Test func `a file without tensors is a file`() throws {
    #expect(try header("{}", data: 0).entries.isEmpty)
    #expect(try header(#"{"__metadata__":{"k":"v"}}"#, data: 0).metadata == ["k": "v"])
  }

  @Test func `escapes in names and metadata are decoded`() throws {
    let found = try header(#"{"__metadata__":{"\u00e9\ud83d\ude00":"\b\f\n\r\t\/\\\""}}"#, data: 0)
    #expect(found.metadata == ["é😀": "\u{08}\u{0C}\n\r\t/\\\""])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let json: String
    let reason: String
    var data = 8
    var testDescription: String { json }
  }

  static let bad: [Bad] = [
    Bad(json: "", reason: "does not begin with '{'"), Bad(json: " {}", reason: "does not begin with '{'", data: 0),
    Bad(json: "[]", reason: "does not begin with '{'"), Bad(json: "{", reason: "'\"' is missing"),
    Bad(json: "{\(tensor())", reason: "'}' is missing"), Bad(json: "{\(tensor()),}", reason: "'\"' is missing"),
    Bad(json: "{\(tensor())}}", reason: "something follows"), Bad(json: "{\(tensor())}\0", reason: "something follows"),
    Bad(json: "{\(tensor())}{}", reason: "something follows"),
    Bad(json: "{\(tensor()),\(tensor())}", reason: "'a' is given twice"),
    Bad(json: "{\"__metadata__\":{},\"__metadata__\":{}}", reason: "'__metadata__' is given twice", data: 0),
    Bad(json: #"{"__metadata__":{"k":"1","k":"2"}}"#, reason: "'k' is given twice in the metadata", data: 0),
    Bad(json: #"{"__metadata__":{"k":1}}"#, reason: "'\"' is missing", data: 0),
    Bad(json: #"{"__metadata__":{"k":null}}"#, reason: "'\"' is missing", data: 0),
    Bad(json: #"{"a":[]}"#, reason: "'{' is missing"), Bad(json: #"{"a":{}}"#, reason: "needs dtype, shape"),
    Bad(json: #"{"a":{"dtype":"F32","shape":[2]}}"#, reason: "needs dtype, shape and data_offsets"),
    Bad(json: #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, reason: "one twice: 'dtype'"),
    Bad(json: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":0}}"#, reason: "unknown field"),
    Bad(json: "{\(tensor(dtype: "\"F33\""))}", reason: "unknown type 'F33'"),
    Bad(json: "{\(tensor(dtype: "\"f32\""))}", reason: "unknown type 'f32'"),
    Bad(json: "{\(tensor(dtype: "32"))}", reason: "'\"' is missing"),
    Bad(json: "{\(tensor(shape: "[-2]"))}", reason: "a number without sign is missing"),
    Bad(json: "{\(tensor(shape: "[2.0]"))}", reason: "']' is missing"),
    Bad(json: "{\(tensor(shape: "[2e0]"))}", reason: "']' is missing"),
    Bad(json: "{\(tensor(shape: "[02]"))}", reason: "begins with 0"),
    Bad(json: "{\(tensor(shape: "[2,]"))}", reason: "a number without sign is missing"),
    Bad(json: "{\(tensor(shape: "[[2]]"))}", reason: "a number without sign is missing"),
    Bad(json: "{\(tensor(shape: "[9223372036854775808]"))}", reason: "a number is too large"),
    Bad(json: "{\(tensor(shape: "[99999999999999999999999]"))}", reason: "a number is too large"),
    Bad(json: "{\(tensor(shape: "[4294967296,4294967296]"))}", reason: "impossible shape"),
    Bad(json: "{\(tensor(shape: "[4294967296,4294967296,0]", offsets: "[0,0]"))}", reason: "impossible shape", data: 0),
    Bad(json: "{\(tensor(shape: "[4611686018427387904]", offsets: "[0,0]"))}", reason: "not its shape", data: 0),
    Bad(json: "{\(tensor(shape: "[3]"))}", reason: "which is not its shape"),
    Bad(json: "{\(tensor(dtype: "\"F64\""))}", reason: "which is not its shape"),
    Bad(json: "{\(tensor(offsets: "[8,0]"))}", reason: "two data_offsets in order"),
    Bad(json: "{\(tensor(offsets: "[0]"))}", reason: "two data_offsets in order"),
    Bad(json: "{\(tensor(offsets: "[0,8,8]"))}", reason: "two data_offsets in order"),
    Bad(json: "{\(tensor(offsets: "[0,9223372036854775807]"))}", reason: "which is not its shape"),
    Bad(json: "{\(tensor(offsets: "[4,12]"))}", reason: "expected 0", data: 12),
    Bad(json: "{\(tensor()),\(tensor(offsets: "[0,8]", name: "b"))}", reason: "expected 8"),
    Bad(json: "{\(tensor()),\(tensor(offsets: "[4,12]", name: "b"))}", reason: "expected 8", data: 12),
    Bad(json: "{\(tensor()),\(tensor(offsets: "[12,20]", name: "b"))}", reason: "expected 8", data: 20),
    Bad(json: "{\(tensor())}", reason: "its tensors take 8 bytes, and the file has 7", data: 7),
    Bad(json: "{\(tensor())}", reason: "its tensors take 8 bytes, and the file has 9", data: 9),
    Bad(json: #"{"\ud83d":{}}"#, reason: "half a character"), Bad(json: #"{"\ude00":{}}"#, reason: "half a character"),
    Bad(json: #"{"\ud83d\u0041":{}}"#, reason: "half a character"), Bad(json: #"{"\x":{}}"#, reason: "unknown escape"),
    Bad(json: #"{"\u00g0":{}}"#, reason: "four hexadecimal digits"),
    Bad(json: "{\"\n\":{}}", reason: "control character"),
    Bad(json: "{\"", reason: "a text does not end"), Bad(json: "{\"\\", reason: "a text does not end"),
    Bad(json: "{\"\\u00", reason: "four hexadecimal digits"),
  ]

  @Test(arguments: bad)
  func `a bad header is refused with its reason`(bad: Bad) {
    let error = #expect(throws: NeuralNetworkError.self) { try header(bad.json, data: bad.data) }
    guard case .invalidSafetensors(path: "model", let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains(bad.reason), "\(reason)")
  }

  @Test func `a text that is not UTF-8 is refused`() {
    let bytes: [UInt8] = Array("{\"".utf8) + [0xC3, 0x28] + Array("\":{}}".utf8)
    let file = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Data($0) } + Data(bytes)
    #expect(throws: NeuralNetworkError.invalidSafetensors(path: "model", reason: "a text is not UTF-8, at byte 13")) {
      try header(file)
    }
  }

  @Test(arguments: [UInt64.max, .max - 7, 1 << 63, 1 << 62, 100_000_001, 100_000_000, 61, 3] as [UInt64])
  func `a length that is not the header's is refused`(length: UInt64) {
    var file = encoded("{\(Self.tensor())}", data: 8)
    file.replaceSubrange(0..<8, with: withUnsafeBytes(of: length.littleEndian) { Data($0) })
    #expect(throws: NeuralNetworkError.self) { try header(file) }
  }

  @Test func `a hundred thousand brackets do not exhaust the stack`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: NeuralNetworkError.self) { try header("{\(Self.tensor(shape: deep))}") }
    let objects = String(repeating: "{\"a\":", count: 100_000)
    #expect(throws: NeuralNetworkError.self) { try header(objects) }
  }

  private let whole = encoded(
    "{\"__metadata__\":{\"format\":\"\\u00e9\"},\(tensor()),"
      + "\(tensor(shape: "[1,3]", offsets: "[8,20]", name: "b/c"))}   ",
    data: 20)

  @Test func `a file cut short anywhere is refused`() throws {
    _ = try header(whole)
    for count in 0..<whole.count {
      #expect(throws: NeuralNetworkError.self, "cut to \(count) bytes") { try header(whole.prefix(count)) }
    }
  }

  @Test func `a header of any shorter length is refused`() throws {
    let length = whole.count - 28
    // The blanks at the end may be missing, if the tensors then still fill the file: they do not.
    for shorter in 0..<length {
      var file = whole
      file.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(shorter).littleEndian) { Data($0) })
      #expect(throws: NeuralNetworkError.self, "length \(shorter)") { try header(file) }
    }
  }

  /// Whatever is read without an error must be safe to use: every tensor inside the file, with the size of its shape.
  private func checkIsSafe(_ file: Data, _ comment: Comment) {
    do {
      let header = try header(file)
      for (_, entry) in header.entries {
        #expect(header.dataStart + entry.bytes.upperBound <= file.count, comment)
        #expect(elementCount(of: entry.shape).map { $0 * entry.type.byteCount } == entry.bytes.count, comment)
      }
    } catch is NeuralNetworkError {
    } catch {
      Issue.record(error, comment)
    }
  }

  @Test func `flipping any single bit gives an error or a file that is safe`() {
    for position in 0..<whole.count * 8 {
      var file = whole
      file[position / 8] ^= 1 << UInt8(position % 8)
      checkIsSafe(file, "bit \(position)")
    }
  }

  @Test func `random damage gives an error or a file that is safe`() {
    // A failure names the seed that repeats it.
    for seed in 0..<4000 as Range<UInt64> {
      var stream = RandomStream(seed: seed)
      var file = whole
      for _ in 0...stream.index(below: 4) {
        let position = stream.index(below: file.count)
        switch stream.index(below: 5) {
        case 0: file[position] ^= 1 << UInt8(stream.index(below: 8))
        case 1: file[position] = UInt8(stream.index(below: 256))
        case 2: file.remove(at: position)
        case 3: file.insert("0123456789[]{}\",:".utf8.randomElement(using: &stream) ?? 0, at: position)
        default:
          let end = min(position + stream.index(below: 9), file.count)
          file.insert(contentsOf: file[position..<end], at: stream.index(below: file.count))
        }
        file = Data(file)
      }
      checkIsSafe(file, "seed \(seed)")
    }
  }

  @Test func `digits replaced by huge numbers give an error and no overflow`() {
    let numbers = [
      "0", "1", "9223372036854775807", "4611686018427387904", "2305843009213693952", "18446744073709551615",
    ]
    for a in numbers {
      for b in numbers {
        for c in numbers {
          checkIsSafe(
            encoded("{\(Self.tensor(shape: "[\(a),\(b)]", offsets: "[\(c),\(b)]"))}", data: 8), "\(a) \(b) \(c)")
        }
      }
    }
  }
}

import Archives
import Foundation
import TestSupport
import Testing

@Suite struct HostileArchiveTests {
  static let unsafePaths = [
    "../evil", "a/../../evil", "a/..", "/etc/passwd", "a\\..\\evil", "C:evil", "c:/evil", "a\u{1B}[2Jb", "a\nb",
    String(repeating: "x", count: 256), String(repeating: "abc/", count: 1001) + "x",
  ]

  @Test(arguments: unsafePaths) func `a zip that climbs out, or hides its path, is refused`(_ path: String) throws {
    try expectRefusal(of: HandMadeZip(items: [.init(name: "good"), .init(name: path, content: [1])]).bytes()) {
      // libarchive itself turns a zip's backslashes into slashes.
      if case .unsafePath(_, let entry, _) = $0 { entry == path || entry == path.replacing("\\", with: "/") } else { false }
    }
  }

  @Test(arguments: unsafePaths.filter { $0.utf8.count < 100 })
  func `a tar that climbs out, or hides its path, is refused`(_ path: String) throws {
    try expectRefusal(of: HandMadeTar(items: [.init(name: "good"), .init(name: path, content: [1])]).bytes()) {
      if case .unsafePath(_, path, _) = $0 { true } else { false }
    }
  }

  @Test func `a message about a hostile name moves no cursor`() throws {
    let error = ArchiveError.unsafePath(archive: "x.zip", entry: "a\u{1B}[2J\u{9B}b", reason: "contains control characters")
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
  }

  @Test func `a name that is not UTF-8 is refused`() throws {
    var bytes = HandMadeTar(items: [.init(name: "a?b")]).bytes()
    bytes[1] = 0xF1
    let sum = bytes[..<148].reduce(0) { $0 + Int($1) } + 8 * 32 + bytes[156..<512].reduce(0) { $0 + Int($1) }
    bytes.replaceSubrange(148..<154, with: Array(String(sum, radix: 8).utf8.reversed() + [48, 48, 48]).prefix(6).reversed())
    try expectRefusal(of: bytes) { if case .unsafePath(_, _, "is not UTF-8 text") = $0 { true } else { false } }
  }

  @Test(arguments: ["1", "2"]) func `links in a tar are refused, hard and symbolic`(_ type: Character) throws {
    let items: [HandMadeTar.Item] = [
      .init(name: "a", content: [1]), .init(name: "l", type: type, target: "a"), .init(name: "b", content: [1]),
    ]
    try expectRefusal(of: HandMadeTar(items: items).bytes()) {
      if case .forbiddenKind(_, "l", .link) = $0 { true } else { false }
    }
  }

  @Test func `a link in a zip is refused`() throws {
    let link = HandMadeZip.Item(name: "l", content: Array("/etc/passwd".utf8), mode: 0o120777)
    try expectRefusal(of: HandMadeZip(items: [link]).bytes()) {
      if case .forbiddenKind(_, "l", .link) = $0 { true } else { false }
    }
  }

  @Test(arguments: ["3", "4", "6"]) func `devices and pipes are refused`(_ type: Character) throws {
    try expectRefusal(of: HandMadeTar(items: [.init(name: "dev", type: type)]).bytes()) {
      if case .forbiddenKind(_, "dev", .special) = $0 { true } else { false }
    }
  }

  @Test func `too many entries are refused`() throws {
    let tar = HandMadeTar(items: (0..<6).map { .init(name: "f\($0)") }).bytes()
    let zip = HandMadeZip(items: (0..<6).map { .init(name: "f\($0)") }).bytes()
    for bytes in [tar, zip] {
      try expectRefusal(of: bytes, limits: ArchiveLimits(maximumEntries: 5)) {
        if case .tooManyEntries(_, 5) = $0 { true } else { false }
      }
    }
  }

  @Test func `too many declared bytes are refused before any is written`() throws {
    let tar = HandMadeTar(items: [.init(name: "a", content: [1, 2, 3]), .init(name: "b", content: [4, 5, 6])]).bytes()
    try expectRefusal(of: tar, limits: ArchiveLimits(maximumBytes: 5)) {
      if case .tooManyBytes(_, 5) = $0 { true } else { false }
    }
    let huge = HandMadeTar(items: [.init(name: "a", declaredSize: 8_000_000_000)]).bytes()
    try expectRefusal(of: huge, limits: ArchiveLimits(maximumBytes: 1 << 30, maximumRatio: .infinity)) {
      if case .tooManyBytes(_, 1_073_741_824) = $0 { true } else { false }
    }
  }

  @Test func `a zip bomb is refused by its declared ratio`() throws {
    let count = 258 * 40_000 + 1
    let bomb = HandMadeZip.Item(
      name: "zeros", content: deflatedZeros(count), method: 8, declaredSize: UInt32(count), checksum: 0)
    // Ballast makes the archive as a whole look harmless.
    let ballast = HandMadeZip.Item(name: "ballast", content: (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    try expectRefusal(of: HandMadeZip(items: [bomb, ballast]).bytes()) {
      if case .ratioTooHigh(_, "zeros", let ratio, 200) = $0 { ratio > 600 && ratio < 1033 } else { false }
    }
  }

  @Test func `a gzip bomb is refused by its declared size, before it is unpacked`() throws {
    let count = 258 * 40_000 + 1
    var tar = HandMadeTar(items: [.init(name: "zeros", declaredSize: count)]).bytes()
    tar.removeLast(1024)
    // A stored block with the tar's header, then the block of zeros.
    let blocks: [UInt8] = [0] + little(tar.count, 2) + little(~tar.count & 0xFFFF, 2) + tar + deflatedZeros(count)
    try expectRefusal(of: gzip(deflate: blocks, checksum: 0, count: 0)) {
      if case .ratioTooHigh(_, nil, let ratio, 200) = $0 { ratio > 600 } else { false }
    }
  }

  @Test func `a zip whose file unpacks to more than both headers declare is stopped`() throws {
    let count = 258 * 40_000 + 1
    let liar = HandMadeZip.Item(name: "small", content: deflatedZeros(count), method: 8, declaredSize: 100, checksum: 0)
    try expectRefusal(of: HandMadeZip(items: [liar]).bytes()) {
      if case .forged(_, "small", let reason) = $0 { reason.contains("more than the declared 100") } else { false }
    }
  }

  @Test func `a zip whose file unpacks to less than declared is refused`() throws {
    let liar = HandMadeZip.Item(name: "small", content: deflatedZeros(259), method: 8, declaredSize: 300, checksum: 0)
    try expectRefusal(of: HandMadeZip(items: [.init(name: "first", content: [1]), liar]).bytes()) { _ in true }
  }

  @Test func `a wrong checksum is refused`() throws {
    try expectRefusal(of: HandMadeZip(items: [.init(name: "a", content: [1, 2, 3], checksum: 7)]).bytes()) {
      if case .damaged(_, let reason) = $0 { reason.localizedCaseInsensitiveContains("crc") } else { false }
    }
  }

  @Test func `files that share packed bytes are refused`() throws {
    let first = HandMadeZip.Item(name: "a", content: [1, 2, 3])
    try expectRefusal(of: HandMadeZip(items: [first, .init(name: "a", content: [1, 2, 3], offset: 0)]).bytes()) {
      if case .forged(_, _, "files share the same packed bytes") = $0 { true } else { false }
    }
    // The quoted-overlap form: the second file lies inside the first one's bytes.
    let inner = HandMadeZip(items: [.init(name: "b", content: [9])]).bytes()
    let outer = HandMadeZip.Item(name: "a", content: inner)
    try expectRefusal(of: HandMadeZip(items: [outer, .init(name: "b", content: [9], offset: 31)]).bytes()) {
      if case .forged(_, "b", "files share the same packed bytes") = $0 { true } else { false }
    }
  }

  @Test func `headers that disagree are refused`() throws {
    try expectRefusal(of: HandMadeZip(items: [.init(name: "good", content: [1], localName: "evil")]).bytes()) {
      if case .forged(_, "good", let reason) = $0 { reason.contains("name") } else { false }
    }
    try expectRefusal(of: HandMadeZip(items: [.init(name: "a", content: [1], localSize: 5)]).bytes()) {
      if case .forged(_, "a", let reason) = $0 { reason.contains("size") } else { false }
    }
    try expectRefusal(of: HandMadeZip(items: [.init(name: "a", content: [1], declaredSize: 5)]).bytes()) {
      if case .forged(_, "a", let reason) = $0 { reason.contains("stored plainly") } else { false }
    }
    try expectRefusal(of: HandMadeZip(items: [.init(name: "a", content: [1], offset: 3)]).bytes()) {
      if case .forged(_, "a", let reason) = $0 { reason.contains("no file header") } else { false }
    }
  }

  @Test(arguments: [-1, 1]) func `a directory with a wrong count is refused`(_ lie: Int) throws {
    let items: [HandMadeZip.Item] = [.init(name: "a", content: [1]), .init(name: "b", content: [2])]
    try expectRefusal(of: HandMadeZip(items: items, countLie: lie).bytes()) {
      if case .damaged = $0 { true } else { false }
    }
  }

  @Test func `a second directory hidden in the comment is not believed`() throws {
    let decoy = HandMadeZip(items: [.init(name: "decoy", content: [1])]).bytes()
    let zip = HandMadeZip(items: [.init(name: "real", content: [2])], comment: Array(decoy.suffix(22))).bytes()
    try expectRefusal(of: zip) { if case .damaged = $0 { true } else { false } }
  }

  @Test func `the same path twice is refused, also in other words or as a folder`() throws {
    let pairs = [("a", "a"), ("a", "./a"), ("d/a", "d//a"), ("a", "a/b"), ("a/b", "a")]
    for (first, second) in pairs {
      let items: [HandMadeTar.Item] = [.init(name: first, content: [1]), .init(name: second, content: [2])]
      try expectRefusal(of: HandMadeTar(items: items).bytes()) {
        if case .duplicatePath = $0 { true } else { false }
      }
    }
  }

  @Test func `an encrypted zip is refused`() throws {
    let item = HandMadeZip.Item(name: "a", content: [UInt8](repeating: 7, count: 20), flags: 1, declaredSize: 8)
    try expectRefusal(of: HandMadeZip(items: [item]).bytes()) { if case .encrypted = $0 { true } else { false } }
  }

  @Test func `gzip within gzip is refused`() throws {
    let tar = HandMadeTar(items: [.init(name: "a", content: [1])]).bytes()
    try expectRefusal(of: gzip(gzip(tar))) {
      if case .damaged(_, let reason) = $0 { reason.contains("several times") } else { false }
    }
  }

  @Test func `a destination that cannot be made is an error that leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let archive = try save(HandMadeTar(items: [.init(name: "a", content: [1])]).bytes(), in: folder)
      let blocked = folder.appending(path: "file")
      try Data().write(to: blocked)
      #expect(throws: (any Error).self) { try Archive.extract(archive, to: blocked.appending(path: "out")) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["archive", "file"])
    }
  }
}

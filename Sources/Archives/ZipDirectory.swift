import Foundation

/// A zip file's central directory, read strictly and compared with the local headers.
///
/// A zip tells everything twice, and programs differ in which copy they believe. libarchive does not compare
/// the copies, nor notice files that share the same packed bytes, the trick behind bombs of petabytes
/// (David Fifield, "A better zip bomb", 2019). Layout: PKWARE APPNOTE 6.3, sections 4.3.6 to 4.3.16 and 4.5.3.
struct ZipDirectory {
  struct Item {
    var name: [UInt8]
    var flags: UInt16
    var method: UInt16
    var checksum: UInt32
    var packedBytes: UInt64
    var unpackedBytes: UInt64
    var offset: UInt64
  }

  /// In the order of their place in the file, which is the order in which libarchive gives them.
  let items: [Item]

  /// - Throws: `ArchiveError` if the directory is cut short, contradicts a local header, or its files overlap.
  init(_ url: URL, limits: ArchiveLimits) throws {
    let file = try ZipBytes(url)
    let end = try ZipEnd(file)
    guard end.count <= UInt64(limits.maximumEntries) else {
      throw ArchiveError.tooManyEntries(archive: file.path, limit: limits.maximumEntries)
    }
    guard end.size <= 256 << 20 else { throw file.damaged("its directory is larger than 256 MiB") }
    var cursor = ZipCursor(try file.read(at: end.start, count: end.size), file: file)
    var items: [Item] = []
    for _ in 0..<end.count { items.append(try Self.centralItem(&cursor)) }
    guard cursor.isAtEnd else { throw file.damaged("its directory holds more than the declared \(end.count) entries") }

    items.sort { $0.offset < $1.offset }
    var reached: UInt64 = 0
    for item in items {
      let name = String(decoding: item.name, as: UTF8.self)
      guard item.offset >= reached else {
        throw ArchiveError.forged(archive: file.path, entry: name, reason: "files share the same packed bytes")
      }
      reached = try Self.checkLocalHeader(of: item, named: name, in: file)
      guard reached <= end.start else {
        throw ArchiveError.forged(
          archive: file.path, entry: name, reason: "a file's packed bytes reach into the directory")
      }
    }
    self.items = items
  }

  private static func centralItem(_ cursor: inout ZipCursor) throws -> Item {
    guard try cursor.number(4) == 0x0201_4B50 else { throw cursor.file.damaged("its directory is malformed") }
    try cursor.skip(4)
    let flags = try cursor.number(2)
    let method = try cursor.number(2)
    try cursor.skip(4)
    let checksum = try cursor.number(4)
    var packed = try cursor.number(4)
    var unpacked = try cursor.number(4)
    let nameLength = try cursor.number(2)
    let extraLength = try cursor.number(2)
    let commentLength = try cursor.number(2)
    try cursor.skip(8)
    var offset = try cursor.number(4)
    let name = try cursor.bytes(nameLength)
    let extra = try cursor.bytes(extraLength)
    try cursor.skip(commentLength)
    var wide = try ZipCursor.wideFields(extra, file: cursor.file)
    if unpacked == UInt32.max { unpacked = try wide.next() }
    if packed == UInt32.max { packed = try wide.next() }
    if offset == UInt32.max { offset = try wide.next() }
    return Item(
      name: name, flags: UInt16(flags), method: UInt16(method), checksum: UInt32(checksum), packedBytes: packed,
      unpackedBytes: unpacked, offset: offset)
  }

  /// - Returns: the offset just after the file's packed bytes.
  private static func checkLocalHeader(of item: Item, named name: String, in file: ZipBytes) throws -> UInt64 {
    func forged(_ reason: String) -> ArchiveError {
      .forged(archive: file.path, entry: name, reason: reason)
    }
    var cursor = ZipCursor(try file.read(at: item.offset, count: 30), file: file)
    guard try cursor.number(4) == 0x0403_4B50 else { throw forged("the directory points to no file header") }
    try cursor.skip(2)
    let flags = try cursor.number(2)
    let method = try cursor.number(2)
    try cursor.skip(4)
    let checksum = try cursor.number(4)
    var packed = try cursor.number(4)
    var unpacked = try cursor.number(4)
    let nameLength = try cursor.number(2)
    let extraLength = try cursor.number(2)
    let variable = try file.read(at: item.offset + 30, count: nameLength + extraLength)
    guard Array(variable.prefix(Int(nameLength))) == item.name else { throw forged("two headers name it differently") }
    guard method == item.method else { throw forged("two headers disagree about its packing") }
    guard flags & 1 == item.flags & 1 else { throw forged("two headers disagree about its encryption") }

    // With bit 3 the sizes follow the packed bytes, and the header may leave them 0.
    let sizesFollow = flags & 8 != 0
    if unpacked == UInt32.max || packed == UInt32.max {
      var wide = try ZipCursor.wideFields(Array(variable.dropFirst(Int(nameLength))), file: file)
      if unpacked == UInt32.max { unpacked = try wide.next() }
      if packed == UInt32.max { packed = try wide.next() }
    }
    let same = packed == item.packedBytes && unpacked == item.unpackedBytes && checksum == item.checksum
    let empty = packed == 0 && unpacked == 0 && checksum == 0
    guard same || (sizesFollow && empty) else { throw forged("two headers disagree about its size or checksum") }
    if item.method == 0, item.flags & 1 == 0, item.packedBytes != item.unpackedBytes {
      throw forged("it is stored plainly, yet declares two different sizes")
    }
    if item.packedBytes == 0, item.unpackedBytes > 0 { throw forged("it declares content but holds none") }
    guard item.packedBytes <= file.size else { throw file.damaged("a file reaches beyond the archive's end") }
    return item.offset + 30 + nameLength + extraLength + item.packedBytes
  }
}

/// The record at a zip's end that says where its directory lies.
private struct ZipEnd {
  let start: UInt64
  let size: UInt64
  let count: UInt64

  init(_ file: ZipBytes) throws {
    let tailLength = min(file.size, 22 + 65_535)
    let tailStart = file.size - tailLength
    let tail = try file.read(at: tailStart, count: tailLength)
    guard let index = Self.place(in: tail) else { throw file.damaged("it has no zip directory at its end") }
    let place = tailStart + UInt64(index)
    var cursor = ZipCursor(Array(tail[index...]), file: file)
    try cursor.skip(4)
    let disk = try cursor.number(2)
    let directoryDisk = try cursor.number(2)
    let countHere = try cursor.number(2)
    let count = try cursor.number(2)
    let size = try cursor.number(4)
    let start = try cursor.number(4)
    if place >= 20, case let locator = try file.read(at: place - 20, count: 20),
      locator.prefix(4).elementsEqual([0x50, 0x4B, 0x06, 0x07])
    {
      self = try ZipEnd(wideLocator: locator, before: place, file: file)
      return
    }
    guard disk == 0, directoryDisk == 0, count == countHere else { throw file.damaged("it is one part of several") }
    try self.init(start: start, size: size, count: count, endsAt: place, file: file)
  }

  /// The record whose comment ends exactly at the file's end; another one would be believed by other programs.
  private static func place(in tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return (0...(tail.count - 22)).reversed().first { index in
      let comment = Int(tail[index + 20]) | Int(tail[index + 21]) << 8
      return index + 22 + comment == tail.count && tail[index...].starts(with: [0x50, 0x4B, 0x05, 0x06])
    }
  }

  private init(wideLocator locator: [UInt8], before end: UInt64, file: ZipBytes) throws {
    var cursor = ZipCursor(locator, file: file)
    try cursor.skip(8)
    let place = try cursor.number(8)
    guard place <= end - 20, end - 20 - place >= 56 else { throw file.damaged("its 64-bit directory record is misplaced") }
    var record = ZipCursor(try file.read(at: place, count: 56), file: file)
    guard try record.number(4) == 0x0606_4B50 else { throw file.damaged("its 64-bit directory record is missing") }
    try record.skip(20)
    let countHere = try record.number(8)
    let count = try record.number(8)
    guard count == countHere else { throw file.damaged("it is one part of several") }
    let size = try record.number(8)
    let start = try record.number(8)
    try self.init(start: start, size: size, count: count, endsAt: place, file: file)
  }

  private init(start: UInt64, size: UInt64, count: UInt64, endsAt place: UInt64, file: ZipBytes) throws {
    guard start <= place, size == place - start else {
      throw file.damaged("its directory does not lie where the archive's end says")
    }
    self.start = start
    self.size = size
    self.count = count
  }
}

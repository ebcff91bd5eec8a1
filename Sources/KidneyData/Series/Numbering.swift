/// The place of a picture in its source, as its file name tells it.
package struct NumberedName: Equatable {
  /// What comes before the last number: "Normal- (" of "Normal- (12).jpg".
  package let prefix: String
  /// The last number of the name without its suffix; nil without one, or with one of more than 18 digits.
  package let number: Int?

  /// - Parameter name: a file's name.
  package init(_ name: String) {
    let bytes = Array(name.utf8)
    let stem = bytes.lastIndex(of: UInt8(ascii: ".")).map { bytes[..<$0] } ?? bytes[...]
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard let last = stem.lastIndex(where: isDigit) else {
      prefix = String(decoding: stem, as: UTF8.self)
      number = nil
      return
    }
    var first = last
    while first > 0, isDigit(bytes[first - 1]) { first -= 1 }
    prefix = String(decoding: bytes[..<first], as: UTF8.self)
    let digits = last - first + 1
    number = digits <= 18 ? Int(String(decoding: bytes[first...last], as: UTF8.self)) : nil
  }
}

/// Pictures of one class whose names count on from each other, in that order.
struct Numbering {
  /// Indices of pictures in natural number order: '2' before '10'.
  var pictures: [Int]
  /// Of each of them.
  var numbers: [Int?]

  /// The numberings of a data set.
  ///
  /// Files of one class and one prefix are one numbering even if they lie in several folders, such as `train` and
  /// `test`, unless a number occurs in two of them: then each folder counts on its own.
  static func all(of records: [PictureRecord], among indices: [Int]) -> [Numbering] {
    struct Key: Hashable {
      var className: CodePointKey
      var prefix: CodePointKey
    }
    struct Item {
      var index: Int
      var folder: String
      var name: NumberedName
    }
    var groups: [Key: [Item]] = [:]
    var order: [Key] = []
    for index in indices {
      let record = records[index]
      let name = NumberedName(ClassFolders.lastPart(record.path))
      // Names without numbers are one numbering of a class: nothing else is known about them.
      let key = Key(
        className: CodePointKey(record.className), prefix: CodePointKey(name.number == nil ? "" : name.prefix))
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(Item(index: index, folder: ClassFolders.parent(record.path), name: name))
    }
    return order.flatMap { key -> [Numbering] in
      let items = groups[key] ?? []
      var foldersOf: [Int: Set<String>] = [:]
      for item in items {
        if let number = item.name.number { foldersOf[number, default: []].insert(item.folder) }
      }
      let overlap = foldersOf.values.contains { $0.count > 1 }
      let byFolder = Dictionary(grouping: items, by: \.folder).sorted { precedesByCodePoints($0.key, $1.key) }
      let parts = overlap ? byFolder.map(\.value) : [items]
      return parts.map { part in
        let sorted = part.sorted {
          ($0.name.number ?? -1, $0.index) < ($1.name.number ?? -1, $1.index)
        }
        return Numbering(pictures: sorted.map(\.index), numbers: sorted.map(\.name.number))
      }
    }
  }
}

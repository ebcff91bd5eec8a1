import Foundation

/// What the system says of this process's memory, from Linux's `/proc/self/smaps`.
struct MemoryMap {
  struct Mapping {
    let addresses: Range<UInt>
    /// Two letters each; `hg` is the advice to use large pages.
    var flags: Set<Substring> = []
  }

  let mappings: [Mapping]

  /// Nil where the system has no such file, or does not write advice into it.
  static func now() -> MemoryMap? {
    guard let file = FileHandle(forReadingAtPath: "/proc/self/smaps"), let data = try? file.readToEnd() else {
      return nil
    }
    var mappings: [Mapping] = []
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if let range = words.first.flatMap(addresses) {
        mappings.append(Mapping(addresses: range))
      } else if !mappings.isEmpty, words.first == "VmFlags:" {
        mappings[mappings.count - 1].flags = Set(words.dropFirst())
      }
    }
    return mappings.contains { !$0.flags.isEmpty } ? MemoryMap(mappings: mappings) : nil
  }

  /// The mapping that holds an address; nil if the process has none there.
  func mapping(of pointer: UnsafeRawPointer) -> Mapping? {
    mappings.first { $0.addresses.contains(UInt(bitPattern: pointer)) }
  }

  /// Bytes of all mappings.
  var total: Int { mappings.reduce(0) { $0 + $1.addresses.count } }

  /// Whether the system knows large pages at all and does not refuse them.
  static let knowsLargePages: Bool = {
    let setting = FileHandle(forReadingAtPath: "/sys/kernel/mm/transparent_hugepage/enabled")
    guard let text = try? setting?.readToEnd() else { return false }
    return !String(decoding: text, as: UTF8.self).contains("[never]") && now() != nil
  }()

  /// Such as `7f38c1200000-7f38c1a00000`.
  private static func addresses(_ word: Substring) -> Range<UInt>? {
    let ends = word.split(separator: "-")
    guard ends.count == 2, let start = UInt(ends[0], radix: 16), let end = UInt(ends[1], radix: 16), start < end else {
      return nil
    }
    return start..<end
  }
}

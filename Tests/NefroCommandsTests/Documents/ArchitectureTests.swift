import DocumentSupport
import Foundation
import TestSupport
import Testing

/// The rooms as `docs/architecture.md` and the manifest name them, against the folders and their imports.
@Suite struct ArchitectureTests {
  private static let rooms = try! FileManager.default.contentsOfDirectory(
    atPath: packageRoot.appending(path: "Sources").path
  ).filter { !$0.hasPrefix(".") }.sorted()

  private static let manifest = try! String(contentsOf: packageRoot.appending(path: "Package.swift"), encoding: .utf8)

  /// The part of the manifest that declares a room.
  private static func declaration(of room: String) throws -> Substring? {
    let start = try Regex("\\n    \\.(?:target|executableTarget|systemLibrary)\\(\\s*name: \"\(room)\"")
    guard let found = try start.firstMatch(in: manifest) else { return nil }
    let rest = manifest[found.range.upperBound...]
    // Targets stand four spaces in, what belongs to them further.
    return rest[..<(rest.range(of: "\n    .")?.lowerBound ?? rest.endIndex)]
  }

  @Test func `the table of rooms has every room, and no other`() throws {
    let table = try #require(Document("docs/architecture.md").tables.first)
    let named = table.dropFirst().flatMap { row in
      Document(path: "row", text: Document.cells(row)[0]).codeSpans
    }
    #expect(named.sorted() == Self.rooms)
  }

  @Test(arguments: rooms) func `what a room imports is declared, so that it is compiled again when that changes`(
    room: String
  ) throws {
    let folder = packageRoot.appending(path: "Sources/\(room)")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
    var imported: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /(?m)^(?:@\w+ )?(?:public |package )?import (?:\w+ )?(\w+)/) {
        imported.insert(String(match.1))
      }
    }
    let own = imported.intersection(Self.rooms)
    let declaration = try #require(try Self.declaration(of: room), "\(room) is no target of Package.swift")
    let missing = own.filter { !declaration.contains("\"\($0)\"") }
    #expect(missing.isEmpty)
  }
}

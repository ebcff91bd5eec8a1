import Foundation
import TestSupport

/// A Markdown file of the project, taken apart as far as the tests compare it with the program.
public struct Document: Sendable {
  /// Relative to the package's folder.
  public let path: String
  /// The level of each heading, in order.
  public let headings: [Int]
  /// What stands between backticks in running text and tables.
  public let codeSpans: [String]
  /// The lines of fenced blocks that are marked `sh`; one that ends with a backslash goes on in the next.
  public let commands: [String]
  /// Each table's rows, its head first, as written; the line of dashes is left out.
  public let tables: [[String]]
  /// The targets of links.
  public let links: [String]
  /// The names behind FIGURE: that stand for figures nobody has measured yet.
  public let placeholders: [String]

  /// - Throws: where the file cannot be read.
  public init(_ path: String) throws {
    let text = try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
    self.init(path: path, text: text)
  }

  public init(path: String, text: String) {
    self.path = path
    var headings: [Int] = []
    var commands: [String] = []
    var tables: [[String]] = []
    var prose: [String] = []
    var fence: String?
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        fence = fence == nil ? String(line.dropFirst(3)) : nil
        continue
      }
      if let fence {
        guard fence == "sh", !line.isEmpty else { continue }
        if let last = commands.last, last.hasSuffix("\\") {
          commands[commands.count - 1] = String(last.dropLast()) + line.drop { $0 == " " }
        } else {
          commands.append(line)
        }
        continue
      }
      prose.append(line)
      if line.hasPrefix("#") { headings.append(line.prefix { $0 == "#" }.count) }
      if line.hasPrefix("|") {
        if !isInTable { tables.append([]) }
        if !line.hasPrefix("|---") { tables[tables.count - 1].append(line) }
      }
      isInTable = line.hasPrefix("|")
    }
    let joined = prose.joined(separator: "\n")
    self.headings = headings
    self.commands = commands
    self.tables = tables
    codeSpans = joined.matches(of: /`([^`\n]+)`/).map { String($0.1) }
    links = joined.matches(of: /\]\(([^)\n]+)\)/).map { String($0.1) }
    placeholders = text.matches(of: /FIGURE:([a-z0-9-]+)/).map { String($0.1) }
  }

  /// Every Markdown file of the checkout that people read, in the order a newcomer has: the README first.
  public static func all() throws -> [Document] {
    let readmes = ["README.md", "README.es.md"]
    let others = ["docs", "Reference", "Benchmarks", "Tests", "deploy"].flatMap { folder in
      let files = FileManager.default.enumerator(atPath: packageRoot.appending(path: folder).path)
      return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") && !$0.contains(".build/") }
        .map { "\(folder)/\($0)" }
    }
    return try (readmes + others.sorted()).map { try Document($0) }
  }

  /// The table whose head begins with a cell.
  public func table(_ firstCell: String) -> [String] { tables.first { $0[0].hasPrefix("| \(firstCell) |") } ?? [] }

  /// A row's cells, without the spaces around them.
  public static func cells(_ row: String) -> [String] {
    row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The paths of this repository that the document names: links, and code that begins with one of its folders.
  ///
  /// A link starts at the document's folder, code at the package's; both are returned from the package's folder.
  public var paths: [String] {
    let folder = URL(filePath: path).deletingLastPathComponent().relativePath
    let linked = links.filter { !$0.contains("://") && !$0.hasPrefix("#") }.map { link in
      folder == "." ? link : folder + "/" + link
    }
    let folders = [
      "Sources", "Tests", "Reference", "docs", "scripts", "config", "deploy", "Models", "Benchmarks", ".github",
    ]
    let named = codeSpans.map { String($0.prefix { $0 != " " }) }.filter { span in
      folders.contains { span == $0 || span.hasPrefix($0 + "/") }
    }
    return linked + named
  }

  /// Those of `paths` that lead nowhere.
  public var brokenPaths: [String] {
    paths.filter { path in
      let place = packageRoot.appending(path: path.split(separator: "#")[0]).standardized
      guard path.contains("*") else { return !FileManager.default.fileExists(atPath: place.path) }
      // One star, in the last component.
      let parts = place.lastPathComponent.split(separator: "*", omittingEmptySubsequences: false)
      let files = (try? FileManager.default.contentsOfDirectory(atPath: place.deletingLastPathComponent().path)) ?? []
      return !files.contains { $0.hasPrefix(parts[0]) && $0.hasSuffix(parts[parts.count - 1]) }
    }
  }
}

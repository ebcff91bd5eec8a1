import Foundation
import Yams

/// One YAML mapping whose keys are taken one by one, so that what nobody took can be called unknown.
struct YAMLMapping {
  let path: String
  /// The keys above this mapping, each with a dot behind: "data_ingestion.".
  let prefix: String
  let document: ConfigurationError.Document
  private var pairs: [Pair]

  private struct Pair {
    var key: String
    var value: Node
    /// In the file; nil for a value given elsewhere.
    var line: Int?
    /// What errors call the place that the value came from.
    var source: String
  }

  /// - Throws: `ConfigurationError` if the file is missing, is not YAML or is no mapping.
  init(file url: URL, _ document: ConfigurationError.Document) throws {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw ConfigurationError.missingFile(path: url.relativePath, document: document)
    }
    let text: String
    do {
      text = try String(contentsOf: url, encoding: .utf8)
    } catch {
      throw ConfigurationError.notYAML(path: url.relativePath, reason: "it is not UTF-8 text.")
    }
    try self.init(text: text, path: url.relativePath, document)
  }

  init(text: String, path: String, _ document: ConfigurationError.Document) throws {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw ConfigurationError.notYAML(path: path, reason: "\(error)")
    }
    guard let node else { throw ConfigurationError.notAMapping(path: path, key: nil) }
    try self.init(node: node, path: path, prefix: "", document)
  }

  private init(node: Node, path: String, prefix: String, _ document: ConfigurationError.Document) throws {
    guard let mapping = node.mapping else {
      throw ConfigurationError.notAMapping(path: path, key: prefix.isEmpty ? nil : String(prefix.dropLast()))
    }
    self.path = path
    self.prefix = prefix
    self.document = document
    var pairs: [Pair] = []
    for (keyNode, value) in mapping {
      let key = keyNode.string ?? ""
      if pairs.contains(where: { $0.key == key }) {
        throw ConfigurationError.repeatedKey(path: path, key: prefix + key, line: keyNode.mark?.line)
      }
      pairs.append(Pair(key: key, value: value, line: keyNode.mark?.line, source: path))
    }
    self.pairs = pairs
  }

  /// The same mapping with some top-level values replaced or added, as `--set KEY=VALUE` gives them.
  ///
  /// - Parameter source: what errors call the place a key's value came from.
  func overriding(
    _ settings: [(key: String, value: String)], source: (String) -> String = { "--set \($0)" }
  ) throws -> YAMLMapping {
    var copy = self
    for (key, text) in settings {
      let node: Node
      do {
        node = try Yams.compose(yaml: text) ?? Node("", Tag(.null))
      } catch {
        throw ConfigurationError.notYAML(path: source(key), reason: "'\(text)' is no YAML value.")
      }
      copy.pairs.removeAll { $0.key == key }
      copy.pairs.append(Pair(key: key, value: node, source: source(key)))
    }
    return copy
  }

  /// In the file's order.
  var keys: [String] { pairs.map(\.key) }

  func value(_ key: String) -> Node? { pair(key)?.value }
  private func pair(_ key: String) -> Pair? { pairs.first { $0.key == key } }

  /// - Parameter listing: whose page lists them, where it is not this document's.
  /// - Throws: `unknownKey` for the first key that is not in `known`.
  func checkKeys(_ known: [String], of listing: ConfigurationError.Document? = nil) throws {
    for pair in pairs where !known.contains(pair.key) {
      throw ConfigurationError.unknownKey(
        path: pair.source, key: prefix + pair.key, line: pair.line,
        nearest: nearestWord(to: pair.key, among: known).map { prefix + $0 }, document: listing ?? document)
    }
  }

  func string(_ key: String) throws -> String {
    guard let node = value(key) else { throw ConfigurationError.missingKey(path: path, key: prefix + key) }
    guard let text = node.string, !text.isEmpty, node.null == nil else {
      throw bad(key, node, expected: "a text")
    }
    return text
  }

  func mapping(_ key: String) throws -> YAMLMapping {
    guard let node = value(key) else { throw ConfigurationError.missingKey(path: path, key: prefix + key) }
    return try YAMLMapping(node: node, path: path, prefix: prefix + key + ".", document)
  }

  func bad(_ key: String, _ node: Node, expected: String) -> ConfigurationError {
    .badValue(
      path: pair(key)?.source ?? path, key: prefix + key, value: node.shown, expected: expected, line: pair(key)?.line)
  }
}

extension Node {
  /// The value as a person wrote it, near enough for a message.
  var shown: String {
    switch self {
    case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string)'"
    case .sequence(let sequence): "[" + sequence.map { $0.scalar?.string ?? "..." }.joined(separator: ", ") + "]"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  /// A whole number that is written as one: Yams alone would also take the text "16".
  var wholeNumber: Int? { isPlain ? int : nil }
  var number: Double? { isPlain ? float : nil }
  var boolean: Bool? { isPlain ? bool : nil }
  var isNull: Bool { isPlain && null != nil }

  private var isPlain: Bool { scalar.map { $0.style == .plain || $0.style == .any } ?? false }
}

/// The word that was probably meant; nil if none is near.
package func nearestWord(to word: String, among known: [String]) -> String? {
  let nearest = known.map { ($0, editDistance($0.lowercased(), word.lowercased())) }.min { $0.1 < $1.1 }
  return nearest.flatMap { $0.1 <= max(2, $0.0.count / 4) ? $0.0 : nil }
}

/// Levenshtein's distance, for "did you mean".
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a), b = Array(b)
  var row = Array(0...b.count)
  for i in 0..<a.count {
    var diagonal = row[0]
    row[0] = i + 1
    for j in 0..<b.count {
      let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}

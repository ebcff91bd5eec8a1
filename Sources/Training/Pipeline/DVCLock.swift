import Digests
import Foundation
import Yams

/// DVC's own record of its stages, `dvc.lock`: what a stage ran with and what it left.
struct DVCLock {
  static let fileName = "dvc.lock"
  private let stages: Node.Mapping

  /// - Returns: nil if there is none or it cannot be read: then it vouches for nothing.
  init?(file url: URL) {
    guard let text = try? String(contentsOf: url, encoding: .utf8), let node = try? Yams.compose(yaml: text),
      let stages = node.mapping?["stages"]?.mapping
    else { return nil }
    self.stages = stages
  }

  /// Whether DVC ran a stage with these very parameters, files and outputs.
  ///
  /// - Parameters:
  ///   - parameters: file, key and value in YAML's words.
  ///   - root: where the paths start.
  func vouches(
    for stage: PipelineStage, _ definition: StageDefinition, parameters: [(file: String, key: String, value: String)],
    root: URL
  ) -> Bool {
    guard let entry = stages[stage.rawValue]?.mapping else { return false }
    for (file, key, value) in parameters {
      guard let known = entry["params"]?.mapping?[file]?.mapping?[key] else { return false }
      guard let now = try? Yams.compose(yaml: value), Self.canonical(known) == Self.canonical(now) else { return false }
    }
    for (section, paths) in [("deps", definition.dependencies), ("outs", definition.outputs)] {
      var known: [String: String] = [:]
      for node in entry[section]?.sequence ?? [] {
        guard let path = node.mapping?["path"]?.string, let digest = node.mapping?["md5"]?.string else { return false }
        known[path] = digest
      }
      guard Set(known.keys) == Set(paths) else { return false }
      for (path, digest) in known {
        let url = URL(filePath: path, relativeTo: root).absoluteURL
        guard (try? DVCDigest(of: url))?.description == digest else { return false }
      }
    }
    return true
  }

  /// Values that mean the same are one text, however each program writes them: `True` and `true`, 0.01 and 1e-2.
  private static func canonical(_ node: Node) -> String {
    if let mapping = node.mapping {
      return "{" + mapping.map { "\(canonical($0.key)): \(canonical($0.value))" }.sorted().joined(separator: ", ") + "}"
    }
    if let sequence = node.sequence { return "[" + sequence.map(canonical).joined(separator: ", ") + "]" }
    let text = node.scalar?.string ?? ""
    if let number = Double(text) { return String(number) }
    switch text.lowercased() {
    case "true", "false": return text.lowercased()
    case "", "~", "null": return "null"
    default: return text
    }
  }
}

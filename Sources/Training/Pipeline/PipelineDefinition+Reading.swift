import Foundation
import Yams

extension PipelineDefinition {
  /// Reads `dvc.yaml`.
  ///
  /// - Throws: `ConfigurationError` for a file that is no YAML or of another form; `PipelineError` for what only DVC
  ///   itself could honour.
  public init(yaml text: String, path: String = PipelineDefinition.fileName) throws {
    let top = try YAMLMapping(text: text, path: path, .pipeline)
    let all = try top.mapping("stages")
    self.path = path
    stages = [:]
    otherStages = []
    for name in all.keys {
      if let stage = PipelineStage(rawValue: name) {
        stages[stage] = try StageReader(stage: stage, mapping: all.mapping(name), path: path).read()
      } else if name != Self.settingsStage, name != Self.programStage {
        otherStages.append(name)
      }
    }
    for stage in PipelineStage.allCases { _ = try self.stage(stage) }
  }
}

/// Reads one of the four stages.
private struct StageReader {
  let stage: PipelineStage
  let mapping: YAMLMapping
  let path: String

  func read() throws -> StageDefinition {
    let known = ["cmd", "deps", "params", "outs", "metrics", "plots", "always_changed", "desc", "meta"]
    for key in mapping.keys where !known.contains(key) {
      throw refusal("'\(key)'", "Take it out, or run this stage with dvc repro.")
    }
    var definition = StageDefinition()
    definition.source = try command()
    definition.dependencies = try list("deps").map { try text($0, of: "deps") }
    definition.outputs = try ["outs", "metrics", "plots"].flatMap { section in
      // A path may carry options of DVC's cache, such as `cache: false`: they are DVC's own matter.
      try list(section).map { try text($0.mapping?.first?.key ?? $0, of: section) }
    }
    definition.parameters = try list("params").flatMap(parameters)
    definition.alwaysChanged = mapping.value("always_changed")?.boolean ?? false
    return definition
  }

  /// - Returns: the source that the command names.
  private func command() throws -> String? {
    let advice = "Write '\(expectedCommand)'; parameters belong into params.yaml, paths into config/config.yaml."
    let words = try mapping.string("cmd").split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 2, (words[0] as NSString).lastPathComponent == "nefro", words[1] == stage.subcommand else {
      throw refusal("the command '\(words.joined(separator: " "))'", advice)
    }
    var source: String?
    var rest = words.dropFirst(2)
    while let word = rest.popFirst() {
      guard stage.understoodOptions.contains(word) else { throw refusal("'\(word)' of the command", advice) }
      if word == "--source" {
        guard let value = rest.popFirst() else { throw refusal("'--source' without a value", advice) }
        source = value.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
      }
    }
    return source
  }

  private var expectedCommand: String { "nefro \(stage.subcommand)" }

  private func parameters(_ node: Node) throws -> [StageDefinition.Parameter] {
    guard let files = node.mapping else { return [.init(file: nil, key: try text(node, of: "params"))] }
    return try files.flatMap { file, keys -> [StageDefinition.Parameter] in
      let name = try text(file, of: "params")
      let file = name == "params.yaml" ? nil : name
      if keys.isNull || keys.scalar?.string.isEmpty == true { return [.init(file: file, key: nil)] }
      guard let keys = keys.sequence else { throw refusal("the keys of '\(name)' in params", "Write a list of keys.") }
      return try keys.map { .init(file: file, key: try text($0, of: "params")) }
    }
  }

  private func list(_ key: String) throws -> [Node] {
    guard let node = mapping.value(key), !node.isNull else { return [] }
    guard let sequence = node.sequence else { throw mapping.bad(key, node, expected: "a list") }
    return Array(sequence)
  }

  private func text(_ node: Node, of key: String) throws -> String {
    guard let text = node.string, !text.isEmpty else { throw mapping.bad(key, node, expected: "a list of texts") }
    guard !text.contains("${") else {
      throw refusal("the template '\(text)' in \(key)", "Write the value itself, or run the stages with dvc repro.")
    }
    return text
  }

  private func refusal(_ what: String, _ advice: String) -> PipelineError {
    .cannotHonour(path: path, stage: stage.rawValue, what: what, advice: advice)
  }
}

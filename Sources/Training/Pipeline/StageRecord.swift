import Digests
import Foundation
import KidneyData
import LocalFiles

/// What a stage was last run with, and what it left.
public struct StageRecord: Codable, Equatable, Sendable {
  /// Everything the stage depends on, by name: parameters, digests of inputs, the program.
  public var inputs: [String: String]
  /// Digest of each output, by path relative to the project.
  public var outputs: [String: String]

  public init(inputs: [String: String], outputs: [String: String]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Why a stage with these inputs and outputs must run again, in words; empty if it need not.
  ///
  /// - Parameters:
  ///   - inputs: what the stage would run with now.
  ///   - outputs: what is there now; nil for an output that is missing.
  public func reasonsToRun(inputs now: [String: String], outputs present: [String: String?]) -> [String] {
    var reasons: [String] = []
    for name in Set(inputs.keys).union(now.keys).sorted() {
      switch (inputs[name], now[name]) {
      case (let before?, let after?) where before != after:
        reasons.append("\(name) changed" + (name == PipelineState.sourceInput ? "" : Self.change(from: before, to: after)))
      case (nil, _?): reasons.append("\(name) is new")
      case (_?, nil): reasons.append("\(name) is gone")
      default: break
      }
    }
    for (path, digest) in outputs.sorted(by: { $0.key < $1.key }) {
      switch present[path] ?? nil {
      case nil: reasons.append("\(path) is missing")
      case let now? where now != digest: reasons.append("\(path) was changed by somebody else")
      default: break
      }
    }
    return reasons
  }

  /// Short values are shown; digests would only be noise. A source is never shown: reasons are kept and may be sent to a
  /// tracking server, and a path may hold a name.
  private static func change(from before: String, to after: String) -> String {
    max(before.count, after.count) <= 40 ? " from \(before) to \(after)" : ""
  }
}

/// What `nefro pipeline` remembers of its stages, in a file among the artifacts.
public struct PipelineState: Codable, Equatable, Sendable {
  public var stages: [String: StageRecord] = [:]

  public init() {}

  /// - Returns: an empty state if there is none, or if it cannot be read: then every stage runs.
  public static func load(from url: URL) -> PipelineState {
    guard let data = try? Data(contentsOf: url), var state = try? JSONDecoder().decode(PipelineState.self, from: data)
    else { return PipelineState() }
    let written = state
    for (name, record) in state.stages { state.stages[name]?.inputs = withoutSecrets(record.inputs) }
    // Earlier versions kept sources and configuration word for word.
    if state != written { try? state.save(to: url) }
    return state
  }

  /// The input under which an ingestion keeps its source's label.
  static let sourceInput = "the source"

  /// A value of a file that is not ours, as it is kept: numbers and the like as they are, anything else by its digest,
  /// since it may be a link with a password.
  static func kept(_ value: String) -> String {
    let plain = ["true", "false", "null", "~", ""]
    return Double(value) != nil || plain.contains(value.lowercased()) || isDigest(value)
      ? value : ContentDigest(of: value).hex
  }

  private static func withoutSecrets(_ inputs: [String: String]) -> [String: String] {
    var inputs = inputs
    for (name, value) in inputs {
      if name == sourceInput {
        if !isLabel(value) { inputs[name] = Ingestion.label(of: value) }
      } else if name.contains(" of ") || value.contains("://") {
        inputs[name] = kept(value)
      }
    }
    return inputs
  }

  private static func isDigest(_ text: String) -> Bool { ContentDigest(hex: text) != nil }

  /// Whether a link is a label already: without a name, and with a digest's first digits for a query.
  private static func isLabel(_ text: String) -> Bool {
    guard text.contains("://"), !text.contains("@"), let query = text.firstIndex(of: "?") else {
      return !text.contains("@") || !text.contains("://")
    }
    let rest = text[text.index(after: query)...]
    return rest.count == 12 && rest.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  public func save(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: url)
  }
}

import Foundation
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
        reasons.append("\(name) changed" + Self.change(from: before, to: after))
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

  /// Short values are shown; digests would only be noise.
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
    guard let data = try? Data(contentsOf: url), let state = try? JSONDecoder().decode(PipelineState.self, from: data)
    else { return PipelineState() }
    return state
  }

  public func save(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: url)
  }
}

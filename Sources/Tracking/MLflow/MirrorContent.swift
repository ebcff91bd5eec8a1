import Digests
import Evaluation
import Foundation

/// What a run shall look like on a server, but for the history of its metrics and its artifacts.
package struct MirrorContent: Sendable {
  package var name: String
  package var status: String
  /// Unix milliseconds.
  package var start: Int64
  package var end: Int64?
  package var parameters: [MLflowEntry] = []
  package var tags: [MLflowEntry] = []
  /// Final figures as points at step 0, at the run's end: their value, and the ends of their intervals as
  /// `<name>_low` and `<name>_high`. None before the run has ended.
  package var figures: [MLflowPoint] = []
  package var datasets: [MLflowDatasetInput] = []
  /// Texts of values that had to be cut, by the path of the artifact that holds them whole.
  package var longValues: [String: String] = [:]

  /// - Parameter parent: the parent run's identity on the server.
  package init(_ details: RunDetails, parent: String? = nil, limits: MLflowLimits) {
    let run = details.run
    name = run.name
    start = milliseconds(run.started)
    end = run.ended.map(milliseconds)
    status =
      switch run.status {
      case .running: "RUNNING"
      case .finished: "FINISHED"
      case .failed: "FAILED"
      case .interrupted: "KILLED"
      }
    for (key, value) in details.parameters.sorted(by: { $0.key < $1.key }) {
      parameters.append(entry(key, value, "param", limits.parameterLength))
    }
    for (key, value) in Self.tags(of: details, parent: parent).sorted(by: { $0.key < $1.key }) {
      tags.append(entry(key, value, "tag", limits.tagLength))
    }
    datasets = Self.datasets(details.tags, ownContext: run.kind == .evaluate ? "evaluation" : "training")
    if let end { figures = Self.points(details, at: end) }
  }

  private mutating func entry(_ key: String, _ value: String, _ kind: String, _ length: Int) -> MLflowEntry {
    let key = MLflowLimits.key(key)
    guard MLflowLimits.isLonger(value, than: length) else { return MLflowEntry(key: key, value: value) }
    let file = MLflowLimits.key(key.replacingOccurrences(of: "/", with: "_"))
    let path = "\(MirrorTags.longValues)/\(kind)-\(file).txt"
    longValues[path] = value
    return MLflowEntry(key: key, value: MLflowLimits.cut(value, to: length, whole: path))
  }

  private static func tags(of details: RunDetails, parent: String?) -> [String: String] {
    let run = details.run
    var tags = details.tags
    tags[MirrorTags.run] = run.id.text
    tags[MirrorTags.kind] = run.kind.rawValue
    tags["mlflow.runName"] = run.name
    tags["mlflow.source.name"] = "nefro \(run.kind.rawValue)"
    tags["mlflow.source.type"] = "LOCAL"
    if let commit = details.tags["git.commit"] ?? details.tags["commit"] { tags["mlflow.source.git.commit"] = commit }
    if let user = details.tags["user"] { tags["mlflow.user"] = user }
    if let parent { tags["mlflow.parentRunId"] = parent }
    if let failure = run.failure {
      tags[MirrorTags.failure] = failure
      tags["mlflow.note.content"] = failure
    }
    for (key, figure) in details.figures {
      tags["interval.\(key)"] = "\(figure.method); \(figure.images) images, \(figure.series) series"
    }
    return tags
  }

  /// One input for each tag `data.<context>.digest` or `data.digest`: what the run learned from, or was judged on.
  ///
  /// - Parameter ownContext: of a digest that names none.
  private static func datasets(_ tags: [String: String], ownContext: String) -> [MLflowDatasetInput] {
    tags.sorted { $0.key < $1.key }.compactMap { key, digest in
      let parts = key.split(separator: ".")
      guard (2...3).contains(parts.count), parts[0] == "data", parts[parts.count - 1] == "digest", !digest.isEmpty
      else { return nil }
      let prefix = key.dropLast(".digest".count)
      let name = tags["\(prefix).name"] ?? "data"
      return MLflowDatasetInput(
        tags: [MLflowEntry(key: "mlflow.data.context", value: parts.count == 3 ? String(parts[1]) : ownContext)],
        dataset: .init(
          name: String(name.prefix(MLflowLimits.datasetNameLength)),
          digest: String(digest.prefix(MLflowLimits.datasetDigestLength)), source_type: "local",
          source: #"{"digest":"\#(digest)"}"#))
    }
  }

  private static func points(_ details: RunDetails, at end: Int64) -> [MLflowPoint] {
    let curves = Set(details.history.map { MLflowLimits.key($0.key) })
    var points: [MLflowPoint] = []
    for (key, figure) in details.figures.sorted(by: { $0.key < $1.key }) {
      for (suffix, value) in [("", figure.value as Double?), ("_low", figure.low), ("_high", figure.high)] {
        guard let value else { continue }
        var name = MLflowLimits.key(key + suffix)
        // A figure must not become a point of a curve of the same name.
        if curves.contains(name) { name = MLflowLimits.key("\(key)\(suffix)_final") }
        points.append(MLflowPoint(key: name, value: value, timestamp: end, step: 0))
      }
    }
    return points
  }
}

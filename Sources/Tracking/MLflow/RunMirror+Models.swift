import Digests
import Foundation

/// Artifacts, and the models among them.
extension RunMirror {
  /// One file that the server will not take, such as one that is too large for it, does not keep the others back.
  func sendFiles(
    _ details: RunDetails, _ content: MirrorContent, _ state: MirrorState, _ failures: inout MirrorFailures,
    _ report: inout MirrorReport
  ) async throws {
    let there = try store.mirroredFiles(of: state.run, on: state.server)
    func missing(_ path: String, _ digest: ContentDigest) -> Bool { there[path] != digest.hex }
    let uri = state.artifacts ?? ""
    // A place that cannot be written to is one error, however many files there are.
    try await failures.deferring { _ = try client.artifactAddress("", in: uri) }
    guard (try? client.artifactAddress("", in: uri)) != nil else { return }
    for artifact in details.artifacts
    where !artifact.path.hasPrefix(RunArtifact.privateFolder) && missing(artifact.path, artifact.digest) {
      try await failures.deferring {
        let file = try store.objects.checked(artifact.digest)
        try await client.upload(file, as: artifact.path, to: uri)
        try store.acknowledgeFile(artifact.path, digest: artifact.digest.hex, of: state.run, on: state.server)
        report.files += 1
      }
    }
    for (path, text) in content.longValues.sorted(by: { $0.key < $1.key }) {
      let digest = ContentDigest(of: text)
      guard missing(path, digest) else { continue }
      try await failures.deferring {
        try await client.upload(text, as: path, to: uri)
        try store.acknowledgeFile(path, digest: digest.hex, of: state.run, on: state.server)
        report.files += 1
      }
    }
  }

  /// Tells the server which artifacts are models, so that its pages show them.
  ///
  /// A server that refuses it, or breaks over it in pass after pass (DagsHub's has), is let be: the artifacts are there
  /// without it. One that is away for a moment is not.
  func listModels(
    _ details: RunDetails, _ there: MLflowRun, isLastPass: Bool, _ report: inout MirrorReport
  ) async throws {
    struct Listed: Decodable { var artifact_path: String? }
    let listed =
      there.tags["mlflow.log-model.history"].flatMap { try? JSONDecoder().decode([Listed].self, from: Data($0.utf8)) }
      ?? []
    for model in Self.models(details) where !listed.contains(where: { $0.artifact_path == model.folder }) {
      let text = try String(contentsOf: store.objects.checked(model.file), encoding: .utf8)
      let description = ModelDescription(
        artifact_path: model.folder, flavors: Self.flavors(text), run_id: there.info.run_id,
        utc_time_created: Self.time(details.run.started))
      do {
        try await client.logModel(
          String(decoding: try MLflowClient.encoder.encode(description), as: UTF8.self), run: there.info.run_id)
      } catch let error as MLflowError {
        if case .unavailable(_, let status, _) = error {
          if status == 500 { report.brokenModelLists += 1 }
          guard isLastPass, report.brokenModelLists > 1 else { throw error }
        }
        report.note("The server did not list the model '\(model.folder)' (\(error)) Its files are there.")
      }
    }
  }

  private struct ModelDescription: Encodable {
    var artifact_path: String
    var flavors: [String: [String: String]]
    var run_id: String
    var utc_time_created: String
  }

  /// The folders among a run's artifacts that are models in MLflow's form.
  package static func models(_ details: RunDetails) -> [(folder: String, file: ContentDigest)] {
    details.artifacts.compactMap { artifact in
      guard artifact.path.hasSuffix("/MLmodel") else { return nil }
      return (String(artifact.path.dropLast("/MLmodel".count)), artifact.digest)
    }
  }

  /// The names of a model's flavours: the keys one step below `flavors:` in an MLmodel file. The list on a server needs
  /// no more; the file itself is among the artifacts.
  package static func flavors(_ text: String) -> [String: [String: String]] {
    var found: [String: [String: String]] = [:]
    var isInside = false
    var depth: Int?
    for line in text.split(separator: "\n") {
      let indentation = line.prefix { $0 == " " }.count
      let content = line.dropFirst(indentation)
      if content.isEmpty || content.hasPrefix("#") { continue }
      if indentation == 0 {
        isInside = content.hasPrefix("flavors:")
        depth = nil
      } else if isInside {
        if depth == nil { depth = indentation }
        if indentation == depth, let colon = content.firstIndex(of: ":") { found[String(content[..<colon])] = [:] }
      }
    }
    return found
  }

  private static func time(_ date: Date) -> String {
    let style = Date.ISO8601FormatStyle(
      dateSeparator: .dash, dateTimeSeparator: .space, timeSeparator: .colon, includingFractionalSeconds: true)
    return String(date.formatted(style).prefix { $0 != "Z" })
  }
}

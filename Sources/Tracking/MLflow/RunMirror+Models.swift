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
        try await client.upload(Data(text.utf8), as: path, to: uri)
        try store.acknowledgeFile(path, digest: digest.hex, of: state.run, on: state.server)
        report.files += 1
      }
    }
  }

  /// Where the folder that MLflow loads lies among a run's artifacts.
  static let modelFolder = "model"

  /// The model of a finished training, which is to be sent in MLflow's form as well; nil where the run has such a
  /// folder of its own.
  func ownModel(_ details: RunDetails) -> ContentDigest? {
    guard packager?.scope == .trained, details.run.kind == .train, details.run.status == .finished,
      Self.models(details).isEmpty
    else { return nil }
    return details.artifacts.first { $0.path == RunArtifact.model }?.digest
  }

  /// Sends the folder that MLflow loads, and lists it. For each of its files the journal holds what it was made from.
  ///
  /// A model that cannot be packed, such as one whose base's weights are not here, is a note and no failure: the
  /// model's own file is there.
  func sendPackage(
    of model: ContentDigest, to folder: String, _ details: RunDetails, _ run: MLflowRun, isLastPass: Bool,
    _ report: inout MirrorReport
  ) async throws {
    guard let packager else { return }
    let server = client.server.name
    let there = try store.mirroredFiles(of: details.run.id, on: server)
    if there["\(folder)/MLmodel"] != model.hex {
      let files: [ModelPackager.File]
      do {
        files = try package(model, packager)
      } catch {
        return report.note(
          "The model of run \(details.run.id.short) is on \(server) as its own file only, which MLflow cannot load: "
            + "\(error)")
      }
      for (name, content) in files where there["\(folder)/\(name)"] != model.hex {
        try await client.upload(content, as: "\(folder)/\(name)", to: run.info.artifact_uri ?? "")
        try store.acknowledgeFile("\(folder)/\(name)", digest: model.hex, of: details.run.id, on: server)
        report.files += 1
      }
    }
    let flavors = Dictionary(uniqueKeysWithValues: packager.flavors.map { ($0, [String: String]()) })
    try await list(flavors, folder: folder, details, run, isLastPass: isLastPass, &report)
    known.withLock { $0.package = nil }
  }

  private func package(_ model: ContentDigest, _ packager: ModelPackager) throws -> [ModelPackager.File] {
    if let kept = known.withLock({ $0.package }), kept.model == model { return kept.files }
    let files = try packager.files(store.objects.checked(model))
    known.withLock { $0.package = (model, files) }
    return files
  }

  /// Lists the models among a run's artifacts.
  func listModels(
    _ details: RunDetails, _ there: MLflowRun, isLastPass: Bool, _ report: inout MirrorReport
  ) async throws {
    for (folder, file) in Self.models(details) {
      let text = try String(contentsOf: store.objects.checked(file), encoding: .utf8)
      try await list(Self.flavors(text), folder: folder, details, there, isLastPass: isLastPass, &report)
    }
  }

  /// Tells the server that a folder of artifacts is a model, so that its pages show it.
  ///
  /// A server that refuses it, or breaks over it in pass after pass (DagsHub's has), is let be: the artifacts are there
  /// without it. One that is away for a moment is not.
  func list(
    _ flavors: [String: [String: String]], folder: String, _ details: RunDetails, _ there: MLflowRun, isLastPass: Bool,
    _ report: inout MirrorReport
  ) async throws {
    struct Listed: Decodable { var artifact_path: String? }
    let listed =
      there.tags["mlflow.log-model.history"].flatMap { try? JSONDecoder().decode([Listed].self, from: Data($0.utf8)) }
      ?? []
    guard !listed.contains(where: { $0.artifact_path == folder }) else { return }
    let description = ModelDescription(
      artifact_path: folder, flavors: flavors, run_id: there.info.run_id,
      utc_time_created: Self.time(details.run.started))
    do {
      try await client.logModel(
        String(decoding: try MLflowClient.encoder.encode(description), as: UTF8.self), run: there.info.run_id)
    } catch let error as MLflowError {
      if error.isTransient {
        // A lost answer says nothing of what the server can do.
        guard case .unavailable(_, 500, _) = error else { throw error }
        report.brokenModelLists += 1
        guard isLastPass, report.brokenModelLists > 1 else { throw error }
      }
      report.note("The server did not list the model '\(folder)' (\(error)) Its files are there.")
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

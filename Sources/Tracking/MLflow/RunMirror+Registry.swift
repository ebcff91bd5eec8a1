import Foundation

/// Registering a run's model under the name that its tags give.
extension RunMirror {
  func register(_ details: RunDetails, _ there: MLflowRun, _ report: inout MirrorReport) async throws {
    guard let name = details.tags[MirrorTags.registeredModel], details.run.status == .finished else { return }
    guard !name.isEmpty, !name.contains("/"), !name.contains(":") else { throw MLflowError.badModelName(name) }
    let aliases = (details.tags[MirrorTags.modelAliases] ?? "").split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    for alias in aliases where !ModelAlias.isAlias(alias) { throw MLflowError.badAlias(alias) }
    guard !known.withLock({ $0.hasNoRegistry }) else { return noteMissing(&report) }
    do {
      try await client.createModel(name, description: nil)
    } catch MLflowError.refused(_, 404, _, _) {
      known.withLock { $0.hasNoRegistry = true }
      return noteMissing(&report)
    } catch MLflowError.webPage {
      known.withLock { $0.hasNoRegistry = true }
      return noteMissing(&report)
    }
    let version = try await version(of: name, details, there)
    try await setAliases(aliases, of: name, to: version, started: milliseconds(details.run.started))
  }

  /// The name and the aliases are among the run's tags, which every server has.
  private func noteMissing(_ report: inout MirrorReport) {
    report.note(
      "\(client.server.name) has no model registry: the model's name and aliases are tags of its run "
        + "(\(MirrorTags.registeredModel), \(MirrorTags.modelAliases)).")
  }

  private func version(of name: String, _ details: RunDetails, _ there: MLflowRun) async throws -> MLflowModelVersion {
    let folder = Self.models(details).first?.folder ?? "model"
    let source = "\(there.info.artifact_uri ?? "")/\(folder)"
    func isOurs(_ version: MLflowModelVersion) -> Bool {
      version.run_id == there.info.run_id
        || version.tags?.contains(MLflowEntry(key: MirrorTags.run, value: details.run.id.text)) == true
    }
    var ours = try await client.versions(of: name).filter(isOurs)
    if ours.isEmpty {
      let created = try await client.createVersion(
        of: name, source: source, run: there.info.run_id,
        tags: [
          MLflowEntry(key: MirrorTags.run, value: details.run.id.text),
          MLflowEntry(key: MirrorTags.started, value: String(milliseconds(details.run.started))),
        ])
      ours = try await client.versions(of: name).filter(isOurs)
      if ours.isEmpty { ours = [created] }
    }
    // Newest first.
    var version = ours.removeLast()
    try await removeTwins(ours, of: details.run.id, name)
    for _ in 0..<20 where version.status == "PENDING_REGISTRATION" {
      try await clock.sleep(.milliseconds(500))
      version = try await client.version(version.version, of: name)
    }
    guard version.status != "FAILED_REGISTRATION" else {
      throw MLflowError.modelRefused(
        model: name, version: version.version,
        message: client.server.redacted(version.status_message ?? "no reason given"))
    }
    return version
  }

  /// A creation whose answer was lost can still have arrived after the search that found nothing: then there are two. The
  /// younger ones go, unless a person has done something with them.
  private func removeTwins(_ twins: [MLflowModelVersion], of run: RunID, _ name: String) async throws {
    for twin in twins
    where twin.tags?.contains(MLflowEntry(key: MirrorTags.run, value: run.text)) == true
      && (twin.aliases ?? []).isEmpty && [nil, "", MLflowStage.none.rawValue].contains(twin.current_stage)
    {
      try await client.deleteVersion(twin.version, of: name)
    }
  }

  /// Gives a version its aliases. One that a later run's version has already stays there: runs can arrive in any order,
  /// and again.
  private func setAliases(
    _ aliases: [String], of name: String, to version: MLflowModelVersion, started: Int64
  ) async throws {
    var given: [String] = []
    for alias in aliases {
      let holder = try await client.version(alias: alias, of: name)
      if holder?.version != version.version {
        let other = holder?.tags?.first { $0.key == MirrorTags.started }.flatMap { Int64($0.value) }
        if let other, other > started { continue }
        try await client.setAlias(alias, of: name, to: version.version)
      }
      given.append(alias)
    }
    // From 3 on stages are history; before, a server's page shows nothing else.
    let usesStages = known.withLock { $0.version.map { $0 < MLflowVersion(major: 3, minor: 0) } ?? true }
    guard usesStages, let stage = Self.stage(given), version.current_stage != stage.rawValue else { return }
    try await client.setStage(stage, of: name, version: version.version)
  }

  static func stage(_ aliases: [String]) -> MLflowStage? {
    if aliases.contains("champion") { return .production }
    return aliases.contains("challenger") ? .staging : nil
  }
}

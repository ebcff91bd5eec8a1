import Foundation

/// Bringing a registered model to the server's registry: its versions with their runs, and who has which alias.
extension RunMirror {
  /// Brings a registered model to the server as it is registered here now.
  ///
  /// A server's registry is asked what it has, so nothing is made twice. What was there once and is no longer was
  /// deleted by a person, and does not come back.
  ///
  /// - Returns: what was sent, the runs of its versions included.
  /// - Throws: `RegistryError.noSuchModel`; as `synchronize(_:leavingModel:)`.
  public func synchronize(model name: String) async throws -> MirrorReport {
    let lock = try await lock("models")
    defer { lock.release() }
    return try await inPasses { isLastPass, report in
      // Before anything is read: what happens meanwhile is for the next time.
      let event = try store.lastEvent(ofModel: name)
      let registry = ModelRegistry(store: store)
      let content = RegisteredModel(
        name: name, versions: try registry.versions(of: name), aliases: try registry.aliases(of: name),
        known: try store.versions(
          ofModel: name, registeredUpTo: store.acknowledgedEvent(ofModel: name, on: client.server.name)))
      if try await hasRegistry(for: name) {
        try await register(content, isLastPass: isLastPass, &report)
      } else {
        try await tag(content, &report)
      }
      try store.acknowledge(event: event, ofModel: name, on: client.server.name)
    }
  }

  /// A registered model as it is here.
  struct RegisteredModel {
    var name: String
    var versions: [ModelVersion]
    var aliases: [String: Int]
    /// The numbers of the versions that the server has had already.
    var known: Set<Int>

    func aliases(of version: ModelVersion) -> [String] {
      aliases.filter { $0.value == version.number }.keys.sorted()
    }
  }

  private func hasRegistry(for name: String) async throws -> Bool {
    guard !known.withLock({ $0.hasNoRegistry }) else { return false }
    // From 3 on stages are history, which its version tells.
    _ = try await limits()
    do {
      try await client.createModel(name)
      return true
    } catch MLflowError.refused(_, 404, _, _) {
    } catch MLflowError.webPage {}
    known.withLock { $0.hasNoRegistry = true }
    return false
  }

  // MARK: A server with a registry

  private func register(
    _ model: RegisteredModel, isLastPass: Bool, _ report: inout MirrorReport
  ) async throws {
    var there = try await client.versions(of: model.name)
    // Also those of an earlier command, whose call arrived after it had ended.
    try await removeTwins(&there, model)
    var hasCreated = false
    var remotes: [Int: MLflowModelVersion] = [:]
    for version in model.versions {
      if let found = Self.find(version, in: there) {
        remotes[version.number] = found
      } else if model.known.contains(version.number) {
        report.note("\(version.reference) was deleted on \(client.server.name) and is not registered there again.")
      } else if let place = try await sendModel(of: version, isLastPass: isLastPass, &report) {
        // Sending took its time: a call that was given up before may have arrived meanwhile.
        there = try await client.versions(of: model.name)
        if let found = Self.find(version, in: there) {
          remotes[version.number] = found
          continue
        }
        hasCreated = true
        let created = try await client.createVersion(
          of: model.name, source: place.source, run: place.run,
          tags: [
            MLflowEntry(key: MirrorTags.run, value: version.run?.text ?? ""),
            MLflowEntry(key: MirrorTags.identity, value: version.identity.hex),
            MLflowEntry(key: MirrorTags.registeredAs, value: version.reference),
          ])
        remotes[version.number] = try await ready(created, model.name)
        report.versions += 1
      }
    }
    if hasCreated {
      there = try await client.versions(of: model.name)
      try await removeTwins(&there, model)
    }
    try await setAliases(model, remotes, &report)
    try await setStages(model, remotes)
  }

  /// The version that holds the same model; the first of them, as it is here.
  private static func find(_ version: ModelVersion, in there: [MLflowModelVersion]) -> MLflowModelVersion? {
    there.last { $0.tags?.contains(MLflowEntry(key: MirrorTags.identity, value: version.identity.hex)) == true }
  }

  /// A creation whose answer was lost can still have arrived after the list that lacked it: then there are two of ours.
  /// The younger ones go, unless a person has done something with them.
  private func removeTwins(_ there: inout [MLflowModelVersion], _ model: RegisteredModel) async throws {
    for version in model.versions {
      guard let run = version.run, let kept = Self.find(version, in: there) else { continue }
      let ours = [
        MLflowEntry(key: MirrorTags.identity, value: version.identity.hex),
        MLflowEntry(key: MirrorTags.run, value: run.text),
      ]
      let twins = there.filter { other in
        other.version != kept.version && other.source == kept.source && ours.allSatisfy { other.tags?.contains($0) == true }
          && (other.aliases ?? []).isEmpty && [nil, "", MLflowStage.none.rawValue].contains(other.current_stage)
      }
      for twin in twins { try await client.deleteVersion(twin.version, of: model.name) }
      there.removeAll { other in twins.contains { $0.version == other.version } }
    }
  }

  private func ready(_ created: MLflowModelVersion, _ name: String) async throws -> MLflowModelVersion {
    var version = created
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

  private func setAliases(
    _ model: RegisteredModel, _ remotes: [Int: MLflowModelVersion], _ report: inout MirrorReport
  ) async throws {
    for (alias, number) in model.aliases.sorted(by: { $0.key < $1.key }) {
      guard let remote = remotes[number] else { continue }
      let holder = try await client.version(alias: alias, of: model.name)
      guard holder?.version != remote.version else { continue }
      try await client.setAlias(alias, of: model.name, to: remote.version)
      report.aliases += 1
    }
  }

  /// What the pages of servers before 3 show: a stage moves from version to version as its alias does.
  private func setStages(_ model: RegisteredModel, _ remotes: [Int: MLflowModelVersion]) async throws {
    guard known.withLock({ $0.version.map { $0 < MLflowVersion(major: 3, minor: 0) } ?? true }) else { return }
    for version in model.versions {
      guard let remote = remotes[version.number], let stage = Self.stage(model.aliases(of: version)) else { continue }
      // As it is now: giving one version a stage takes it from another.
      let now = try await client.version(remote.version, of: model.name)
      if now.current_stage != stage.rawValue {
        try await client.setStage(stage, of: model.name, version: remote.version)
      }
    }
  }

  static func stage(_ aliases: [String]) -> MLflowStage? {
    if aliases.contains(ModelAlias.champion) { return .production }
    return aliases.contains(ModelAlias.challenger) ? .staging : nil
  }

  // MARK: A server without one

  /// Every server has tags: each version's run says what it is registered as.
  private func tag(_ model: RegisteredModel, _ report: inout MirrorReport) async throws {
    let key = MirrorTags.registered + model.name
    for version in model.versions {
      guard let place = try await sendModel(of: version, isLastPass: true, &report) else { continue }
      let value = (["version \(version.number)"] + model.aliases(of: version)).joined(separator: ", ")
      guard place.tags[key] != value else { continue }
      try await client.logBatch(.init(run_id: place.run, tags: [MLflowEntry(key: key, value: value)]))
      report.tags += 1
    }
    report.note(
      "\(client.server.name) has no model registry: which versions of '\(model.name)' there are, and their aliases, "
        + "are tags of their runs (\(key)).")
  }

  // MARK: Versions' files

  private struct Place {
    /// The run's identity on the server, and its tags there.
    var run: String
    var tags: [String: String]
    /// The folder with the version's model.
    var source: String
  }

  /// Brings a version's run to the server, with the folder that MLflow loads.
  ///
  /// - Returns: nil if the run is not to be there; the report says why.
  private func sendModel(
    of version: ModelVersion, isLastPass: Bool, _ report: inout MirrorReport
  ) async throws -> Place? {
    guard let run = version.run, let file = version.files[.model] else {
      report.note(
        "\(version.reference) is not on \(client.server.name): the run that it came from is not in this store any more."
      )
      return nil
    }
    let details = try store.details(of: run)
    let there: MLflowRun
    do {
      try store.enroll(run, on: client.server)
      report.add(try await synchronize(run))
      there = try await remote(for: details).run
    } catch let error as MLflowError {
      guard case .runDeleted = error else { throw error }
      report.note("\(version.reference) is not on \(client.server.name): its run was deleted there.")
      return nil
    }
    let isRunsOwn = details.artifacts.contains { $0.path == RunArtifact.model && $0.digest == file.digest }
    let folder =
      Self.models(details).first?.folder
      ?? (isRunsOwn ? Self.modelFolder : "registered/\(version.model)-\(version.number)")
    if Self.models(details).isEmpty {
      try await sendPackage(of: file.digest, to: folder, details, there, isLastPass: isLastPass, &report)
    }
    return Place(run: there.info.run_id, tags: there.tags, source: "\(there.info.artifact_uri ?? "")/\(folder)")
  }
}

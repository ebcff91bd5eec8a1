import Foundation

/// Finding a run on the server, or making it there: once.
extension RunMirror {
  private func experiment() async throws -> MLflowExperiment {
    if let found = known.withLock({ $0.experiment }) { return found }
    let found = try await client.experiment(named: client.server.experiment)
    known.withLock { $0.experiment = found }
    return found
  }

  /// The run on the server, which is made where there is none.
  ///
  /// - Throws: `MLflowError.runDeleted` if a person deleted it there: it does not come back by itself.
  func remote(for details: RunDetails) async throws -> (state: MirrorState, run: MLflowRun) {
    let server = client.server.name
    var state =
      try store.mirrorState(of: details.run.id, on: server) ?? MirrorState(run: details.run.id, server: server)
    if let known = state.remote {
      do {
        return (state, try alive(try await client.run(known), &state, details))
      } catch MLflowError.refused(_, _, "RESOURCE_DOES_NOT_EXIST", _) {
        // The server has lost it, or is another one at the same address.
        state = MirrorState(run: details.run.id, server: server)
        try store.restartMirror(of: details.run.id, on: server)
      }
    }
    let experiment: String
    if state.isCreating, let asked = state.experiment {
      experiment = asked
    } else {
      experiment = try await self.experiment().experiment_id
    }
    let twins = try await client.runs(in: experiment, tag: MirrorTags.run, is: details.run.id.text)
    if let found = twins.first(where: { !$0.isDeleted }) ?? twins.first {
      state.experiment = experiment
      state.doubtful = .max
      accept(found, &state)
      try store.save(state)
      return (state, try alive(try await client.run(found.info.run_id), &state, details))
    }
    let isInDoubt = state.isCreating
    state.experiment = experiment
    state.isCreating = true
    try store.save(state)
    let created = try await client.createRun(
      in: experiment, name: details.run.name, user: details.tags["user"], start: milliseconds(details.run.started),
      tags: [
        MLflowEntry(key: MirrorTags.run, value: details.run.id.text),
        MLflowEntry(key: "mlflow.source.type", value: "LOCAL"),
      ])
    accept(created, &state)
    state.isCreating = isInDoubt
    try store.save(state)
    return (state, created)
  }

  private func accept(_ run: MLflowRun, _ state: inout MirrorState) {
    state.remote = run.info.run_id
    state.artifacts = run.info.artifact_uri
  }

  private func alive(_ run: MLflowRun, _ state: inout MirrorState, _ details: RunDetails) throws -> MLflowRun {
    guard run.isDeleted else { return run }
    state.settled = details.run.ended.map(milliseconds)
    try store.save(state)
    throw MLflowError.runDeleted(server: client.server.name, run: details.run.id.short)
  }

  /// A creation whose answer was lost can still have arrived after the search that found nothing: then there are two.
  func removeTwins(_ state: inout MirrorState) async throws {
    guard let experiment = state.experiment else { return }
    let twins = try await client.runs(in: experiment, tag: MirrorTags.run, is: state.run.text)
    for twin in twins where !twin.isDeleted && twin.info.run_id != state.remote {
      try await client.deleteRun(twin.info.run_id)
    }
    state.isCreating = false
    try store.save(state)
  }
}

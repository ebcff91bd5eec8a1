import Foundation

/// Parameters, tags and points of metrics.
extension RunMirror {
  func sendParametersAndTags(_ content: MirrorContent, _ there: MLflowRun, _ report: inout MirrorReport) async throws {
    let run = there.info.run_id
    let parameters = there.parameters
    let other = content.parameters.filter { parameters[$0.key].map { [value = $0.value] in $0 != value } ?? false }
    if !other.isEmpty {
      report.note(
        "\(other.count == 1 ? "A parameter has" : "\(other.count) parameters have") another value on the server and "
          + "cannot be changed there: \(other.prefix(3).map(\.key).joined(separator: ", ")).")
    }
    let missing = content.parameters.filter { parameters[$0.key] == nil }
    for batch in MLflowLimits.batches(missing, atMost: MLflowLimits.parametersPerBatch, bytes: Self.bytes) {
      try await client.logBatch(.init(run_id: run, params: batch))
      report.parameters += batch.count
    }
    let tags = there.tags
    let changed = content.tags.filter { tags[$0.key] != $0.value }
    for batch in MLflowLimits.batches(changed, atMost: MLflowLimits.tagsPerBatch, bytes: Self.bytes) {
      try await client.logBatch(.init(run_id: run, tags: batch))
      report.tags += batch.count
    }
  }

  private static func bytes(_ entry: MLflowEntry) -> Int {
    ((try? MLflowClient.encoder.encode(entry).count) ?? MLflowLimits.bytesPerBatch) + 1
  }

  /// Sends the points that the server has not acknowledged. Where an earlier call is in doubt, those that arrived are
  /// found out first.
  func sendHistory(_ state: inout MirrorState, _ run: String, _ report: inout MirrorReport) async throws {
    while true {
      let rows = try store.history(of: state.run, after: state.history, limit: MLflowLimits.metricsPerBatch)
      guard let last = rows.last?.number else { return }
      var points = Self.distinct(
        rows.map {
          MLflowPoint(
            key: MLflowLimits.key($0.point.key), value: $0.point.value,
            timestamp: max(0, milliseconds($0.point.time)), step: Int64($0.point.step))
        })
      if state.history < state.doubtful {
        let there = try await arrived(Set(points.map(\.key)), run)
        points.removeAll { there.contains($0.identity) }
      }
      if !points.isEmpty {
        state.doubtful = max(state.doubtful, last)
        try store.save(state)
        try await client.logBatch(.init(run_id: run, metrics: points))
        report.points += points.count
      }
      state.history = last
      try store.save(state)
    }
  }

  private func arrived(_ keys: Set<String>, _ run: String) async throws -> Set<MLflowPoint.Identity> {
    var found: Set<MLflowPoint.Identity> = []
    for key in keys.sorted() { found.formUnion(try await client.history(of: key, run: run).map(\.identity)) }
    return found
  }

  func sendFigures(_ content: MirrorContent, _ there: MLflowRun, _ report: inout MirrorReport) async throws {
    let latest = Set((there.data?.metrics ?? []).map(\.identity))
    let missing = content.figures.filter { !latest.contains($0.identity) }
    for batch in MLflowLimits.batches(missing, atMost: MLflowLimits.metricsPerBatch, bytes: { _ in 0 }) {
      try await client.logBatch(.init(run_id: there.info.run_id, metrics: batch))
      report.points += batch.count
    }
  }

  /// Points without those that no server tells apart from an earlier one.
  private static func distinct(_ points: [MLflowPoint]) -> [MLflowPoint] {
    var seen: Set<MLflowPoint.Identity> = []
    return points.filter { seen.insert($0.identity).inserted }
  }
}

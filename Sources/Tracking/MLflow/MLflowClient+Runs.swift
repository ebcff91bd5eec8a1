import Foundation

extension MLflowClient {
  /// The experiment of a name, which is made where there is none.
  ///
  /// - Throws: `MLflowError.experimentDeleted`.
  package func experiment(named name: String) async throws -> MLflowExperiment {
    struct Found: Decodable { var experiment: MLflowExperiment }
    struct Creation: Encodable { var name: String }
    struct Created: Decodable { var experiment_id: String }
    func existing() async throws -> MLflowExperiment? {
      do {
        let found: Found = try await get("experiments/get-by-name", [("experiment_name", name)])
        guard found.experiment.lifecycle_stage != "deleted" else {
          throw MLflowError.experimentDeleted(server: server.name, name: name)
        }
        return found.experiment
      } catch MLflowError.refused(_, _, "RESOURCE_DOES_NOT_EXIST", _) {
        return nil
      }
    }
    if let found = try await existing() { return found }
    do {
      // Names are unique: a second creation is refused.
      let _: Created = try await call(.post, "experiments/create", Creation(name: name), isRepeatable: true)
    } catch MLflowError.refused(_, _, "RESOURCE_ALREADY_EXISTS", _) {}
    guard let found = try await existing() else {
      throw MLflowError.malformedAnswer(address: server.name, reason: "an experiment it has just created is not there")
    }
    return found
  }

  /// - Throws: `MLflowError.refused` with `RESOURCE_DOES_NOT_EXIST` for a run the server does not know.
  package func run(_ id: String) async throws -> MLflowRun {
    struct Found: Decodable { var run: MLflowRun }
    let found: Found = try await get("runs/get", [("run_id", id)])
    return found.run
  }

  /// The runs of an experiment with a tag, deleted ones too, oldest first.
  package func runs(in experiment: String, tag: String, is value: String) async throws -> [MLflowRun] {
    struct Search: Encodable {
      var experiment_ids: [String]
      var filter: String
      var run_view_type = "ALL"
      var max_results = 100
    }
    struct Found: Decodable { var runs: [MLflowRun]? }
    let search = Search(experiment_ids: [experiment], filter: "tags.`\(tag)` = '\(value)'")
    let found: Found = try await call(.post, "runs/search", search, isRepeatable: true)
    return (found.runs ?? []).filter { $0.tags[tag] == value }
      .sorted { ($0.info.start_time?.value ?? 0, $0.info.run_id) < ($1.info.start_time?.value ?? 0, $1.info.run_id) }
  }

  /// Not repeatable: each call makes a run.
  package func createRun(in experiment: String, name: String, user: String?, start: Int64, tags: [MLflowEntry])
    async throws
    -> MLflowRun
  {
    struct Creation: Encodable {
      var experiment_id: String
      var run_name: String
      var user_id: String?
      var start_time: Int64
      var tags: [MLflowEntry]
    }
    struct Created: Decodable { var run: MLflowRun }
    let creation = Creation(experiment_id: experiment, run_name: name, user_id: user, start_time: start, tags: tags)
    let created: Created = try await call(.post, "runs/create", creation, isRepeatable: false)
    return created.run
  }

  package func updateRun(_ id: String, status: String, end: Int64?, name: String) async throws {
    struct Update: Encodable {
      var run_id: String
      var status: String
      var end_time: Int64?
      var run_name: String
    }
    let _: Empty = try await call(
      .post, "runs/update", Update(run_id: id, status: status, end_time: end, run_name: name), isRepeatable: true)
  }

  package func deleteRun(_ id: String) async throws {
    let _: Empty = try await call(.post, "runs/delete", ["run_id": id], isRepeatable: true)
  }

  package struct Batch: Encodable, Sendable {
    package var run_id: String
    package var metrics: [MLflowPoint]
    package var params: [MLflowEntry]
    package var tags: [MLflowEntry]

    package init(run_id: String, metrics: [MLflowPoint] = [], params: [MLflowEntry] = [], tags: [MLflowEntry] = []) {
      self.run_id = run_id
      self.metrics = metrics
      self.params = params
      self.tags = tags
    }
  }

  /// Writes what must keep `MLflowLimits`. It may be repeated where it holds no metrics: parameters and tags stay as
  /// they are when they come again.
  package func logBatch(_ batch: Batch) async throws {
    let _: Empty = try await call(.post, "runs/log-batch", batch, isRepeatable: batch.metrics.isEmpty)
  }

  package func logInputs(_ inputs: [MLflowDatasetInput], run: String) async throws {
    struct Inputs: Encodable {
      var run_id: String
      var datasets: [MLflowDatasetInput]
    }
    let _: Empty = try await call(.post, "runs/log-inputs", Inputs(run_id: run, datasets: inputs), isRepeatable: true)
  }

  /// Not repeatable: each call adds an entry to the run's list of models.
  package func logModel(_ model: String, run: String) async throws {
    let _: Empty = try await call(.post, "runs/log-model", ["run_id": run, "model_json": model], isRepeatable: false)
  }

  /// All points of one metric.
  package func history(of metric: String, run: String) async throws -> [MLflowPoint] {
    struct Page: Decodable {
      var metrics: [MLflowPoint]?
      var next_page_token: String?
    }
    var points: [MLflowPoint] = []
    var token: String?
    repeat {
      var query = [("run_id", run), ("metric_key", metric)]
      if let token { query.append(("page_token", token)) }
      let page: Page = try await get("metrics/get-history", query)
      points += page.metrics ?? []
      let next = page.next_page_token.flatMap { $0.isEmpty ? nil : $0 }
      // A page without progress would be asked for for ever.
      token = next == token ? nil : next
    } while token != nil
    return points
  }
}

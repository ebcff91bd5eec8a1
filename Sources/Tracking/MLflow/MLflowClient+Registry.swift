import Foundation

/// A stage of MLflow's older registry; since 2.9 aliases take their place, but a 2.7 page shows stages only.
public enum MLflowStage: String, Sendable, Codable {
  case none = "None"
  case staging = "Staging"
  case production = "Production"
  case archived = "Archived"
}

extension MLflowClient {
  private struct VersionAnswer: Decodable { var model_version: MLflowModelVersion }

  /// Makes a registered model; one that is there is fine.
  package func createModel(_ name: String) async throws {
    do {
      let _: Empty = try await call(.post, "registered-models/create", ["name": name], isRepeatable: true)
    } catch MLflowError.refused(_, _, "RESOURCE_ALREADY_EXISTS", _) {}
  }

  /// A model's versions, newest first.
  package func versions(of model: String) async throws -> [MLflowModelVersion] {
    struct Page: Decodable {
      var model_versions: [MLflowModelVersion]?
      var next_page_token: String?
    }
    var versions: [MLflowModelVersion] = []
    var token: String?
    repeat {
      // MLflow's filter has no way to write both kinds of quotes in a name; those that have one are told apart here.
      let quote = model.contains("'") ? "\"" : "'"
      var query = [("filter", "name=\(quote)\(model)\(quote)")]
      if let token { query.append(("page_token", token)) }
      let page: Page = try await get("model-versions/search", query)
      versions += page.model_versions ?? []
      let next = page.next_page_token.flatMap { $0.isEmpty ? nil : $0 }
      token = next == token ? nil : next
    } while token != nil
    return versions.filter { $0.name == model }.sorted { (Int($0.version) ?? 0) > (Int($1.version) ?? 0) }
  }

  package func version(_ version: String, of model: String) async throws -> MLflowModelVersion {
    let answer: VersionAnswer = try await get("model-versions/get", [("name", model), ("version", version)])
    return answer.model_version
  }

  /// The version that has an alias; nil if none has.
  package func version(alias: String, of model: String) async throws -> MLflowModelVersion? {
    do {
      let answer: VersionAnswer = try await get("registered-models/alias", [("name", model), ("alias", alias)])
      return answer.model_version
    } catch MLflowError.refused(_, 400..<405, _, _) {
      return nil
    }
  }

  /// Not repeatable: each call makes a version.
  package func createVersion(of model: String, source: String, run: String, tags: [MLflowEntry]) async throws
    -> MLflowModelVersion
  {
    struct Creation: Encodable {
      var name: String
      var source: String
      var run_id: String
      var tags: [MLflowEntry]
    }
    let answer: VersionAnswer = try await call(
      .post, "model-versions/create", Creation(name: model, source: source, run_id: run, tags: tags),
      isRepeatable: false)
    return answer.model_version
  }

  package func setAlias(_ alias: String, of model: String, to version: String) async throws {
    let _: Empty = try await call(
      .post, "registered-models/alias", ["name": model, "alias": alias, "version": version], isRepeatable: true)
  }

  /// Deletes a version; one that is not there is fine.
  package func deleteVersion(_ version: String, of model: String) async throws {
    do {
      let _: Empty = try await call(
        .delete, "model-versions/delete", ["name": model, "version": version], isRepeatable: true)
    } catch MLflowError.refused(_, 404, _, _) {}
  }

  package func setStage(_ stage: MLflowStage, of model: String, version: String) async throws {
    struct Transition: Encodable {
      var name: String
      var version: String
      var stage: String
      var archive_existing_versions: Bool
    }
    let _: Empty = try await call(
      .post, "model-versions/transition-stage",
      Transition(
        name: model, version: version, stage: stage.rawValue,
        // As with an alias, one version has it.
        archive_existing_versions: stage == .production || stage == .staging),
      isRepeatable: true)
  }
}

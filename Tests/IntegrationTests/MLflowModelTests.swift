import Foundation
import LoopbackServers
import TestSupport
import Testing

/// A user's way from a training to a model that MLflow loads by name, against real servers.
@Suite(.serialized, .timeLimit(.minutes(30))) struct MLflowModelTests {
  @Test(arguments: [MLflowProcess.Release.current, .old])
  func `a registered model loads from MLflow and answers what predict answers, and promotions arrive`(
    _ release: MLflowProcess.Release
  ) async throws {
    try await MLflowProcess.with(release) { server in
      try await withTemporaryFolder { folder in
        let project = try Self.project(in: folder, server)
        let nefro = project.program
        let said = try nefro.run("pipeline", "--source", "hospital", expecting: 0).error
        #expect(!said.contains("nefro runs sync"), "\(said)")
        let pictures = try ExportedAnswers.pictures(in: project.folder, python: server.tools)
        #expect(pictures.count >= 7)
        func compare(_ place: String, _ model: String) throws {
          let variables = server.environment.merging(["MLFLOW_TRACKING_URI": server.uri]) { $1 }
          let answers = try ExportedAnswers.of(
            server.tools, ["pyfunc", place] + pictures, in: project.folder, environment: variables)
          let expected = try ExportedAnswers.predicted(nefro, model: model, pictures)
          #expect(expected.count == pictures.count)
          let largest = ExportedAnswers.compare(answers, expected)
          print("\(release.rawValue), \(place): largest relative error \(largest)")
        }
        let first = "artifacts/training/model.safetensors"
        // A run's model, registered or not.
        let trainings = try Self.state(server).trainings
        #expect(trainings.count == 1)
        let training = try #require(trainings.first)
        try compare("runs:/\(training)/model", first)

        let registered = try nefro.run("models", "register", expecting: 0)
        #expect(!registered.error.contains("sync") && !registered.error.contains("WARNING"), "\(registered.error)")
        try nefro.run("models", "promote", "kidney:1", expecting: 0)
        try compare("models:/kidney@champion", first)
        #expect(try Self.state(server).versions == [.init("1", "kidney:1", ["champion"], server, "Production")])

        // A model that no run here has made: it gets a run.
        try nefro.run("models", "register", "kidney-two-class", expecting: 0)
        try nefro.run("models", "promote", "kidney:2", "--alias", "challenger", expecting: 0)
        try compare("models:/kidney/2", "kidney-two-class")
        #expect(
          try Self.state(server).versions == [
            .init("1", "kidney:1", ["champion"], server, "Production"),
            .init("2", "kidney:2", ["challenger"], server, "Staging"),
          ])

        // What happens while the server is away waits.
        server.stop()
        try Self.train(project, epochs: 2)
        let away = try nefro.run("models", "register", expecting: 0)
        #expect(away.output.hasPrefix("kidney:3  model ") && away.error.contains("nefro runs sync"))
        try nefro.run("models", "promote", "kidney:3", expecting: 0)
        try await server.start()
        let synchronized = try nefro.run("runs", "sync", expecting: 0)
        #expect(synchronized.output.contains("kidney  sent "), "\(synchronized.output)")
        #expect(try nefro.run("runs", "sync", expecting: 0).error.contains("Nothing waits"))
        try compare("models:/kidney@champion", first)
        let after = try Self.state(server).versions
        #expect(after.map(\.aliases) == [[], ["challenger"], ["champion"]])
        if release.isOld { #expect(after.map(\.stage) == ["Archived", "Staging", "Production"]) }

        try nefro.run("models", "rollback", "kidney", expecting: 0)
        let back = try Self.state(server).versions
        #expect(back.map(\.aliases) == [["champion"], ["challenger"], []])
        if release.isOld { #expect(back.map(\.stage) == ["Production", "Staging", "Archived"]) }
      }
    }
  }

  private static func project(in folder: URL, _ server: MLflowProcess) throws -> SmallProject {
    var project = try SmallProject(in: folder)
    try project.synthesize()
    try "metrics: {auc: {value_at_least: 0}}\nagainst_champion: any\n".write(
      to: project.url("config/promotion.yaml"), atomically: true, encoding: .utf8)
    project.program.environment = ["MLFLOW_TRACKING_URI": server.uri, "MLFLOW_EXPERIMENT_NAME": "kidney"]
    return project
  }

  private static func train(_ project: SmallProject, epochs: Int) throws {
    let parameters = SmallProjectFiles.parameters.replacingOccurrences(of: "EPOCHS: 4", with: "EPOCHS: \(epochs)")
    try parameters.write(to: project.url("params.yaml"), atomically: true, encoding: .utf8)
    try project.program.run("pipeline", "--source", "hospital", expecting: 0)
  }

  // MARK: -

  private struct Version: Decodable, Equatable {
    var version: String
    var here: String
    var aliases: [String]
    /// Empty from MLflow 3 on, where nothing sets one.
    var stage: String

    init(_ version: String, _ here: String, _ aliases: [String], _ server: MLflowProcess, _ stage: String) {
      self.version = version
      self.here = here
      self.aliases = aliases
      self.stage = server.release.isOld ? stage : ""
    }
  }

  private struct State: Decodable {
    /// Identities of the trainings' runs.
    var trainings: [String]
    var versions: [Version]
  }

  /// What MLflow's own client reads.
  private static func state(_ server: MLflowProcess) throws -> State {
    let program = """
      import json, sys
      from mlflow.tracking import MlflowClient
      client = MlflowClient(sys.argv[1])
      experiment = client.get_experiment_by_name("kidney")
      runs = client.search_runs([experiment.experiment_id], filter_string="tags.`nefro.kind` = 'train'")
      versions = [client.get_model_version(v.name, v.version) for v in client.search_model_versions()]
      versions.sort(key=lambda v: int(v.version))
      json.dump({
          "trainings": [run.info.run_id for run in runs],
          "versions": [{"version": str(v.version), "here": v.tags["nefro.registered_as"], "aliases": list(v.aliases),
                        "stage": "" if v.current_stage in (None, "None") else v.current_stage} for v in versions]},
          sys.stdout)
      """
    return try JSONDecoder().decode(State.self, from: server.python(program, [server.uri]))
  }
}

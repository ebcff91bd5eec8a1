import Foundation
import TestSupport
import Testing

import Training

@Suite struct PipelineDefinitionTests {
  static let file = packageRoot.appending(path: "dvc.yaml")

  func text() throws -> String { try String(contentsOf: Self.file, encoding: .utf8) }

  /// The file with one piece of it replaced.
  func changed(_ piece: String, to other: String) throws -> String {
    let text = try text()
    #expect(text.contains(piece))
    return text.replacingOccurrences(of: piece, with: other)
  }

  @Test func `the repository's dvc.yaml is the built-in definition`() throws {
    try withTemporaryFolder { folder in
      let project = Project(
        configuration: try ProjectConfiguration(
          yaml: String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8), root: folder),
        parameters: TrainingParameters(), version: "test")
      let builtIn = try project.pipelineDefinition()
      let written = try project.writePipelineDefinition()
      #expect(try String(contentsOf: written, encoding: .utf8) == text())
      #expect(try project.pipelineDefinition().stages == builtIn.stages)
      // What is there and differs is the user's.
      try "stages: {}\n".write(to: written, atomically: true, encoding: .utf8)
      #expect(throws: PipelineError.exists(path: "dvc.yaml")) { try project.writePipelineDefinition() }
    }
  }

  @Test(arguments: PipelineStage.allCases) func `a stage has its parameters, the program and nothing twice`(
    stage: PipelineStage
  ) throws {
    let definition = try #require(try PipelineDefinition(yaml: text()).stages[stage])
    let keys = definition.parameters.compactMap(\.key)
    #expect(Set(keys).count == keys.count)
    guard stage != .dataIngestion else {
      #expect(definition.parameters == [.init(file: "config/config.yaml", key: "data_ingestion")])
      return
    }
    let ours = Set(["PROGRAM"] + (stage == .prepareBaseModel ? ["BASE_WEIGHTS"] : []))
    #expect(Set(keys) == ours.union(stage.parameterKeys))
    #expect(Set(definition.parameters.map(\.file)) == [nil, "artifacts/settings.yaml"])
  }

  @Test func `dependencies and outputs chain the stages`() throws {
    let stages = try PipelineDefinition(yaml: text()).stages
    #expect(
      stages[.training]?.dependencies == [
        "artifacts/data_ingestion/kidney-ct-scan-image", "artifacts/prepare_base_model/base_model_updated.safetensors",
      ])
    #expect(stages[.evaluation]?.dependencies.last == "artifacts/training/model.safetensors")
    #expect(stages[.evaluation]?.outputs.contains("scores.json") == true)
    #expect(stages[.evaluation]?.outputs.contains("artifacts/roc") == true)
    #expect(stages[.training]?.outputs.contains("artifacts/training/history.csv") == true)
  }

  @Test func `a user's own stage is left to DVC`() throws {
    let more = try changed("\nplots:", to: "\n  my_report:\n    cmd: make report\n    deps: [scores.json]\n\nplots:")
    let definition = try PipelineDefinition(yaml: more)
    #expect(definition.otherStages == ["my_report"])
    #expect(definition.stages == (try PipelineDefinition(yaml: text())).stages)
  }

  @Test func `a source, an accepted leakage and an accepted opening in the commands are understood`() throws {
    var definition = try PipelineDefinition(yaml: changed("cmd: nefro ingest", to: "cmd: ./nefro ingest --source 'hospital'"))
    #expect(definition.stages[.dataIngestion]?.source == "hospital")
    definition = try PipelineDefinition(yaml: changed("cmd: nefro train", to: "cmd: nefro train --accept-leakage"))
    #expect(definition.stages[.training] != nil)
    definition = try PipelineDefinition(
      yaml: changed("cmd: nefro evaluate", to: "cmd: nefro evaluate --accept-opened-test-set"))
    #expect(definition.stages[.evaluation] != nil)
    let wrong = try changed("cmd: nefro train", to: "cmd: nefro train --accept-opened-test-set")
    #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: wrong) }
  }

  @Test(arguments: [
    ("cmd: nefro train", "cmd: python train.py", "the command 'python train.py'"),
    ("cmd: nefro train", "cmd: nefro train --set EPOCHS=3", "'--set' of the command"),
    ("cmd: nefro train", "cmd: nefro prepare", "the command 'nefro prepare'"),
    ("cmd: nefro train", "wdir: sub\n    cmd: nefro train", "'wdir'"),
    ("cmd: nefro train", "frozen: true\n    cmd: nefro train", "'frozen'"),
    ("- artifacts/training/curves.svg", "- ${folder}/curves.svg", "the template '${folder}/curves.svg' in outs"),
  ]) func `what only DVC can honour is refused in words`(piece: String, other: String, what: String) throws {
    let text = try changed(piece, to: other)
    let error = #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: text) }
    let description = try #require(error).description
    #expect(description.hasPrefix("'dvc.yaml', stage 'training': nefro pipeline cannot go by \(what). "))
  }

  @Test func `a missing stage and broken YAML are told`() throws {
    let text = try changed("  evaluation:", to: "  judging:")
    let error = #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: text) }
    #expect(error?.description.hasPrefix("'dvc.yaml' has no stage 'evaluation'.") == true)
    #expect(throws: ConfigurationError.self) { try PipelineDefinition(yaml: "stages: [") }
    #expect(throws: ConfigurationError.self) { try PipelineDefinition(yaml: "plots: []") }
  }
}

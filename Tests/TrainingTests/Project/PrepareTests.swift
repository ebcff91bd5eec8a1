import Backbones
import Foundation
import Inference
import TestSupport
import Testing
import Training

@Suite struct PrepareTests {
  private static let tiny = VGGArchitecture(name: "tiny", blocks: [[2, 3], [4]], topUnits: [5, 4, 3], topInputSide: 8)

  private func project(in folder: URL, network: VGGArchitecture, _ yaml: String = "") throws -> Project {
    let text = try String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)
    var parameters = try DrawnData.parameters(yaml)
    parameters.network = network
    let project = Project(
      configuration: try ProjectConfiguration(yaml: text, root: URL(filePath: folder.path, directoryHint: .isDirectory)),
      parameters: parameters, cache: nil, version: "test")
    try FileManager.default.createDirectory(at: project.configuration.dataFolder, withIntermediateDirectories: true)
    return project
  }

  @Test func `another network of the family is prepared, trained and named in the model`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder, network: Self.tiny, "TRAINABLE_FROM: block2_conv1")
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 6, slices: 3)
      let prepared = try project.prepare()
      let base = try StoredWeights(reading: prepared.base)
      #expect(base.network == "tiny")
      let model = try ModelFile(project.train(resume: .never) { _ in }.model)
      #expect(model.description.base.network == "tiny" && model.description.base.digest == base.digest)
      // The shapes of the head, and of the trained layer, are those of the other network.
      let network = try ClassifierNetwork(
        base: Self.tiny.randomBase(seed: 1, inputShape: [32, 32, 3]), headKind: model.description.head.kind,
        dropout: model.description.head.dropout, classCount: 2, seed: 1)
      try model.load(into: network)
    }
  }

  @Test func `a model that was prepared on another network is refused`() throws {
    try withTemporaryFolder { folder in
      let project = try project(in: folder, network: Self.tiny)
      _ = try DrawnData.make(in: project.configuration.dataFolder, patients: 6, slices: 3)
      _ = try project.prepare()
      let other = try self.project(in: folder, network: .vgg16)
      let error = #expect(throws: TrainingError.self) { try other.train(resume: .never) { _ in } }
      guard case .preparedDiffers(_, "the network", "tiny", "vgg16")? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

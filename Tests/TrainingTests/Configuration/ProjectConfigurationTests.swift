import Foundation
import TestSupport
import Testing
import Training

@Suite struct ProjectConfigurationTests {
  let root = URL(filePath: "/project", directoryHint: .isDirectory)
  let text = try! String(contentsOf: packageRoot.appending(path: "config/config.yaml"), encoding: .utf8)

  @Test func `the report's own file is read as it is, with its h5 paths renamed`() throws {
    let configuration = try ProjectConfiguration(yaml: text, root: root)
    #expect(configuration.dataFolder.path == "/project/artifacts/data_ingestion/kidney-ct-scan-image")
    #expect(configuration.localDataFile.path == "/project/artifacts/data_ingestion/data.zip")
    #expect(configuration.baseModel.path == "/project/artifacts/prepare_base_model/base_model.safetensors")
    #expect(configuration.updatedBaseModel.path == "/project/artifacts/prepare_base_model/base_model_updated.safetensors")
    #expect(configuration.baseModelCopy.path == "/project/model/base_model.safetensors")
    #expect(configuration.updatedBaseModelCopy.path == "/project/model/base_model_updated.safetensors")
    #expect(configuration.trainedModel.path == "/project/artifacts/training/model.safetensors")
    #expect(configuration.trainedModelCopy.path == "/project/model/model.safetensors")
    #expect(configuration.scores.path == "/project/scores.json")
    #expect(configuration.sourceURL.hasPrefix("https://drive.google.com/file/d/"))
    #expect(configuration.renamed.count == 6)
    #expect(configuration.renamed.allSatisfy { $0.hasSuffix(".h5") })
  }

  @Test func `absolute paths and other endings stay as they are`() throws {
    let changed = text.replacingOccurrences(of: "trained_model_path: artifacts/training/model.h5", with: "trained_model_path: /models/kidney.safetensors")
    let configuration = try ProjectConfiguration(yaml: changed, root: root)
    #expect(configuration.trainedModel.path == "/models/kidney.safetensors")
    #expect(configuration.renamed.count == 5)
  }

  @Test(arguments: [
    ("artifacts_root: artifacts", "", "the key 'artifacts_root' is missing"),
    ("  source_URL:", "  source_Url:", "unknown key 'data_ingestion.source_Url'. Did you mean 'data_ingestion.source_URL'?"),
    ("models_root: model", "models_root: [a]", "models_root is [a], but must be a text"),
    ("  unzip_dir: artifacts/data_ingestion", "", "the key 'data_ingestion.unzip_dir' is missing"),
    ("  unzip_dir: artifacts/data_ingestion", "  unzip_dir:", "data_ingestion.unzip_dir is empty"),
  ])
  func `a bad file names the key with its section`(old: String, new: String, message: String) {
    let changed = text.replacingOccurrences(of: old, with: new)
    #expect(changed != text)
    let error = #expect(throws: ConfigurationError.self) { try ProjectConfiguration(yaml: changed, root: root) }
    #expect(error?.description.contains(message) == true, "got: \(error?.description ?? "")")
  }
}

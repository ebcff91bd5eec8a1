import Foundation
import NeuralNetworks

/// Reads a safetensors file with this project's tensor names, such as another machine's stored weights.
enum SafetensorsImporter {
  /// - Throws: `BackboneError` for tensors that are missing or misshapen, `NeuralNetworkError` for a malformed file.
  static func read(_ url: URL, architecture: VGGArchitecture) throws -> WeightTensors {
    let file = try SafetensorsFile(url)
    let names = Set(file.names)
    return try WeightTensors(
      architecture, path: url.path, importer: "safetensors",
      hasTop: architecture.topTensors.contains { names.contains($0.key) }
    ) { specification in
      guard names.contains(specification.key) else {
        throw BackboneError.missingTensor(
          path: url.path, key: specification.key, expected: specification.shape, found: file.names.sample)
      }
      let tensor = try file.tensor(specification.key)
      guard tensor.shape == specification.shape else {
        throw BackboneError.tensorShape(
          path: url.path, key: specification.key, location: specification.key, expected: specification.shape,
          actual: tensor.shape)
      }
      return tensor
    }
  }
}

import Foundation
import NeuralNetworks

/// Reads the HDF5 files of all generations of Keras; see `KerasDatasetName` for their layouts.
enum KerasImporter {
  private struct Candidate {
    var name: KerasDatasetName
    var dataset: HDF5Dataset
  }

  /// - Throws: `BackboneError` naming the tensor, its place in the file, the expected and the actual shape.
  static func read(_ url: URL, architecture: VGGArchitecture) throws -> WeightTensors {
    try HDF5File.read(url) { file in
      // An optimizer keeps tensors under the same layer names.
      let datasets = try file.datasets(skipping: ["optimizer_weights", "optimizer"])
      var candidates = datasets.compactMap { dataset in
        KerasDatasetName(dataset).map { Candidate(name: $0, dataset: dataset) }
      }
      let convolutionNames = Set(architecture.convolutions.map(\.name))
      if !candidates.contains(where: { convolutionNames.contains($0.name.layer) }) {
        candidates = try named(candidates, architecture: architecture, path: url.path)
      }
      let isKeras3 = candidates.contains { $0.dataset.path.contains("/vars/") }
      let topNames = Set(VGGArchitecture.topLayerNames)
      let all = datasets.map { "/\($0.path)" }
      return try WeightTensors(
        architecture, path: url.path, importer: isKeras3 ? "keras3-hdf5" : "keras-hdf5",
        hasTop: candidates.contains { topNames.contains($0.name.layer) }
      ) { specification in
        let matching = candidates.filter { $0.name.layer == specification.layer && $0.name.role == specification.role }
        guard let candidate = matching.first else {
          throw BackboneError.missingTensor(
            path: url.path, key: specification.key, expected: specification.shape, found: all.sample)
        }
        guard matching.count == 1 else {
          throw BackboneError.ambiguousTensor(
            path: url.path, key: specification.key, locations: matching.map { "/\($0.dataset.path)" })
        }
        guard candidate.dataset.shape == specification.shape else {
          throw BackboneError.tensorShape(
            path: url.path, key: specification.key, location: "/\(candidate.dataset.path)",
            expected: specification.shape, actual: candidate.dataset.shape)
        }
        return try file.tensor(candidate.dataset)
      }
    }
  }

  /// Names for the layers of a Keras 3 file that only numbers them: the convolutions of one container in their order,
  /// and the dense layers if there are as many as in the top.
  private static func named(
    _ candidates: [Candidate], architecture: VGGArchitecture, path: String
  ) throws -> [Candidate] {
    let numbered = candidates.filter(\.name.isNumbered)
    let kernels = numbered.filter { $0.name.role == .kernel && $0.name.number(inClass: "conv2d") != nil }
    let containers = Dictionary(grouping: kernels, by: \.name.container)
    guard let (container, _) = containers.first else { return candidates }
    guard containers.count == 1 else {
      throw BackboneError.ambiguousTensor(
        path: path, key: architecture.convolutionTensors[0].key, locations: containers.keys.sorted())
    }
    let convolutions = names(of: "conv2d", for: architecture.convolutions.map(\.name), in: numbered, container: container)
    let dense = names(of: "dense", for: VGGArchitecture.topLayerNames, in: numbered, container: container)
    return numbered.filter { $0.name.container == container }.map { candidate in
      var candidate = candidate
      candidate.name.layer = convolutions[candidate.name.layer] ?? dense[candidate.name.layer] ?? candidate.name.layer
      return candidate
    }
  }

  /// From "conv2d", "conv2d_1" … to `targets`; empty unless there are exactly as many.
  private static func names(
    of className: String, for targets: [String], in candidates: [Candidate], container: String
  ) -> [String: String] {
    let layers = candidates.filter { $0.name.container == container && $0.name.role == .kernel }
      .compactMap { candidate in candidate.name.number(inClass: className).map { ($0, candidate.name.layer) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
    guard layers.count == targets.count else { return [:] }
    return Dictionary(zip(layers, targets), uniquingKeysWith: { first, _ in first })
  }
}

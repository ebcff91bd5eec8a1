import Backbones
import Digests
import Foundation
import NeuralNetworks
import Testing

/// The tiny network of VGG's family whose files lie in Golden; see `Reference/backbones/make_importer_files.py`.
enum Tiny {
  static let architecture = VGGArchitecture(
    name: "tiny", blocks: [[2, 3], [4]], topUnits: [5, 4, 3], topInputSide: 8)

  /// What the script wrote as tensor `number`.
  static func tensor(_ number: Int, shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(shape: shape, values: (0..<count).map { Float(Double(100 * number + $0) / 1000) })
  }

  static let convolutions = architecture.convolutionTensors.enumerated().map { number, specification in
    (specification.key, tensor(number, shape: specification.shape))
  }

  static let top = architecture.topTensors.enumerated().map { number, specification in
    (specification.key, tensor(number + 6, shape: specification.shape))
  }

  /// The network's catalogue entry, with a loopback server's and a local package's digests.
  static func entry(officialMD5: String = String(repeating: "0", count: 32), package: ContentDigest? = nil) -> WeightCatalogueEntry {
    WeightCatalogueEntry(
      architecture: architecture, official: .init(path: "tiny/tiny.h5", md5: officialMD5, maximumBytes: 1 << 20),
      wheel: .init(
        package: "tiny-package==1.0", fileName: "tiny_package-1.0-py3-none-any.whl",
        digest: package ?? ContentDigest(of: "none")))
  }
}

func golden(_ name: String) -> URL {
  Bundle.module.bundleURL.appending(path: "Golden/\(name)")
}

/// Reads a weight file as a fetch does.
func readWeights(_ url: URL, architecture: VGGArchitecture = Tiny.architecture) throws -> WeightTensors {
  let scratch = FileManager.default.temporaryDirectory.appending(path: "nefro-scratch-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: scratch) }
  return try WeightFile.read(url, architecture: architecture, scratch: scratch).weights
}

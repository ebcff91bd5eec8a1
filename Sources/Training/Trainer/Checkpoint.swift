import Foundation
import NeuralNetworks

/// Everything a training needs to go on after an epoch as if it had never stopped.
struct Checkpoint {
  /// What the training depends on, by name; a resume must find the same.
  var fingerprint: [String: String]
  var history: TrainingHistory
  var plateau: ReduceOnPlateau?
  var parameters: [(name: String, tensor: Tensor)]
  var optimizer: [String: Tensor]

  private struct Header: Codable {
    var format = 1
    var fingerprint: [String: String]
    var history: TrainingHistory
    var plateau: ReduceOnPlateau?
  }
  private static let headerKey = "nefro.checkpoint"
  private static let parameterPrefix = "parameter:"
  private static let optimizerPrefix = "optimizer:"

  /// Writes the checkpoint, whole or not at all.
  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let header = Header(fingerprint: fingerprint, history: history, plateau: plateau)
    let tensors =
      parameters.map { (name: Self.parameterPrefix + $0.name, tensor: $0.tensor) }
      + optimizer.sorted { $0.key < $1.key }.map { (name: Self.optimizerPrefix + $0.key, tensor: $0.value) }
    _ = try SafetensorsFile.write(
      to: url, tensors: tensors,
      metadata: [Self.headerKey: String(decoding: try encoder.encode(header), as: UTF8.self)])
  }

  /// - Throws: `TrainingError.checkpointDamaged` if the file is no whole checkpoint.
  init(reading url: URL) throws {
    self = try Self.reading(url) { file, header in
      var checkpoint = Checkpoint(
        fingerprint: header.fingerprint, history: header.history, plateau: header.plateau, parameters: [],
        optimizer: [:])
      for name in file.names {
        // Copied, since the file may be replaced while its values are in use.
        let mapped = try file.tensor(name)
        var tensor = Tensor(shape: mapped.shape)
        tensor.withUnsafeMutableValues { target in
          mapped.withUnsafeValues { _ = target.update(fromContentsOf: $0) }
        }
        mapped.dropMappedPages()
        if name.hasPrefix(Self.parameterPrefix) {
          checkpoint.parameters.append((String(name.dropFirst(Self.parameterPrefix.count)), tensor))
        } else if name.hasPrefix(Self.optimizerPrefix) {
          checkpoint.optimizer[String(name.dropFirst(Self.optimizerPrefix.count))] = tensor
        }
      }
      return checkpoint
    }
  }

  /// What a checkpoint says of itself; its tensors are not read.
  ///
  /// - Throws: as `init(reading:)`.
  static func outline(of url: URL) throws -> (fingerprint: [String: String], epochs: Int) {
    try reading(url) { _, header in (header.fingerprint, header.history.epochs.count) }
  }

  private static func reading<Result>(
    _ url: URL, _ body: (SafetensorsFile, Header) throws -> Result
  ) throws -> Result {
    do {
      let file = try SafetensorsFile(url)
      guard let text = file.metadata[headerKey] else {
        throw TrainingError.checkpointDamaged(path: url.path, reason: "it is not a checkpoint")
      }
      let header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
      guard header.format == 1 else {
        throw TrainingError.checkpointDamaged(path: url.path, reason: "its format \(header.format) is unknown")
      }
      return try body(file, header)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError.checkpointDamaged(path: url.path, reason: "\(error)")
    }
  }

  private init(
    fingerprint: [String: String], history: TrainingHistory, plateau: ReduceOnPlateau?,
    parameters: [(name: String, tensor: Tensor)], optimizer: [String: Tensor]
  ) {
    self.fingerprint = fingerprint
    self.history = history
    self.plateau = plateau
    self.parameters = parameters
    self.optimizer = optimizer
  }

  init(
    fingerprint: [String: String], history: TrainingHistory, plateau: ReduceOnPlateau?, network: Network,
    optimizer: any Optimizer
  ) {
    self.fingerprint = fingerprint
    self.history = history
    self.plateau = plateau
    parameters = network.parameters.map { ($0.name, $0.value) }
    self.optimizer = optimizer.state()
  }

  /// Puts the stored parameters into a network of the same kind.
  func restore(_ network: Network, path: String) throws {
    let stored = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.tensor) })
    for parameter in network.parameters {
      guard let tensor = stored[parameter.name], tensor.shape == parameter.shape else {
        throw TrainingError.checkpointDamaged(
          path: path, reason: "tensor '\(parameter.name)' of shape \(parameter.shape) is not in it")
      }
      try parameter.assign(tensor)
    }
  }
}

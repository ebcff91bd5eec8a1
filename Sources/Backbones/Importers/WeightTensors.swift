import Digests
import NeuralNetworks

/// The tensors of a network as read from some file, checked, under their stored names.
package struct WeightTensors: Sendable {
  package let architecture: VGGArchitecture
  /// The convolutions' first, then the top's if the file has it.
  package let tensors: [(name: String, tensor: Tensor)]
  /// How they were read: "keras-hdf5", "keras3-hdf5", "onnx" or "safetensors".
  package let importer: String

  /// What identifies the base network: the digest of its convolutions' tensors, whichever file they came from.
  ///
  /// SHA-256 over, for each tensor in the order of the layers, its name, its dimensions and its values (little-endian).
  package var baseDigest: ContentDigest { Self.digest(of: tensors.prefix(architecture.convolutionTensors.count)) }

  /// The digest of all tensors, the top's included.
  package var wholeDigest: ContentDigest { Self.digest(of: tensors[...]) }

  package static func digest(of tensors: ArraySlice<(name: String, tensor: Tensor)>) -> ContentDigest {
    var digest = StreamingDigest()
    for (name, tensor) in tensors { update(&digest, name, tensor) }
    return digest.finalize()
  }

  /// The base digest of a stored file, whose memory pages are let go on the way.
  ///
  /// - Throws: `NeuralNetworkError` if a tensor is missing or not of Float32.
  package static func baseDigest(
    of file: SafetensorsFile, architecture: VGGArchitecture
  ) throws -> ContentDigest {
    var digest = StreamingDigest()
    for specification in architecture.convolutionTensors {
      let tensor = try file.tensor(specification.key)
      update(&digest, specification.key, tensor)
      tensor.dropMappedPages()
    }
    return digest.finalize()
  }

  private static func update(_ digest: inout StreamingDigest, _ name: String, _ tensor: Tensor) {
    digest.update(Array("\(name)\n\(tensor.shape)\n".utf8))
    tensor.withUnsafeValues { digest.update(UnsafeRawBufferPointer($0)) }
  }

  /// - Parameter read: gives the tensor for a specification, or throws.
  /// - Throws: what `read` throws, and `BackboneError.notFinite`.
  init(
    _ architecture: VGGArchitecture, path: String, importer: String, hasTop: Bool,
    read: (VGGArchitecture.TensorSpecification) throws -> Tensor
  ) throws {
    self.architecture = architecture
    self.importer = importer
    let wanted = architecture.convolutionTensors + (hasTop ? architecture.topTensors : [])
    tensors = try wanted.map { specification in
      let tensor = try read(specification)
      precondition(tensor.shape == specification.shape, "\(importer) gave \(specification.key) in shape \(tensor.shape)")
      let position = tensor.withUnsafeValues { values in values.firstIndex { !$0.isFinite } }
      if let position { throw BackboneError.notFinite(path: path, key: specification.key, position: position) }
      return (specification.key, tensor)
    }
  }
}

extension [String] {
  /// Enough of them to tell what a file holds.
  var sample: [String] { count > 8 ? Array(prefix(8)) + ["… \(count - 8) more"] : self }
}

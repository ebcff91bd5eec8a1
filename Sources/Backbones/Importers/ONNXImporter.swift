import Foundation
import NeuralNetworks
import SwiftProtobuf

/// Reads the weights of a Keras network that was exported to ONNX.
///
/// Tensors are found by the layer's name in theirs, as in `functional_1/block1_conv1_1/convolution/ReadVariableOp:0`.
/// Their order alone is not believed: the VGG-16 of other libraries has the same shapes and another preprocessing.
enum ONNXImporter {
  private static let maximumBytes = 2 << 30

  /// - Throws: `BackboneError` naming the tensor, its place in the file, the expected and the actual shape.
  static func read(_ url: URL, architecture: VGGArchitecture) throws -> WeightTensors {
    let initializers = try initializers(of: url)
    let topNames = Set(VGGArchitecture.topLayerNames)
    return try WeightTensors(
      architecture, path: url.path, importer: "onnx",
      hasTop: initializers.contains { initializer in topNames.contains { isPart($0, of: initializer.name) } }
    ) { specification in
      // In a file a kernel of four dimensions is [out, in, height, width]; dense kernels are as here.
      let rank = specification.shape.count
      let matching = initializers.filter { $0.dims.count == rank && isPart(specification.layer, of: $0.name) }
      guard let initializer = matching.first else {
        throw BackboneError.missingTensor(
          path: url.path, key: specification.key, expected: specification.shape,
          found: initializers.map(\.name).sample)
      }
      guard matching.count == 1 else {
        throw BackboneError.ambiguousTensor(path: url.path, key: specification.key, locations: matching.map(\.name))
      }
      let shape = initializer.dims.map { Int(truncatingIfNeeded: $0) }
      let ordered = rank == 4 ? [shape[2], shape[3], shape[1], shape[0]] : shape
      guard ordered == specification.shape else {
        throw BackboneError.tensorShape(
          path: url.path, key: specification.key, location: initializer.name, expected: specification.shape,
          actual: ordered)
      }
      let tensor = Tensor(shape: shape, values: try values(of: initializer, count: elementCount(of: shape)!, path: url.path))
      return rank == 4 ? channelsLast(tensor) : tensor
    }
  }

  private static func initializers(of url: URL) throws -> [ONNXTensorProto] {
    func unreadable(_ reason: String) -> BackboneError { .unreadable(path: url.path, reason: reason) }
    let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber)?.intValue ?? 0
    guard size <= maximumBytes else { throw unreadable("an ONNX file has at most 2 GiB, and it has \(size) bytes") }
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let model: ONNXModelProto
    do {
      model = try ONNXModelProto(
        serializedBytes: Data(contentsOf: url, options: .mappedIfSafe), extensions: nil, options: options)
    } catch is BinaryDecodingError {
      throw unreadable("it is no ONNX file, or damaged or cut short")
    } catch {
      throw unreadable(error.localizedDescription)
    }
    guard model.irVersion > 0, model.hasGraph else { throw unreadable("it is no ONNX file, or holds no graph") }
    return model.graph.initializer
  }

  /// Whether `layer`, with or without the number that exporters append, is one of the parts of a tensor's path.
  private static func isPart(_ layer: String, of name: String) -> Bool {
    name.split(separator: "/").contains { part in
      guard part.hasPrefix(layer) else { return false }
      let rest = part.dropFirst(layer.count)
      return rest.isEmpty || (rest.first == "_" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber))
    }
  }

  private static func values(of initializer: ONNXTensorProto, count: Int, path: String) throws -> [Float] {
    func unreadable(_ reason: String) -> BackboneError {
      .unreadable(path: path, reason: "the tensor '\(initializer.name)' \(reason)")
    }
    guard initializer.dataType == ONNXTensorProto.DataType.float.rawValue else {
      throw unreadable("is not of 32-bit floats")
    }
    guard initializer.dataLocation == .default else { throw unreadable("keeps its values in another file") }
    let values: [Float]
    if initializer.rawData.isEmpty {
      values = initializer.floatData
    } else {
      // Little-endian by the format.
      let bytes = initializer.rawData
      guard bytes.count == count * MemoryLayout<Float>.size else {
        throw unreadable("has \(bytes.count) bytes where its shape asks for \(count * MemoryLayout<Float>.size)")
      }
      values = bytes.withUnsafeBytes { bytes in
        (0..<count).map { Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))) }
      }
    }
    guard values.count == count else { throw unreadable("has \(values.count) values where its shape asks for \(count)") }
    return values
  }

  /// From `[out, in, height, width]` to `[height, width, in, out]`.
  private static func channelsLast(_ tensor: Tensor) -> Tensor {
    let (outputs, inputs, height, width) = (tensor.shape[0], tensor.shape[1], tensor.shape[2], tensor.shape[3])
    var result = Tensor(uninitialized: [height, width, inputs, outputs])
    tensor.withUnsafeValues { source in
      result.withUnsafeMutableValues { target in
        var index = 0
        for output in 0..<outputs {
          for input in 0..<inputs {
            for place in 0..<height * width {
              target[(place * inputs + input) * outputs + output] = source[index]
              index += 1
            }
          }
        }
      }
    }
    return result
  }
}

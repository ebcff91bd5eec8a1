import Foundation
import LocalFiles

/// A safetensors file, mapped into memory and checked: named tensors and a map of texts about them.
///
/// It is data, never code. Pages are read when touched; tensors are views of the file wherever its alignment allows.
/// The file must not be cut short while it is open: replace files by renaming, as everything here does.
public final class SafetensorsFile: Sendable {
  public let url: URL
  private let file: MappedFile
  private let header: SafetensorsHeader

  /// - Throws: `LocalFileError.cannotRead` if the file cannot be opened; `NeuralNetworkError.invalidSafetensors` if
  ///   anything in it is not as the format says.
  public init(_ url: URL) throws {
    self.url = url
    file = try MappedFile(url)
    header = try SafetensorsHeader(of: file.bytes, path: url.path)
  }

  /// Texts about the tensors; empty if the file has none.
  public var metadata: [String: String] { header.metadata }

  /// The tensors' names, in code-point order.
  public var names: [String] { header.entries.keys.sorted(by: Self.inCodePointOrder) }

  /// The shape of a tensor.
  ///
  /// - Throws: `NeuralNetworkError.tensorNotFound`.
  public func shape(of name: String) throws -> [Int] { try entry(name).shape }

  /// A tensor of Float32.
  ///
  /// - Throws: `NeuralNetworkError.tensorNotFound`, or `.unsupportedElementType` if its elements are of another type.
  public func tensor(_ name: String) throws -> Tensor {
    let entry = try entry(name)
    guard entry.type == .float32 else {
      throw NeuralNetworkError.unsupportedElementType(path: url.path, name: name, type: entry.type.rawValue)
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[dataRange(of: entry)])
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return Tensor(shape: entry.shape) }
    if UInt(bitPattern: start) % UInt(MemoryLayout<Float>.alignment) == 0 {
      return Tensor(shape: entry.shape, viewing: start.assumingMemoryBound(to: Float.self), owner: file)
    }
    // The format does not ask for alignment; then the elements are copied to where they are aligned.
    var tensor = Tensor(uninitialized: entry.shape)
    tensor.withUnsafeMutableValues { UnsafeMutableRawBufferPointer($0).copyMemory(from: bytes) }
    return tensor
  }

  private func entry(_ name: String) throws -> SafetensorsHeader.Entry {
    guard let entry = header.entries[name] else {
      throw NeuralNetworkError.tensorNotFound(path: url.path, name: name)
    }
    return entry
  }

  private func dataRange(of entry: SafetensorsHeader.Entry) -> Range<Int> {
    header.dataStart + entry.bytes.lowerBound..<header.dataStart + entry.bytes.upperBound
  }

  static func inCodePointOrder(_ first: String, _ second: String) -> Bool {
    first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
  }
}

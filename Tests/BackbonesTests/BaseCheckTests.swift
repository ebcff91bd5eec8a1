import Backbones
import Digests
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct BaseCheckTests {
  private func withStored(
    _ source: String, _ body: (StoredWeights) throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nefro-check-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(
      await WeightStore(folder: folder).fetch(Tiny.entry(), from: golden(source), sources: WeightStoreTests.nowhere))
  }

  private func check(_ url: URL, _ expected: ContentDigest) throws {
    try BaseCheck(of: SafetensorsFile(url), expected: expected, architecture: Tiny.architecture).wait()
  }

  @Test(arguments: ["keras1-notop.h5", "keras1-full.h5"])
  func `the digest of the convolutions is compared, whether the file has a top or not`(source: String) async throws {
    try await withStored(source) { stored in
      try check(stored.url, stored.digest)
      let other = ContentDigest(of: "other")
      #expect(
        throws: BackboneError.changed(path: stored.url.path, expected: other.hex, actual: stored.digest.hex)
      ) { try check(stored.url, other) }
    }
  }

  @Test func `a flipped bit in any convolution is found, one in the top is not its business`() async throws {
    try await withStored("keras1-full.h5") { stored in
      let whole = try Data(contentsOf: stored.url)
      let header = whole.withUnsafeBytes { Int($0.load(as: UInt64.self)) }
      let file = try stored.file()
      var position = 8 + header
      for name in file.names {
        var changed = whole
        changed[position] ^= 0x10
        let url = stored.url.deletingLastPathComponent().appending(path: "changed.safetensors")
        try changed.write(to: url)
        if Tiny.convolutions.contains(where: { $0.0 == name }) {
          #expect(throws: BackboneError.self, "\(name)") { try check(url, stored.digest) }
        } else {
          try check(url, stored.digest)
        }
        position += try file.shape(of: name).reduce(4, *)
      }
      #expect(position == whole.count)
    }
  }

  @Test func `a file without one of the convolutions is refused`() async throws {
    try await withStored("keras1-notop.h5") { stored in
      let url = stored.url.deletingLastPathComponent().appending(path: "cut.safetensors")
      try SafetensorsFile.write(to: url, tensors: [Tiny.convolutions[0]], metadata: [:])
      #expect(throws: NeuralNetworkError.self) { try check(url, stored.digest) }
    }
  }
}

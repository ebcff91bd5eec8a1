import Digests
import Dispatch
import NeuralNetworks
import Synchronization

/// Compares a base's weights with the digest they must have, beside the work that uses them.
///
/// A bit that flipped on the disk changes answers without a sign. Reading 56 MiB to their end takes a core some 30 ms,
/// about as long as a fresh process takes to read its picture and answer; so it is done at the same time, and an answer
/// is given only once `wait()` has returned. Nothing is remembered from one process to the next: there is no stamp to
/// trust.
public final class BaseCheck: Sendable {
  private let path: String
  private let expected: ContentDigest
  private let done = DispatchGroup()
  private let outcome = Mutex<Result<ContentDigest, any Error>?>(nil)

  /// Begins to read `file` on another thread.
  ///
  /// - Parameters:
  ///   - file: a stored base; it is kept open until the check is done.
  ///   - expected: the digest that a model names.
  ///   - architecture: of the network that the model names; it says which tensors are the base's.
  public init(of file: SafetensorsFile, expected: ContentDigest, architecture: VGGArchitecture) {
    path = file.url.path
    self.expected = expected
    DispatchQueue.global(qos: .userInitiated).async(group: done) {
      let digest = Result { try WeightTensors.baseDigest(of: file, architecture: architecture) }
      self.outcome.withLock { $0 = digest }
    }
  }

  /// Returns when every byte has been read and is as it must be.
  ///
  /// - Throws: `BackboneError.changed` if the weights have another digest; `NeuralNetworkError` if one is missing.
  public func wait() throws {
    done.wait()
    guard let outcome = outcome.withLock({ $0 }) else { preconditionFailure("a check that is done has an outcome") }
    let actual = try outcome.get()
    guard actual == expected else {
      throw BackboneError.changed(path: path, expected: expected.hex, actual: actual.hex)
    }
  }
}

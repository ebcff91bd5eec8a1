/// Memory for the activations of one run at a time.
///
/// Unchecked because it holds a pointer: a run takes it out of its network before use and nobody else has it meanwhile.
final class Workspace: @unchecked Sendable {
  private let storage: TensorStorage

  init(count: Int) {
    storage = TensorStorage(count: count, zeroed: false)
  }

  var count: Int { storage.count }
  var start: UnsafeMutablePointer<Float> { storage.start }
}

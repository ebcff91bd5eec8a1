/// How often a convolution will run with the kernel it has.
///
/// It changes time and memory, never a bit of the result.
public enum KernelUse: Sendable {
  /// Many times: weights are packed at the first run and stay packed, in up to four times their memory.
  case repeated
  /// Once or a few times, as in a process that answers for one picture: weights are read where they lie, transformed
  /// piece by piece, and let go.
  case single
}

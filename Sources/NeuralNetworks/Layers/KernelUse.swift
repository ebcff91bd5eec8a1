/// How often a convolution will run with the kernel it has.
///
/// It changes time and memory, never a bit of the result.
public enum KernelUse: Sendable {
  /// Many times: weights are packed at the first run and stay packed. A 3x3 kernel with stride 1 then takes four times
  /// its memory, or seven in layers that run on tiles of 6x6; others take about their own memory again.
  case repeated
  /// Once or a few times, as in a process that answers for one picture: weights are read where they lie, transformed
  /// piece by piece, and let go.
  case single
}

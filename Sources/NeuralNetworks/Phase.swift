/// What a network is run for. It is an argument of every run; no layer remembers one.
public enum Phase: Sendable, Equatable {
  /// Answers only: dropout lets everything through.
  case inference
  /// One training step: dropout draws from the stream named by the seed, the step, the layer's number in its
  /// network and the sample's position in the batch, so that a step can be repeated bit by bit.
  case training(seed: UInt64, step: UInt64)
}

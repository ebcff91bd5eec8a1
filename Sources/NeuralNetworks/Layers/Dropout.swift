import RandomStreams

/// In training, sets a share of the values to zero and multiplies the others by `1 / (1 - rate)`; in inference,
/// nothing.
///
/// The values that fall out are drawn from the stream `(seed; step, layer number, sample)`, so backward draws them
/// again instead of keeping them.
public final class Dropout: Layer {
  public let name: String
  /// The share that falls out, 0..<1.
  public let rate: Double

  public init(name: String, rate: Double) {
    precondition(rate >= 0 && rate < 1, "\(name): a dropout rate must be at least 0 and below 1, not \(rate)")
    self.name = name
    self.rate = rate
  }

  public var memory: LayerMemory { .inPlace }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    apply(input: input, output: output, context: context)
  }

  public func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    apply(input: pass.outputGradient, output: inputGradient, context: pass.context)
  }

  /// Both passes are the same: what fell out has no gradient, the rest has the factor.
  private func apply(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    guard case .training(let seed, let step) = context.phase, rate > 0 else {
      context.copy(input, to: output)
      return
    }
    let count = context.inputCount / max(context.batch, 1)
    let factor = Float(1 / (1 - rate))
    let pointers = Pointers(input: input, output: output)
    context.pool.run(count: context.batch) { sample, _ in
      var stream = RandomStream(seed: seed, step, UInt64(context.number), UInt64(context.firstSample + sample))
      for index in sample * count..<(sample + 1) * count {
        pointers.output[index] = stream.uniform() < rate ? 0 : pointers.input[index] * factor
      }
    }
  }

  /// Lets the threads of a pool write, each into its own samples.
  private struct Pointers: @unchecked Sendable {
    let input: UnsafePointer<Float>
    let output: UnsafeMutablePointer<Float>
  }
}

import TensorKernels

/// `max(x, 0)`, for any shape. `Convolution2D` and `Dense` can do it themselves, at no cost.
public final class ReLU: Layer {
  public let name: String

  public init(name: String) {
    self.name = name
  }

  public var memory: LayerMemory { .inPlace }
  public var keeps: KeptValues { .output }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    relu(input: input, output: output, count: context.inputCount, pool: context.pool)
  }

  public func backward(_ pass: BackwardPass) {
    guard let output = pass.output, let inputGradient = pass.inputGradient else { return }
    reluGradient(
      output: output, outputGradient: pass.outputGradient, inputGradient: inputGradient,
      count: pass.context.inputCount, pool: pass.context.pool)
  }
}

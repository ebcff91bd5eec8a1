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

  public func backward(_ kept: KeptState, outputGradient: consuming Tensor, wantsInputGradient: Bool) -> Tensor? {
    guard wantsInputGradient, let output = kept.output else { return nil }
    var gradient = outputGradient
    gradient.maskWhereZero(output, pool: kept.context.pool)
    return gradient
  }
}

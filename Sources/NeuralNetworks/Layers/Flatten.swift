/// Reads each sample as one row of numbers, in height, width, channel order as Keras does.
///
/// - Input shape: `[batch, ...]`
/// - Output shape: `[batch, count]`
public final class Flatten: Layer {
  public let name: String

  public init(name: String) {
    self.name = name
  }

  public var memory: LayerMemory { .reshape }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard let count = elementCount(of: inputShape) else {
      throw NeuralNetworkError.shapeTooLarge(what: "The input of layer '\(name)'", shape: inputShape)
    }
    return [count]
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    context.copy(input, to: output)
  }

  public func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    pass.context.copy(UnsafePointer(pass.outputGradient), to: inputGradient)
  }
}

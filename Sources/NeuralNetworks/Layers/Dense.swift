import RandomStreams
import TensorKernels

/// A fully connected layer: `output = input * kernel + bias`, with an optional ReLU.
///
/// - Input shape: `[batch, inputs]`
/// - Output shape: `[batch, outputs]`
/// - Parameters: `kernel`, shape `[inputs, outputs]` as in Keras; `bias`, shape `[outputs]`.
public final class Dense: Layer {
  public let name: String
  public let inputs: Int
  public let outputs: Int
  public let activation: Activation
  public let kernel: Parameter
  public let bias: Parameter

  /// A layer whose parameters are zero until they are assigned or initialized.
  public init(name: String, inputs: Int, outputs: Int, activation: Activation = .none) {
    precondition(inputs > 0 && outputs > 0, "\(name): a dense layer needs inputs and outputs")
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    kernel = Parameter(name: name + "/kernel", value: Tensor(shape: [inputs, outputs]))
    bias = Parameter(name: name + "/bias", value: Tensor(shape: [outputs]))
  }

  public var parameters: [Parameter] { [kernel, bias] }
  public var memory: LayerMemory { .newBuffer }

  public var keeps: KeptValues {
    var kept: KeptValues = isTrainable ? .input : []
    if activation == .relu { kept.insert(.output) }
    return kept
  }

  /// Draws the kernel anew and sets the bias to zero.
  public func initialize(_ initializer: Initializer, stream: inout RandomStream) {
    kernel.value = initializer.tensor(shape: kernel.shape, fanIn: inputs, fanOut: outputs, stream: &stream)
    bias.value = Tensor(shape: [outputs])
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape == [inputs] else {
      throw NeuralNetworkError.layerInput(layer: name, expected: "[\(inputs)]", actual: inputShape)
    }
    return [outputs]
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    bias.value.withUnsafeValues { bias in
      for row in 0..<context.batch { (output + row * outputs).update(from: bias.baseAddress!, count: outputs) }
    }
    kernel.value.withUnsafeValues { kernel in
      matrixProduct(
        rows: context.batch, columns: outputs, inner: inputs, a: input, aRowStride: inputs, aTransposed: false,
        b: kernel.baseAddress!, bRowStride: outputs, bTransposed: false, c: output, cRowStride: outputs,
        accumulate: true, pool: context.pool)
    }
    if activation == .relu {
      relu(input: output, output: output, count: context.batch * outputs, pool: context.pool)
    }
  }

  public func backward(_ kept: KeptState, outputGradient: consuming Tensor, wantsInputGradient: Bool) -> Tensor? {
    let batch = kept.context.batch
    let pool = kept.context.pool
    var gradient = outputGradient
    if activation == .relu, let output = kept.output { gradient.maskWhereZero(output, pool: pool) }
    if let input = kept.input, kernel.isTrainable {
      kernel.gradient = product(
        [inputs, outputs], inner: batch, input, rowStride: inputs, transposed: true, gradient, rowStride: outputs,
        transposed: false, pool: pool)
    }
    if kept.input != nil, bias.isTrainable { bias.gradient = gradient.sumOverRows(columns: outputs) }
    guard wantsInputGradient else { return nil }
    return product(
      [batch, inputs], inner: outputs, gradient, rowStride: outputs, transposed: false, kernel.value,
      rowStride: outputs, transposed: true, pool: pool)
  }

  /// The product of two matrices, of which either may be stored transposed.
  private func product(
    _ shape: [Int], inner: Int, _ a: Tensor, rowStride aRowStride: Int, transposed aTransposed: Bool, _ b: Tensor,
    rowStride bRowStride: Int, transposed bTransposed: Bool, pool: ThreadPool
  ) -> Tensor {
    var result = Tensor(uninitialized: shape)
    result.withUnsafeMutableValues { result in
      a.withUnsafeValues { a in
        b.withUnsafeValues { b in
          matrixProduct(
            rows: shape[0], columns: shape[1], inner: inner, a: a.baseAddress!, aRowStride: aRowStride,
            aTransposed: aTransposed, b: b.baseAddress!, bRowStride: bRowStride, bTransposed: bTransposed,
            c: result.baseAddress!, cRowStride: shape[1], accumulate: false, pool: pool)
        }
      }
    }
    return result
  }
}

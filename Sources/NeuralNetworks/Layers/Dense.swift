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

  public func backward(_ pass: BackwardPass) {
    let (batch, pool) = (pass.context.batch, pass.context.pool)
    if activation == .relu { pass.maskOutputGradient() }
    let gradient = UnsafePointer(pass.outputGradient)
    if let input = pass.input, kernel.isTrainable {
      kernel.writeGradient { kernelGradient in
        matrixProduct(
          rows: inputs, columns: outputs, inner: batch, a: input, aRowStride: inputs, aTransposed: true,
          b: gradient, bRowStride: outputs, bTransposed: false, c: kernelGradient.baseAddress!, cRowStride: outputs,
          accumulate: false, pool: pool)
      }
    }
    if pass.input != nil, bias.isTrainable {
      bias.writeGradient { sumOverRows(gradient, rows: batch, into: $0) }
    }
    guard let inputGradient = pass.inputGradient else { return }
    kernel.value.withUnsafeValues { kernel in
      matrixProduct(
        rows: batch, columns: inputs, inner: outputs, a: gradient, aRowStride: outputs, aTransposed: false,
        b: kernel.baseAddress!, bRowStride: outputs, bTransposed: true, c: inputGradient, cRowStride: inputs,
        accumulate: false, pool: pool)
    }
  }

  /// The sum of each column, added up in double precision.
  private func sumOverRows(_ values: UnsafePointer<Float>, rows: Int, into sums: UnsafeMutableBufferPointer<Float>) {
    for column in sums.indices {
      var sum = 0.0
      for row in 0..<rows { sum += Double(values[row * sums.count + column]) }
      sums[column] = Float(sum)
    }
  }
}

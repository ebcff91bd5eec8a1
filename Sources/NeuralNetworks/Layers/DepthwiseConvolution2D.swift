import RandomStreams
import TensorKernels

/// A two-dimensional convolution of each channel with a kernel of its own, with a bias and an optional ReLU.
///
/// - Input shape: `[batch, inputHeight, inputWidth, channels]`
/// - Output shape: `[batch, outputHeight, outputWidth, channels]`, with the formula of `Convolution2D`.
/// - Parameters: `kernel`, shape `[kernelHeight, kernelWidth, channels, 1]` as in Keras, whose depth multiplier is 1
///   here; `bias`, shape `[channels]`.
///
/// The weights are used as they are, so nothing is packed and nothing is held beside them.
public final class DepthwiseConvolution2D: Layer {
  public let name: String
  public let channels: Int
  public let kernelSize: Size2D
  public let stride: Size2D
  public let padding: Padding
  public let activation: Activation
  public let kernel: Parameter
  /// Nil if the layer has none.
  public let bias: Parameter?

  /// A convolution whose parameters are zero until they are assigned or initialized.
  ///
  /// - Parameters:
  ///   - name: unique in its network; the parameters are `NAME/kernel` and `NAME/bias`.
  ///   - channels: of input and output, at least 1.
  ///   - kernel: height and width in pixels, each at least 1.
  ///   - stride: rows and columns of the input between two results, each at least 1.
  ///   - padding: zeros around the input.
  ///   - activation: what follows in the same pass.
  ///   - hasBias: whether one number for each channel is added.
  public init(
    name: String, channels: Int, kernel: Size2D, stride: Size2D = 1, padding: Padding = .valid,
    activation: Activation = .none, hasBias: Bool = true
  ) {
    precondition(channels > 0, "\(name): channels must be positive")
    precondition(kernel.height > 0 && kernel.width > 0, "\(name): the kernel must have a size")
    precondition(stride.height > 0 && stride.width > 0, "\(name): strides must be positive")
    self.name = name
    self.channels = channels
    self.kernelSize = kernel
    self.stride = stride
    self.padding = padding
    self.activation = activation
    self.kernel = Parameter(name: name + "/kernel", value: Tensor(shape: [kernel.height, kernel.width, channels, 1]))
    bias = hasBias ? Parameter(name: name + "/bias", value: Tensor(shape: [channels])) : nil
  }

  public var parameters: [Parameter] { [kernel] + (bias.map { [$0] } ?? []) }
  public var memory: LayerMemory { .newBuffer }

  public var keeps: KeptValues {
    var kept: KeptValues = isTrainable ? .input : []
    if activation == .relu { kept.insert(.output) }
    return kept
  }

  /// Draws the kernel anew and sets the bias to zero. A result sees one window of one channel, and so does a pixel.
  public func initialize(_ initializer: Initializer, stream: inout RandomStream) {
    let window = kernelSize.height * kernelSize.width
    kernel.value = initializer.tensor(shape: kernel.shape, fanIn: window, fanOut: window, stream: &stream)
    bias?.value = Tensor(shape: [channels])
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 3, inputShape[2] == channels, inputShape[0] > 0, inputShape[1] > 0 else {
      throw NeuralNetworkError.layerInput(layer: name, expected: "[height, width, \(channels)]", actual: inputShape)
    }
    let shape = depthwiseShape(for: inputShape)
    guard shape.outputHeight > 0, shape.outputWidth > 0 else {
      throw NeuralNetworkError.layerInput(
        layer: name, expected: "at least [\(kernelSize.height), \(kernelSize.width), \(channels)] with its padding",
        actual: inputShape)
    }
    return [shape.outputHeight, shape.outputWidth, channels]
  }

  private func depthwiseShape(for inputShape: [Int]) -> DepthwiseShape {
    let padding = padding.amounts(
      input: Size2D(height: inputShape[0], width: inputShape[1]), window: kernelSize, stride: stride)
    return DepthwiseShape(
      inputHeight: inputShape[0], inputWidth: inputShape[1], channels: channels, kernelHeight: kernelSize.height,
      kernelWidth: kernelSize.width, strideHeight: stride.height, strideWidth: stride.width, paddingTop: padding.top,
      paddingLeft: padding.left, paddingBottom: padding.bottom, paddingRight: padding.right)
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    func compute(_ kernel: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?) {
      depthwiseConvolution(
        shape: depthwiseShape(for: context.inputShape), kernel: kernel, bias: bias, input: input, output: output,
        batch: context.batch, activation: activation, pool: context.pool)
    }
    kernel.value.withUnsafeValues { kernel in
      guard let bias else { return compute(kernel.baseAddress!, nil) }
      bias.value.withUnsafeValues { compute(kernel.baseAddress!, $0.baseAddress!) }
    }
  }

  public func backward(_ pass: BackwardPass) {
    let shape = depthwiseShape(for: pass.context.inputShape)
    if activation == .relu { pass.maskOutputGradient() }
    if let input = pass.input {
      Parameter.writeGradients(kernel, bias) { kernelGradient, biasGradient in
        depthwiseKernelGradient(
          shape: shape, input: input, outputGradient: pass.outputGradient, kernelGradient: kernelGradient,
          biasGradient: biasGradient, batch: pass.context.batch, pool: pass.context.pool)
      }
    }
    guard let inputGradient = pass.inputGradient else { return }
    kernel.value.withUnsafeValues { kernel in
      depthwiseInputGradient(
        shape: shape, kernel: kernel.baseAddress!, outputGradient: pass.outputGradient, inputGradient: inputGradient,
        batch: pass.context.batch, pool: pass.context.pool)
    }
  }
}

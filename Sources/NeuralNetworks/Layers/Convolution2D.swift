import RandomStreams
import Synchronization
import TensorKernels

/// A two-dimensional convolution (the machine learner's: the kernel is not flipped) with a bias and an optional ReLU.
///
/// - Input shape: `[batch, inputHeight, inputWidth, inputChannels]`
/// - Output shape: `[batch, outputHeight, outputWidth, outputChannels]` with
///   `outputHeight = (inputHeight + padding.top + padding.bottom - kernel.height) / stride.height + 1`, rounded down,
///   and the same for the width.
/// - Parameters: `kernel`, shape `[kernelHeight, kernelWidth, inputChannels, outputChannels]` as in Keras;
///   `bias`, shape `[outputChannels]`.
///
/// The ReLU is part of the layer so that it costs no pass of its own over memory.
public final class Convolution2D: Layer {
  public let name: String
  public let inputChannels: Int
  public let outputChannels: Int
  public let kernelSize: Size2D
  public let stride: Size2D
  public let padding: Padding
  public let activation: Activation
  public let kernel: Parameter
  /// Nil if the layer has none.
  public let bias: Parameter?
  /// Whether inference keeps packed weights.
  public let kernelUse: KernelUse
  private let cache = Mutex<Prepared?>(nil)

  /// The weights as the fast kernels want them, and what they were made from.
  private struct Prepared: Sendable {
    let shape: ConvolutionShape
    let kernelVersion: UInt64
    let biasVersion: UInt64?
    let convolution: PreparedConvolution
  }

  /// A convolution whose parameters are zero until they are assigned or initialized.
  ///
  /// Numbers out of their range are our own bug; a shape from outside is checked by `outputShape(for:)`.
  ///
  /// - Parameters:
  ///   - name: unique in its network; the parameters are `NAME/kernel` and `NAME/bias`.
  ///   - inputChannels: at least 1, as `outputChannels`.
  ///   - kernel: height and width in pixels, each at least 1.
  ///   - stride: rows and columns of the input between two results, each at least 1.
  ///   - padding: zeros around the input.
  ///   - activation: what follows in the same pass.
  ///   - hasBias: whether one number for each output channel is added.
  ///   - kernelUse: how often inference will run with the kernel; it changes no bit.
  public init(
    name: String, inputChannels: Int, outputChannels: Int, kernel: Size2D, stride: Size2D = 1,
    padding: Padding = .valid, activation: Activation = .none, hasBias: Bool = true,
    kernelUse: KernelUse = .repeated
  ) {
    precondition(inputChannels > 0 && outputChannels > 0, "\(name): channels must be positive")
    precondition(kernel.height > 0 && kernel.width > 0, "\(name): the kernel must have a size")
    precondition(stride.height > 0 && stride.width > 0, "\(name): strides must be positive")
    self.name = name
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernel
    self.stride = stride
    self.padding = padding
    self.activation = activation
    self.kernelUse = kernelUse
    self.kernel = Parameter(
      name: name + "/kernel", value: Tensor(shape: [kernel.height, kernel.width, inputChannels, outputChannels]))
    bias = hasBias ? Parameter(name: name + "/bias", value: Tensor(shape: [outputChannels])) : nil
  }

  public var parameters: [Parameter] { [kernel] + (bias.map { [$0] } ?? []) }
  public var memory: LayerMemory { .newBuffer }

  public var keeps: KeptValues {
    var kept: KeptValues = isTrainable ? .input : []
    if activation == .relu { kept.insert(.output) }
    return kept
  }

  /// Draws the kernel anew and sets the bias to zero.
  public func initialize(_ initializer: Initializer, stream: inout RandomStream) {
    let window = kernelSize.height * kernelSize.width
    kernel.value = initializer.tensor(
      shape: kernel.shape, fanIn: window * inputChannels, fanOut: window * outputChannels, stream: &stream)
    bias?.value = Tensor(shape: [outputChannels])
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 3, inputShape[2] == inputChannels, inputShape[0] > 0, inputShape[1] > 0 else {
      throw NeuralNetworkError.layerInput(
        layer: name, expected: "[height, width, \(inputChannels)]", actual: inputShape)
    }
    let shape = convolutionShape(for: inputShape)
    let paddedHeight = shape.inputHeight + shape.paddingTop + shape.paddingBottom
    let paddedWidth = shape.inputWidth + shape.paddingLeft + shape.paddingRight
    guard paddedHeight >= kernelSize.height, paddedWidth >= kernelSize.width else {
      throw NeuralNetworkError.layerInput(
        layer: name,
        expected: "at least [\(kernelSize.height), \(kernelSize.width), \(inputChannels)] with its padding",
        actual: inputShape)
    }
    return [shape.outputHeight, shape.outputWidth, outputChannels]
  }

  private func convolutionShape(for inputShape: [Int]) -> ConvolutionShape {
    let padding = padding.amounts(
      input: Size2D(height: inputShape[0], width: inputShape[1]), window: kernelSize, stride: stride)
    return ConvolutionShape(
      inputHeight: inputShape[0], inputWidth: inputShape[1], inputChannels: inputChannels,
      outputChannels: outputChannels, kernelHeight: kernelSize.height, kernelWidth: kernelSize.width,
      strideHeight: stride.height, strideWidth: stride.width, paddingTop: padding.top, paddingLeft: padding.left,
      paddingBottom: padding.bottom, paddingRight: padding.right)
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    let shape = convolutionShape(for: context.inputShape)
    if usesKernelOnce(in: context.phase) {
      convolveOnce(shape, halved: false, input: input, output: output, context: context)
    } else {
      prepared(for: shape, pool: context.pool)
        .run(input: input, output: output, batch: context.batch, activation: activation, pool: context.pool)
    }
  }

  /// The layer and a pooling behind it that halves height and width, in one pass over memory. Same bits as one after
  /// the other; inference only.
  ///
  /// - Parameter output: Shape: `[batch, outputHeight / 2, outputWidth / 2, outputChannels]`.
  func forwardHalved(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    let shape = convolutionShape(for: context.inputShape)
    if usesKernelOnce(in: context.phase) {
      convolveOnce(shape, halved: true, input: input, output: output, context: context)
    } else {
      prepared(for: shape, pool: context.pool)
        .runWithMaxPooling(
          input: input, output: output, batch: context.batch, activation: activation, pool: context.pool)
    }
  }

  /// A step changes what it trains, so weights packed for it would be packed for nothing else.
  private func usesKernelOnce(in phase: Phase) -> Bool {
    if kernelUse == .single { return true }
    if case .training = phase { return isTrainable }
    return false
  }

  private func convolveOnce(
    _ shape: ConvolutionShape, halved: Bool, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: LayerContext
  ) {
    releaseMemory()
    let weights = kernel.value
    withPointers(weights, bias?.value) { kernel, bias in
      let convolve = halved ? convolutionWithMaxPooling : convolution
      convolve(shape, kernel, bias, input, output, context.batch, activation, context.pool, .current)
    }
    // Weights that lie in a file have been read and need not stay in memory.
    weights.dropMappedPages()
  }

  private func withPointers<Result>(
    _ kernel: Tensor, _ bias: Tensor?, _ body: (UnsafePointer<Float>, UnsafePointer<Float>?) -> Result
  ) -> Result {
    kernel.withUnsafeValues { kernel in
      guard let bias else { return body(kernel.baseAddress!, nil) }
      return bias.withUnsafeValues { body(kernel.baseAddress!, $0.baseAddress!) }
    }
  }

  /// The packed weights, made again if a parameter or the input's size has changed since.
  private func prepared(for shape: ConvolutionShape, pool: ThreadPool) -> PreparedConvolution {
    cache.withLock { cached in
      let (kernel, kernelVersion) = kernel.snapshot
      let bias = bias?.snapshot
      if let cached, cached.shape == shape, cached.kernelVersion == kernelVersion,
        cached.biasVersion == bias?.version
      {
        return cached.convolution
      }
      cached = nil  // The old weights go before the new ones come.
      let convolution = withPointers(kernel, bias?.value) { kernel, bias in
        PreparedConvolution(shape: shape, kernel: kernel, bias: bias, pool: pool)
      }
      // The packed weights replace the raw ones, which need not stay in memory if they lie in a file.
      kernel.dropMappedPages()
      cached = Prepared(
        shape: shape, kernelVersion: kernelVersion, biasVersion: bias?.version, convolution: convolution)
      return convolution
    }
  }

  /// Whether packed weights are held at the moment.
  package var holdsPreparedWeights: Bool { cache.withLock { $0 != nil } }

  public func releaseMemory() {
    cache.withLock { $0 = nil }
  }

  public func backward(_ pass: BackwardPass) {
    let shape = convolutionShape(for: pass.context.inputShape)
    if activation == .relu { pass.maskOutputGradient() }
    if let input = pass.input {
      Parameter.writeGradients(kernel, bias) { kernelGradient, biasGradient in
        convolutionKernelGradient(
          shape: shape, input: input, outputGradient: pass.outputGradient, kernelGradient: kernelGradient,
          biasGradient: biasGradient, batch: pass.context.batch, pool: pass.context.pool)
      }
    }
    guard let inputGradient = pass.inputGradient else { return }
    kernel.value.withUnsafeValues { kernel in
      convolutionInputGradient(
        shape: shape, kernel: kernel.baseAddress!, outputGradient: pass.outputGradient, inputGradient: inputGradient,
        batch: pass.context.batch, pool: pass.context.pool)
    }
  }
}

import TensorKernels

/// The largest value of each window, channel by channel. A window at the border counts only what lies inside the input.
///
/// - Input shape: `[batch, inputHeight, inputWidth, channels]`
/// - Output shape: `[batch, outputHeight, outputWidth, channels]`, with the formula of `Convolution2D`.
///
/// Where a window holds its largest value more than once, the gradient goes to the first.
public final class MaxPooling2D: Layer {
  public let name: String
  package let window: PoolingWindow

  /// - Parameters:
  ///   - name: unique in its network.
  ///   - window: height and width in pixels, each at least 1.
  ///   - stride: rows and columns of the input between two windows, each at least 1; the window's size if nil.
  ///   - padding: what windows may reach beyond the input, smaller than the window; it counts for nothing.
  public init(name: String, window: Size2D = 2, stride: Size2D? = nil, padding: Padding = .valid) {
    self.name = name
    self.window = PoolingWindow(layer: name, size: window, stride: stride ?? window, padding: padding)
  }

  /// Whether it halves height and width, rounded down, with windows of 2 x 2 side by side.
  var halves: Bool { window.size == 2 && window.stride == 2 && window.padding == .valid }

  public var memory: LayerMemory { .newBuffer }
  public var keeps: KeptValues { .input }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try window.outputShape(for: inputShape) }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    maxPool(
      shape: window.shape(for: context.inputShape), input: input, output: output, batch: context.batch,
      pool: context.pool)
  }

  public func backward(_ pass: BackwardPass) {
    guard let input = pass.input, let inputGradient = pass.inputGradient else { return }
    maxPoolGradient(
      shape: window.shape(for: pass.context.inputShape), input: input, outputGradient: pass.outputGradient,
      inputGradient: inputGradient, batch: pass.context.batch, pool: pass.context.pool)
  }
}

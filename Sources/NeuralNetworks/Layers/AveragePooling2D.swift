import TensorKernels

/// The mean of each window, channel by channel. A window at the border counts only what lies inside the input, as in
/// Keras.
///
/// - Input shape: `[batch, inputHeight, inputWidth, channels]`
/// - Output shape: `[batch, outputHeight, outputWidth, channels]`, with the formula of `Convolution2D`.
public final class AveragePooling2D: Layer {
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

  public var memory: LayerMemory { .newBuffer }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try window.outputShape(for: inputShape) }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    averagePool(
      shape: window.shape(for: context.inputShape), input: input, output: output, batch: context.batch,
      pool: context.pool)
  }

  public func backward(_ pass: BackwardPass) {
    spreadAverageGradient(pass, shape: window.shape(for: pass.context.inputShape))
  }
}

/// The mean over all positions, channel by channel.
///
/// - Input shape: `[batch, height, width, channels]`
/// - Output shape: `[batch, channels]`
public final class GlobalAveragePooling2D: Layer {
  public let name: String

  /// - Parameter name: unique in its network.
  public init(name: String) {
    self.name = name
  }

  public var memory: LayerMemory { .newBuffer }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }) else {
      throw NeuralNetworkError.layerInput(layer: name, expected: "[height, width, channels]", actual: inputShape)
    }
    return [inputShape[2]]
  }

  /// The one window over the whole input.
  private func shape(for inputShape: [Int]) -> PoolingShape {
    let all = Size2D(height: inputShape[0], width: inputShape[1])
    return PoolingWindow(layer: name, size: all, stride: all, padding: .valid).shape(for: inputShape)
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    averagePool(
      shape: shape(for: context.inputShape), input: input, output: output, batch: context.batch, pool: context.pool)
  }

  public func backward(_ pass: BackwardPass) {
    spreadAverageGradient(pass, shape: shape(for: pass.context.inputShape))
  }
}

private func spreadAverageGradient(_ pass: BackwardPass, shape: PoolingShape) {
  guard let inputGradient = pass.inputGradient else { return }
  averagePoolGradient(
    shape: shape, outputGradient: pass.outputGradient, inputGradient: inputGradient, batch: pass.context.batch,
    pool: pass.context.pool)
}

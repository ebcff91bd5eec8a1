import TensorKernels

/// One step of a network: what it computes, what it must keep for its backward pass, and that pass.
///
/// A layer holds parameters and no state of a run: whatever backward needs is handed to it, and whether this is
/// training is an argument. Shapes are checked once, by the network, with `outputShape(for:)`; `forward` may then
/// trust them.
public protocol Layer: AnyObject, Sendable {
  /// Unique in its network.
  var name: String { get }
  var parameters: [Parameter] { get }
  var memory: LayerMemory { get }
  /// What `backward` will need, with the parameters as they are now frozen or not.
  var keeps: KeptValues { get }

  /// - Parameter inputShape: without the batch.
  /// - Returns: the output's shape, without the batch.
  /// - Throws: `NeuralNetworkError.layerInput` if the layer cannot take that shape.
  func outputShape(for inputShape: [Int]) throws -> [Int]

  /// Computes the outputs of a batch.
  ///
  /// The result for one sample has the same bits at any place in any batch, and on any number of threads. Nothing is
  /// thrown: shapes fit, and numbers that are not finite go through.
  ///
  /// - Parameters:
  ///   - input: Shape: `[context.batch] + context.inputShape`, row-major, Float32.
  ///   - output: overwritten in whole. Shape: `[context.batch] + context.outputShape`, row-major, Float32. The memory
  ///     of `input` only where `memory` allows it.
  ///   - context: shapes, batch, phase and threads of this run.
  func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext)

  /// Computes gradients from the gradient of the output; those of the trainable parameters are stored in them, with
  /// `Parameter.writeGradient`.
  func backward(_ pass: BackwardPass)

  /// Frees what can be computed again, such as packed weights.
  func releaseMemory()
}

extension Layer {
  public var parameters: [Parameter] { [] }
  public var keeps: KeptValues { [] }
  public func releaseMemory() {}

  /// Whether training changes anything in this layer.
  public var isTrainable: Bool { parameters.contains { $0.isTrainable } }
}

/// How a layer uses memory.
public enum LayerMemory: Sendable {
  /// Input and output are two buffers, and so are their gradients.
  case newBuffer
  /// The output may be written over the input: the two pointers may be equal. Those of the gradients are.
  case inPlace
  /// The output is the input under another shape: with equal pointers nothing needs to be done. The same goes for the
  /// gradients, so `backward` is not called.
  case reshape
}

/// What of a forward pass a layer's backward pass needs.
public struct KeptValues: OptionSet, Sendable {
  public let rawValue: Int
  /// - Parameter rawValue: 1 for the input, 2 for the output, 3 for both.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What the layer got.
  public static let input = KeptValues(rawValue: 1)
  /// What it gave.
  public static let output = KeptValues(rawValue: 2)
}

/// The circumstances of a layer's run.
public struct LayerContext: Sendable {
  /// Shapes without the batch.
  public let inputShape: [Int]
  public let outputShape: [Int]
  /// The number of samples.
  public let batch: Int
  /// The position of the first of them in the whole batch: a batch may be run in parts.
  public let firstSample: Int
  public let phase: Phase
  /// The layer's number in its network, from 0; a network cut from another counts as that one did.
  public let number: Int
  public let pool: ThreadPool

  /// - Parameters:
  ///   - inputShape: without the batch, as `outputShape`.
  ///   - batch: samples of this run, at least 1.
  ///   - firstSample: the position of the first of them in the whole batch.
  ///   - number: the layer's in its network, from 0; streams of random numbers are named by it.
  public init(
    inputShape: [Int], outputShape: [Int], batch: Int, firstSample: Int = 0, phase: Phase, number: Int,
    pool: ThreadPool
  ) {
    self.inputShape = inputShape
    self.outputShape = outputShape
    self.batch = batch
    self.firstSample = firstSample
    self.phase = phase
    self.number = number
    self.pool = pool
  }
}

/// What a layer's backward pass reads and writes. All memory lies in the arena of the run, but an input may be the
/// caller's.
public struct BackwardPass {
  /// That of the forward pass.
  public let context: LayerContext
  /// Shape: the input's, with the batch. Nil unless the layer keeps it; parameter gradients are wanted if it does.
  public let input: UnsafePointer<Float>?
  /// Shape: the output's, with the batch. Nil unless the layer keeps it.
  public let output: UnsafePointer<Float>?
  /// Shape: the output's, with the batch. The layer may overwrite it.
  public let outputGradient: UnsafeMutablePointer<Float>
  /// Gets the gradient of the input. Shape: the input's, with the batch. Nil if it is not wanted, as in the lowest
  /// layer that trains. For a layer that works in place it is the memory of `outputGradient`.
  public let inputGradient: UnsafeMutablePointer<Float>?

  /// - Parameters:
  ///   - context: that of the forward pass.
  ///   - input: Shape: `[batch] + inputShape` of the context; nil unless the layer keeps it.
  ///   - output: Shape: `[batch] + outputShape`; nil unless the layer keeps it.
  ///   - outputGradient: Shape: `[batch] + outputShape`; may be overwritten.
  ///   - inputGradient: Shape: `[batch] + inputShape`; nil if it is not wanted.
  public init(
    context: LayerContext, input: UnsafePointer<Float>?, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?
  ) {
    self.context = context
    self.input = input
    self.output = output
    self.outputGradient = outputGradient
    self.inputGradient = inputGradient
  }
}

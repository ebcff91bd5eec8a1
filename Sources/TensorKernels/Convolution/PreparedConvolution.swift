/// A convolution whose kernel is transformed and packed once, for many pictures.
///
/// A 3x3 convolution with stride 1 and enough channels runs as Winograd's F(4x4, 3x3), or F(6x6, 3x3) where that
/// multiplies less and its kernel is small; all others run as an implicit matrix product. The shape decides, never the
/// batch, and no sum depends on how the work is split: a picture gets the same bits alone, at any place in a batch,
/// with one thread or many.
///
/// Winograd's kernel takes four times the memory of the given one, on 6x6 tiles seven times.
public final class PreparedConvolution: Sendable {
  public let shape: ConvolutionShape

  private let plan: ConvolutionPlan
  private let kernels: Kernels
  private let packed: PackedKernel

  /// - Parameters:
  ///   - kernel: Shape: [kernelHeight, kernelWidth, inputChannels, outputChannels], Float32; copied.
  ///   - bias: Shape: [outputChannels], Float32; copied. None is zero.
  ///   - path: Which build of the kernels computes; one this processor lacks becomes the portable one.
  public init(
    shape: ConvolutionShape, kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, pool: ThreadPool = .shared,
    path: KernelPath = .current
  ) {
    self.shape = shape
    plan = ConvolutionPlan(shape)
    kernels = Kernels(path)
    packed = PackedKernel(count: plan.packedCount, pool: pool)
    plan.pack(kernel: kernel, bias: bias, into: packed.values, kernels: kernels, pool: pool)
  }

  /// Bytes that the packed kernel takes.
  public var byteCount: Int { plan.packedCount * 4 }

  /// - Parameters:
  ///   - input: Shape: [batch, inputHeight, inputWidth, inputChannels], Float32.
  ///   - output: Shape: [batch, outputHeight, outputWidth, outputChannels], Float32; overwritten. Must not overlap
  ///     `input`.
  ///   - activation: Applied to each result after the bias.
  public func run(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int, activation: Activation,
    pool: ThreadPool
  ) {
    plan.run(
      packed: packed.values, input: input, output: output, batch: batch, activation: activation, kernels: kernels,
      pool: pool)
  }

  /// The same followed by 2x2 maximum pooling with stride 2 and no padding, without writing the
  /// convolution's result to memory where Winograd computes it. Same bits as `run` and `maxPool`.
  ///
  /// - Parameter output: Shape: [batch, outputHeight / 2, outputWidth / 2, outputChannels], Float32.
  public func runWithMaxPooling(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int, activation: Activation,
    pool: ThreadPool
  ) {
    plan.runPooled(
      packed: packed.values, input: input, output: output, batch: batch, activation: activation, kernels: kernels,
      pool: pool)
  }
}

/// Unchecked: written while the convolution that owns it is made, then only read.
private final class PackedKernel: @unchecked Sendable {
  let values: UnsafeMutablePointer<Float>
  private let memory: LargePages

  init(count: Int, pool: ThreadPool) {
    memory = LargePages(count: count, pool: pool)
    values = memory.values
  }

  deinit {
    memory.free()
  }
}

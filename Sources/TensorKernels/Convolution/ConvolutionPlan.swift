/// How a layer is computed: chosen from its shape alone, so that a picture gets the same bits in any
/// batch.
enum ConvolutionPlan: Sendable {
  case winograd(WinogradPlan)
  case window(WindowPlan)

  init(_ shape: ConvolutionShape) {
    self = WinogradPlan.suits(shape) ? .winograd(WinogradPlan(shape)) : .window(WindowPlan(shape))
  }

  var shape: ConvolutionShape {
    switch self {
    case .winograd(let plan): plan.shape
    case .window(let plan): plan.shape
    }
  }

  private var biasCount: Int { shape.panels * panelWidth }

  /// Elements of the packed bias and kernel.
  var packedCount: Int {
    switch self {
    case .winograd(let plan): biasCount + plan.packedCount
    case .window(let plan): biasCount + plan.packedCount
    }
  }

  /// - Parameter kernel: Shape: [kernelHeight, kernelWidth, inputs, outputs], Float32.
  func pack(
    kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, into packed: UnsafeMutablePointer<Float>,
    kernels: Kernels,
    pool: ThreadPool
  ) {
    packed.update(repeating: 0, count: biasCount)
    if let bias { packed.update(from: bias, count: shape.outputChannels) }
    switch self {
    case .winograd(let plan): plan.pack(kernel, into: packed + biasCount, kernels: kernels, pool: pool)
    case .window(let plan): plan.pack(kernel, into: packed + biasCount, pool: pool)
    }
  }

  func run(
    packed: UnsafePointer<Float>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int,
    activation: Activation, kernels: Kernels, pool: ThreadPool
  ) {
    let relu = activation == .relu
    switch self {
    case .winograd(let plan):
      WinogradRun(
        plan: plan, kernels: kernels, packed: packed + biasCount, bias: packed, input: input, output: output,
        batch: batch, relu: relu, pooled: false, pool: pool)()
    case .window(let plan):
      WindowRun(
        plan: plan, kernels: kernels, packed: packed + biasCount, bias: packed, input: input, output: output,
        batch: batch, relu: relu, pool: pool)()
    }
  }

  /// The same followed by 2x2 maximum pooling with stride 2; the last row and column of an odd size fall
  /// away.
  func runPooled(
    packed: UnsafePointer<Float>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, batch: Int,
    activation: Activation, kernels: Kernels, pool: ThreadPool
  ) {
    if case .winograd(let plan) = self {
      WinogradRun(
        plan: plan, kernels: kernels, packed: packed + biasCount, bias: packed, input: input, output: output,
        batch: batch, relu: activation == .relu, pooled: true, pool: pool)()
      return
    }
    let pooling = PoolingShape(
      inputHeight: shape.outputHeight, inputWidth: shape.outputWidth, channels: shape.outputChannels, windowHeight: 2,
      windowWidth: 2, strideHeight: 2, strideWidth: 2)
    ScratchMemory.with(count: batch * shape.outputCount) { whole in
      run(
        packed: packed, input: input, output: whole, batch: batch, activation: activation, kernels: kernels, pool: pool)
      maxPool(shape: pooling, input: whole, output: output, batch: batch, pool: pool)
    }
  }
}

/// Convolves once with a kernel that is not packed for later: for kernels that change with every call, as in training,
/// and for a process that runs a layer once.
///
/// Parameters are those of `PreparedConvolution`, and so are the bits of the result. The kernel is read where it lies;
/// scratch memory holds at most one transformed layer, and where the batch is small a few panels of it.
public func convolution(
  shape: ConvolutionShape, kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, input: UnsafePointer<Float>,
  output: UnsafeMutablePointer<Float>, batch: Int, activation: Activation, pool: ThreadPool,
  path: KernelPath = .current
) {
  SingleUse(
    plan: ConvolutionPlan(shape), kernel: kernel, bias: bias, input: input, output: output, batch: batch,
    activation: activation, pool: pool, path: path
  ).run(pooled: false)
}

/// The same followed by 2x2 maximum pooling with stride 2, as `PreparedConvolution.runWithMaxPooling`.
///
/// - Parameter output: Shape: [batch, outputHeight / 2, outputWidth / 2, outputChannels], Float32.
public func convolutionWithMaxPooling(
  shape: ConvolutionShape, kernel: UnsafePointer<Float>, bias: UnsafePointer<Float>?, input: UnsafePointer<Float>,
  output: UnsafeMutablePointer<Float>, batch: Int, activation: Activation, pool: ThreadPool,
  path: KernelPath = .current
) {
  SingleUse(
    plan: ConvolutionPlan(shape), kernel: kernel, bias: bias, input: input, output: output, batch: batch,
    activation: activation, pool: pool, path: path
  ).run(pooled: true)
}

/// One convolution by any plan with a kernel that is not packed for later.
struct SingleUse {
  let plan: ConvolutionPlan
  let kernel: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let batch: Int
  let activation: Activation
  let pool: ThreadPool
  let path: KernelPath

  func run(pooled: Bool) {
    let kernels = Kernels(path)
    if case .winograd(let winograd) = plan, WinogradSingleUse.suits(winograd, batch: batch) {
      withPaddedBias { bias in
        WinogradSingleUse(
          plan: winograd, kernels: kernels, kernel: kernel, bias: bias, input: input, output: output, batch: batch,
          relu: activation == .relu, pooled: pooled, pool: pool)()
      }
      return
    }
    ScratchMemory.with(count: plan.packedCount) { packed in
      plan.pack(kernel: kernel, bias: bias, into: packed, kernels: kernels, pool: pool)
      if pooled {
        plan.runPooled(
          packed: packed, input: input, output: output, batch: batch, activation: activation, kernels: kernels,
          pool: pool)
      } else {
        plan.run(
          packed: packed, input: input, output: output, batch: batch, activation: activation, kernels: kernels,
          pool: pool)
      }
    }
  }

  private var shape: ConvolutionShape { plan.shape }

  /// The bias with zeros up to whole panels.
  private func withPaddedBias(_ body: (UnsafePointer<Float>) -> Void) {
    let count = shape.panels * panelWidth
    // Not a temporary allocation: beyond a kilobyte that would be a new block of the heap at every call.
    ScratchMemory.with(count: count) { padded in
      padded.update(repeating: 0, count: count)
      if let bias { padded.update(from: bias, count: shape.outputChannels) }
      body(padded)
    }
  }
}

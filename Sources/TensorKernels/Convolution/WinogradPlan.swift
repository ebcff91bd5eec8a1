/// F(4x4, 3x3) for one layer: a 3x3 convolution with stride 1 with a quarter of the multiplications
/// (Lavin and Gray 2016). Four by four results come from six by six inputs; for each of the 36
/// positions in the transformed tile, a product of [tiles x inputs] with [inputs x outputs] remains.
struct WinogradPlan: Sendable {
  let shape: ConvolutionShape
  let tilesDown: Int
  let tilesAcross: Int
  /// Input channels rounded up to whole vectors of every build.
  let inputs: Int
  /// Panels of sixteen output channels.
  let panels: Int
  /// Distance of two of the 36 planes of the packed kernel.
  let kernelPlane: Int

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    tilesDown = (shape.outputHeight + 3) / 4
    tilesAcross = (shape.outputWidth + 3) / 4
    inputs = roundedUp(shape.inputChannels, to: panelWidth)
    panels = shape.panels
    kernelPlane = panels * shape.inputChannels * panelWidth
  }

  /// Whether it is the faster algorithm, counted in multiplications: the transforms cost what some
  /// channels cost, and tiles over the edge compute for nothing.
  static func suits(_ shape: ConvolutionShape) -> Bool {
    guard shape.kernelHeight == 3, shape.kernelWidth == 3, shape.strideHeight == 1, shape.strideWidth == 1,
      shape.paddingTop >= 0, shape.paddingLeft >= 0, shape.outputPixels > 0
    else { return false }
    let plan = WinogradPlan(shape)
    let inputs = roundedUp(shape.inputChannels, to: 8)
    let outputs = plan.panels * panelWidth
    let transformed = plan.tilesInPicture * 36 * (inputs * outputs + 6 * (inputs + outputs))
    return transformed < shape.outputPixels * 9 * shape.inputChannels * outputs
  }

  var tilesInPicture: Int { tilesDown * tilesAcross }

  /// An odd number of cache lines for each of the 36 planes of a tile's transform: with an even one, the 36 places
  /// that a tile is written to would share a few sets of the cache.
  static func spreadPlane(_ count: Int) -> Int {
    let lines = (count + ScratchMemory.lineLength - 1) / ScratchMemory.lineLength
    return (lines | 1) * ScratchMemory.lineLength
  }

  /// Elements of the transformed, packed kernel, shape [36, panels, inputs, 16].
  var packedCount: Int { 36 * kernelPlane }

  /// Transforms and packs a kernel of shape [3, 3, inputs, outputs].
  func pack(
    _ kernel: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, kernels: Kernels, pool: ThreadPool
  ) {
    let scratchCount = roundedUp(winogradKernelScratch, to: ScratchMemory.lineLength)
    ScratchMemory.with(count: scratchCount * pool.threadCount) { scratch in
      pool.run(count: panels) { panel, worker in
        let first = panel * panelWidth
        kernels.winogradKernel(
          kernel: kernel + first, inputs: shape.inputChannels, outputs: shape.outputChannels,
          columns: min(panelWidth, shape.outputChannels - first),
          u: packed + panel * shape.inputChannels * panelWidth, uPlane: kernelPlane,
          scratch: scratch + worker * scratchCount)
      }
    }
  }
}

extension ConvolutionShape {
  /// Multiplications and additions that the matrix products of one picture take: fewer than `operationCount` where
  /// the layer runs as Winograd's, whose transforms are not counted.
  public var productOperationCount: Int {
    guard WinogradPlan.suits(self) else { return operationCount }
    return 2 * 36 * WinogradPlan(self).tilesInPicture * inputChannels * outputChannels
  }
}

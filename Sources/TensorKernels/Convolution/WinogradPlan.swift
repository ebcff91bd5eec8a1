/// Winograd's algorithm for one layer: a 3x3 convolution with stride 1 with a quarter of the multiplications or
/// fewer (Lavin and Gray 2016). Four by four results come from six by six inputs, or six by six from eight by eight;
/// for each of the 36 or 64 positions in the transformed tile, a product of [tiles x inputs] with [inputs x outputs]
/// remains.
struct WinogradPlan: Sendable {
  let shape: ConvolutionShape
  let tile: WinogradTile
  let tilesDown: Int
  let tilesAcross: Int
  /// Input channels rounded up to whole vectors of every build.
  let inputs: Int
  /// Panels of sixteen output channels.
  let panels: Int
  /// Distance of two planes of the packed kernel.
  let kernelPlane: Int

  /// The tile that suits the shape.
  init(_ shape: ConvolutionShape) {
    let four = WinogradPlan(shape, tile: .four)
    let six = WinogradPlan(shape, tile: .six)
    self = six.isFaster(than: four) ? six : four
  }

  init(_ shape: ConvolutionShape, tile: WinogradTile) {
    self.shape = shape
    self.tile = tile
    tilesDown = (shape.outputHeight + tile.size - 1) / tile.size
    tilesAcross = (shape.outputWidth + tile.size - 1) / tile.size
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
    let plan = WinogradPlan(shape, tile: .four)
    let inputs = roundedUp(shape.inputChannels, to: 8)
    let outputs = plan.panels * panelWidth
    let transformed = plan.tilesInPicture * 36 * (inputs * outputs + 6 * (inputs + outputs))
    return transformed < shape.outputPixels * 9 * shape.inputChannels * outputs
  }

  var tilesInPicture: Int { tilesDown * tilesAcross }
  /// Multiplications of one picture for each pair of an input and an output channel.
  private var products: Int { tilesInPicture * tile.positions }

  /// Kernels (bytes) up to which 6x6 tiles are used: 128 channels. They take 64/36 of what 4x4 tiles need, and each
  /// worker reads all of it for every block of tiles, which with 256 channels took as long as was saved.
  private static let largeTileKernel = 6 << 20
  /// And tiles: with fewer, what is read of the kernel serves too few of them.
  private static let largeTileCount = 32

  private func isFaster(than four: WinogradPlan) -> Bool {
    packedCount * 4 <= Self.largeTileKernel && tilesInPicture >= Self.largeTileCount
      && products * 100 <= four.products * 95
  }

  /// An odd number of cache lines for each plane of a tile's transform: with an even one, the places
  /// that a tile is written to would share a few sets of the cache.
  static func spreadPlane(_ count: Int) -> Int {
    let lines = (count + ScratchMemory.lineLength - 1) / ScratchMemory.lineLength
    return (lines | 1) * ScratchMemory.lineLength
  }

  /// Elements of the transformed, packed kernel, shape [positions, panels, inputs, 16].
  var packedCount: Int { tile.positions * kernelPlane }

  /// Transforms and packs a kernel of shape [3, 3, inputs, outputs].
  func pack(
    _ kernel: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, kernels: Kernels, pool: ThreadPool
  ) {
    let scratchCount = roundedUp(winogradLargeKernelScratch, to: ScratchMemory.lineLength)
    ScratchMemory.with(count: scratchCount * pool.threadCount) { scratch in
      pool.run(count: panels) { panel, worker in
        let first = panel * panelWidth
        kernels.winogradKernel(
          tile: tile, kernel: kernel + first, inputs: shape.inputChannels, outputs: shape.outputChannels,
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
    let plan = WinogradPlan(self)
    return 2 * plan.tile.positions * plan.tilesInPicture * inputChannels * outputChannels
  }
}

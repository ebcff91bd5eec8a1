/// The gradient of a 3x3 kernel with stride 1 on Winograd's tiles: with V the transformed input and Y the
/// transformed output gradient of all tiles, each of the 36 planes of the transformed kernel gets Vᵀ Y, and
/// Gᵀ u G takes the sum back to nine elements (the transpose of Lavin and Gray's equation 8).
struct WinogradGradientRun {
  let plan: WinogradPlan
  let kernels: Kernels
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let kernelGradient: UnsafeMutablePointer<Float>
  let batch: Int
  let pool: ThreadPool

  /// Transformed tiles (bytes) that are summed before they are added to the gradient.
  private static let blockBytes = 24 << 20
  /// Tiles of one piece of work in the transforms.
  private static let piece = 8

  private var inputs: Int { plan.shape.inputChannels }
  private var inputPanels: Int { panelCount(inputs) }
  private func rows(_ inputPanel: Int) -> Int { min(panelWidth, inputs - inputPanel * panelWidth) }
  private func columns(_ panel: Int) -> Int { min(panelWidth, plan.shape.outputChannels - panel * panelWidth) }
  private var workerScratch: Int {
    roundedUp(max(winogradInputScratch, winogradGradientScratch), to: ScratchMemory.lineLength)
  }

  func callAsFunction() {
    let tiles = batch * plan.tilesInPicture
    guard tiles > 0 else {
      kernelGradient.update(repeating: 0, count: plan.shape.kernelCount)
      return
    }
    let limit = max(16, Self.blockBytes / (36 * 4 * panelWidth * (inputPanels + plan.panels)))
    let blocks = (tiles + limit - 1) / limit
    let size = (tiles + blocks - 1) / blocks
    // Both operands in panels of sixteen channels, so that the micro-kernel reads them from end to end.
    let vPlane = WinogradPlan.spreadPlane(inputPanels * size * panelWidth)
    let mPlane = WinogradPlan.spreadPlane(plan.panels * size * panelWidth)
    let scratchCount = workerScratch * pool.threadCount
    ScratchMemory.with(count: scratchCount + plan.packedCount + 36 * (vPlane + mPlane)) { memory in
      let u = memory + scratchCount
      let v = u + roundedUp(plan.packedCount, to: ScratchMemory.lineLength)
      let m = v + 36 * vPlane
      var first = 0
      while first < tiles {
        let count = min(size, tiles - first)
        transform(first, count, v, vPlane, m, mPlane, panelStride: size * panelWidth, memory)
        // Two panels at a time, as the micro-kernel likes them.
        let pairs = (plan.panels + 1) / 2
        pool.run(count: 36 * pairs) { index, _ in
          let position = index / pairs
          let panel = index % pairs * 2
          for inputPanel in 0..<inputPanels {
            kernels.panelProduct(
              rows: rows(inputPanel), columns: min(2, plan.panels - panel) * panelWidth,
              a: v + position * vPlane + inputPanel * size * panelWidth, aRow: 1, aStep: panelWidth,
              segmentLength: count, b: m + position * mPlane + panel * size * panelWidth, bPanel: size * panelWidth,
              c: u + position * plan.kernelPlane + (panel * inputs + inputPanel * panelWidth) * panelWidth,
              cRow: panelWidth, cPanel: inputs * panelWidth, accumulate: first > 0)
          }
        }
        first += count
      }
      pool.run(count: plan.panels) { panel, worker in
        kernels.winogradKernelGradient(
          u: u + panel * inputs * panelWidth, uPlane: plan.kernelPlane, inputs: inputs,
          outputs: plan.shape.outputChannels, columns: columns(panel),
          kernelGradient: kernelGradient + panel * panelWidth,
          scratch: memory + worker * workerScratch)
      }
    }
  }

  private func transform(
    _ first: Int, _ count: Int, _ v: UnsafeMutablePointer<Float>, _ vPlane: Int, _ m: UnsafeMutablePointer<Float>,
    _ mPlane: Int, panelStride: Int, _ memory: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    pool.run(count: (count + Self.piece - 1) / Self.piece) { index, worker in
      let start = index * Self.piece
      let tiles = min(Self.piece, count - start)
      let scratch = memory + worker * workerScratch
      kernels.winogradInput(
        tile: .four, image: input, height: shape.inputHeight, width: shape.inputWidth, channels: inputs,
        top: shape.paddingTop, left: shape.paddingLeft, tilesDown: plan.tilesDown, tilesAcross: plan.tilesAcross,
        firstTile: first + start, tileCount: tiles, v: v + start * panelWidth, vRow: panelWidth, vGroup: panelStride,
        vPlane: vPlane, scratch: scratch)
      for panel in 0..<plan.panels {
        kernels.winogradOutputGradient(
          gradient: outputGradient + panel * panelWidth, height: shape.outputHeight, width: shape.outputWidth,
          channels: shape.outputChannels, columns: columns(panel), tilesDown: plan.tilesDown,
          tilesAcross: plan.tilesAcross, firstTile: first + start, tileCount: tiles,
          m: m + panel * panelStride + start * panelWidth, mPlane: mPlane, scratch: scratch)
      }
    }
  }
}

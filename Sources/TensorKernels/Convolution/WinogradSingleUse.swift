/// One run of a Winograd layer whose kernel is transformed for this run alone.
///
/// A prepared layer reads its transformed kernel from memory, four times the size of the given one, or seven on tiles
/// of 6x6. Transformed for one run, it need never get there: a worker takes one panel of output channels or two,
/// transforms their kernels into memory that stays in the worker's cache, multiplies all tiles with them and transforms
/// the result back. What is read from memory is the given kernel, once.
///
/// Each element is the same chain of multiply-adds as in `WinogradRun`, so the bits are the same too.
struct WinogradSingleUse {
  let plan: WinogradPlan
  let kernels: Kernels
  /// Shape: [3, 3, inputs, outputs].
  let kernel: UnsafePointer<Float>
  /// One value for each column of each panel.
  let bias: UnsafePointer<Float>
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let batch: Int
  let relu: Bool
  let pooled: Bool
  let pool: ThreadPool

  /// Transformed tiles (bytes) that may be read again for every panel: they must stay in the shared cache.
  private static let sharedTiles = 8 << 20

  /// Whether all tiles of a batch stay in the shared cache. If not, the kernel would be transformed again for every
  /// block of them, and packing it once for all is better.
  static func suits(_ plan: WinogradPlan, batch: Int) -> Bool {
    plan.tile.positions * 4 * batch * plan.tilesInPicture * plan.inputs <= sharedTiles
  }

  func callAsFunction() {
    let tiles = batch * plan.tilesInPicture
    guard tiles > 0 else { return }
    let vPlane = WinogradPlan.spreadPlane(tiles * plan.inputs)
    let perWorker = WorkerMemory(plan, tiles: tiles, panels: panelsAtOnce)
    ScratchMemory.with(count: plan.tile.positions * vPlane + perWorker.count * pool.threadCount) { v in
      let workers = v + plan.tile.positions * vPlane
      let piece = max(1, min(8, tiles / (4 * pool.threadCount)))
      pool.run(count: (tiles + piece - 1) / piece) { index, worker in
        let first = index * piece
        transformInput(
          first..<min(first + piece, tiles), into: v, vPlane, scratch: workers + worker * perWorker.count)
      }
      let pieces = (plan.panels + panelsAtOnce - 1) / panelsAtOnce
      pool.run(count: pieces) { index, worker in
        let first = index * panelsAtOnce
        convolve(
          first..<min(first + panelsAtOnce, plan.panels), tiles, v, vPlane, perWorker,
          workers + worker * perWorker.count)
      }
    }
  }

  /// Two for AVX-512, whose micro-kernel shares each element of the tiles between them, if there are enough for all
  /// workers.
  private var panelsAtOnce: Int { kernels.path == .avx512 && plan.panels >= 4 * pool.threadCount ? 2 : 1 }

  private func transformInput(
    _ tiles: Range<Int>, into v: UnsafeMutablePointer<Float>, _ vPlane: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    kernels.winogradInput(
      tile: plan.tile, image: input, height: shape.inputHeight, width: shape.inputWidth, channels: shape.inputChannels,
      top: shape.paddingTop, left: shape.paddingLeft, tilesDown: plan.tilesDown, tilesAcross: plan.tilesAcross,
      firstTile: tiles.lowerBound, tileCount: tiles.count, v: v + tiles.lowerBound * plan.inputs, vRow: plan.inputs,
      vGroup: panelWidth, vPlane: vPlane, scratch: scratch)
  }

  /// All of one panel or two: their kernels, their products, their results.
  private func convolve(
    _ panels: Range<Int>, _ tiles: Int, _ v: UnsafePointer<Float>, _ vPlane: Int, _ layout: WorkerMemory,
    _ memory: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    let u = memory + layout.scratch
    let m = u + plan.tile.positions * layout.uPlane
    for panel in panels {
      kernels.winogradKernel(
        tile: plan.tile, kernel: kernel + panel * panelWidth, inputs: shape.inputChannels,
        outputs: shape.outputChannels, columns: columns(panel), u: u + (panel - panels.lowerBound) * layout.uPanel,
        uPlane: layout.uPlane, scratch: memory)
    }
    for position in 0..<plan.tile.positions {
      kernels.panelProduct(
        rows: tiles, columns: panels.count * panelWidth, a: v + position * vPlane, aRow: plan.inputs,
        segmentLength: shape.inputChannels, b: u + position * layout.uPlane, bPanel: layout.uPanel,
        c: m + position * layout.mPlane, cRow: panelWidth, cPanel: layout.mPanel)
    }
    for panel in panels {
      let first = panel * panelWidth
      kernels.winogradOutput(
        tile: plan.tile, m: m + (panel - panels.lowerBound) * layout.mPanel, mPlane: layout.mPlane,
        tilesDown: plan.tilesDown, tilesAcross: plan.tilesAcross, firstTile: 0, tileCount: tiles,
        output: output + first, height: shape.outputHeight, width: shape.outputWidth, channels: shape.outputChannels,
        columns: columns(panel), bias: bias + first, relu: relu, pooled: pooled, scratch: memory)
    }
  }

  private func columns(_ panel: Int) -> Int { min(panelWidth, plan.shape.outputChannels - panel * panelWidth) }
}

/// Where one worker keeps the transformed kernels of its panels, shape [positions, panels, inputs, panelWidth],
/// and their products with the tiles, shape [positions, panels, tiles, panelWidth].
private struct WorkerMemory {
  let positions: Int
  let scratch: Int
  let uPanel: Int
  let uPlane: Int
  let mPanel: Int
  let mPlane: Int

  init(_ plan: WinogradPlan, tiles: Int, panels: Int) {
    positions = plan.tile.positions
    scratch = roundedUp(
      max(winogradLargeInputScratch, winogradLargeOutputScratch, winogradLargeKernelScratch),
      to: ScratchMemory.lineLength)
    uPanel = plan.shape.inputChannels * panelWidth
    uPlane = WinogradPlan.spreadPlane(panels * uPanel)
    mPanel = tiles * panelWidth
    mPlane = WinogradPlan.spreadPlane(panels * mPanel)
  }

  var count: Int { scratch + positions * (uPlane + mPlane) }
}

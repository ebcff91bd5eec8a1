/// One run of a Winograd layer over a batch.
struct WinogradRun {
  let plan: WinogradPlan
  let kernels: Kernels
  let packed: UnsafePointer<Float>
  /// One value for each column of each panel.
  let bias: UnsafePointer<Float>
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let batch: Int
  let relu: Bool
  let pooled: Bool
  let pool: ThreadPool

  private var tiles: Int { batch * plan.tilesInPicture }
  private var workerScratch: Int {
    roundedUp(max(winogradLargeInputScratch, winogradLargeOutputScratch), to: ScratchMemory.lineLength)
  }

  /// Kernels up to this size (bytes) stay in the shared cache, so that each worker may go through all
  /// of it for its own block of tiles. Larger ones are read once by all workers together.
  private static let sharedCacheKernel = 12 << 20
  /// Tiles of one worker, however large their kernel: what it reads of the kernel must serve some. 28 are two groups of
  /// rows of the largest micro-kernel.
  private var leastOwnTiles: Int {
    switch plan.tile {
    case .four: 24
    case .six: 28
    }
  }
  /// Transformed tiles of one worker (bytes): what its own cache holds.
  private static let ownBlock = 768 << 10
  /// Transformed tiles of all workers together (bytes).
  private static let sharedBlock = 16 << 20

  func callAsFunction() {
    guard tiles > 0 else { return }
    if plan.packedCount * 4 <= Self.sharedCacheKernel && tiles >= 12 * pool.threadCount {
      independentBlocks()
    } else {
      cooperativeBlocks()
    }
  }

  /// Each worker takes a block of tiles through all three phases in its own cache.
  private func independentBlocks() {
    let limit = max(leastOwnTiles, Self.ownBlock / (plan.tile.positions * 4 * (plan.inputs + plan.panels * panelWidth)))
    let blocks = roundedUp((tiles + limit - 1) / limit, to: pool.threadCount)
    let size = (tiles + blocks - 1) / blocks
    let layout = BlockLayout(plan, tiles: size)
    let perWorker = workerScratch + layout.count
    ScratchMemory.with(count: perWorker * pool.threadCount) { memory in
      pool.run(count: (tiles + size - 1) / size) { index, worker in
        let scratch = memory + worker * perWorker
        let block = Block(
          first: index * size, count: min(size, tiles - index * size), layout: layout, scratch + workerScratch)
        transformInput(block, 0..<block.count, scratch)
        for position in 0..<plan.tile.positions { multiply(block, position, 0..<plan.panels) }
        transformOutput(block, 0..<block.count, 0..<plan.panels, scratch)
      }
    }
  }

  /// All workers do one phase after the other on the same block, so that each plane of the kernel comes
  /// from memory once.
  private func cooperativeBlocks() {
    let limit = max(12, Self.sharedBlock / (plan.tile.positions * 4 * (plan.inputs + plan.panels * panelWidth)))
    let blocks = (tiles + limit - 1) / limit
    let size = (tiles + blocks - 1) / blocks
    let layout = BlockLayout(plan, tiles: size)
    // Pieces small enough that the last one does not keep the others waiting.
    let inputPiece = max(1, min(8, size / (4 * pool.threadCount)))
    // But no smaller: while a worker goes through neighbouring panels each is prefetched during the one before.
    let wantedGroups = max(1, (16 * pool.threadCount + plan.tile.positions - 1) / plan.tile.positions)
    let panelGroup = roundedUp((plan.panels + wantedGroups - 1) / wantedGroups, to: 2)
    let panelGroups = (plan.panels + panelGroup - 1) / panelGroup
    ScratchMemory.with(count: workerScratch * pool.threadCount + layout.count) { memory in
      var first = 0
      while first < tiles {
        let block = Block(
          first: first, count: min(size, tiles - first), layout: layout, memory + workerScratch * pool.threadCount)
        pool.run(count: (block.count + inputPiece - 1) / inputPiece) { index, worker in
          let start = index * inputPiece
          transformInput(block, start..<min(start + inputPiece, block.count), memory + worker * workerScratch)
        }
        pool.run(count: plan.tile.positions * panelGroups) { index, worker in
          let start = index % panelGroups * panelGroup
          multiply(block, index / panelGroups, start..<min(start + panelGroup, plan.panels))
        }
        pool.run(count: plan.panels) { index, worker in
          transformOutput(block, 0..<block.count, index..<index + 1, memory + worker * workerScratch)
        }
        first += size
      }
    }
  }

  // MARK: - Phases

  private func transformInput(_ block: Block, _ tiles: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) {
    let shape = plan.shape
    kernels.winogradInput(
      tile: plan.tile, image: input, height: shape.inputHeight, width: shape.inputWidth, channels: shape.inputChannels,
      top: shape.paddingTop, left: shape.paddingLeft, tilesDown: plan.tilesDown, tilesAcross: plan.tilesAcross,
      firstTile: block.first + tiles.lowerBound, tileCount: tiles.count,
      v: block.v + tiles.lowerBound * plan.inputs, vRow: plan.inputs, vGroup: panelWidth, vPlane: block.layout.vPlane,
      scratch: scratch)
  }

  private func multiply(_ block: Block, _ position: Int, _ panels: Range<Int>) {
    let a = block.v + position * block.layout.vPlane
    let inputs = plan.shape.inputChannels
    let panelLength = inputs * panelWidth
    kernels.panelProduct(
      rows: block.count, columns: panels.count * panelWidth, a: a, aRow: plan.inputs, segmentLength: inputs,
      b: packed + position * plan.kernelPlane + panels.lowerBound * panelLength, bPanel: panelLength,
      c: block.m + position * block.layout.mPlane + panels.lowerBound * block.layout.tiles * panelWidth,
      cRow: panelWidth, cPanel: block.layout.tiles * panelWidth)
  }

  private func transformOutput(
    _ block: Block, _ tiles: Range<Int>, _ panels: Range<Int>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let shape = plan.shape
    for panel in panels {
      let first = panel * panelWidth
      kernels.winogradOutput(
        tile: plan.tile, m: block.m + (panel * block.layout.tiles + tiles.lowerBound) * panelWidth,
        mPlane: block.layout.mPlane, tilesDown: plan.tilesDown, tilesAcross: plan.tilesAcross,
        firstTile: block.first + tiles.lowerBound, tileCount: tiles.count, output: output + first,
        height: shape.outputHeight, width: shape.outputWidth, channels: shape.outputChannels,
        columns: min(panelWidth, shape.outputChannels - first), bias: bias + first, relu: relu, pooled: pooled,
        scratch: scratch)
    }
  }
}

/// Where the transformed tiles of a block lie: V of shape [positions, tiles, inputs], M of shape
/// [positions, panels, tiles, 16].
private struct BlockLayout {
  let tiles: Int
  let positions: Int
  let vPlane: Int
  let mPlane: Int

  init(_ plan: WinogradPlan, tiles: Int) {
    self.tiles = tiles
    positions = plan.tile.positions
    vPlane = WinogradPlan.spreadPlane(tiles * plan.inputs)
    mPlane = WinogradPlan.spreadPlane(tiles * plan.panels * panelWidth)
  }

  var count: Int { positions * (vPlane + mPlane) }
}

private struct Block {
  let first: Int
  let count: Int
  let layout: BlockLayout
  let v: UnsafeMutablePointer<Float>
  let m: UnsafeMutablePointer<Float>

  init(first: Int, count: Int, layout: BlockLayout, _ memory: UnsafeMutablePointer<Float>) {
    self.first = first
    self.count = count
    self.layout = layout
    v = memory
    m = memory + layout.positions * layout.vPlane
  }
}

/// Work whose speed is a limit for other work: what a measurement compares a layer with.
public enum PeakRate {
  /// Short enough that both factors and the product fit into 32 KiB.
  private static let inner = 128

  /// Multiplies matrices that stay in the first cache, on every thread of the pool at once, with the micro-kernel under
  /// every convolution that is not depthwise.
  ///
  /// - Returns: Multiplications and additions that were done; divided by the time it took, the peak rate.
  public static func multiply(repetitions: Int, pool: ThreadPool, path: KernelPath = .current) -> Int {
    let kernels = Kernels(path)
    // What fills the registers: on AVX-512 fourteen rows of two panels in one call, else six rows of one at a time.
    let rows = kernels.path == .avx512 ? 14 : 12
    let columns = 2 * panelWidth
    let perThread = roundedUp(inner * (rows + columns) + rows * columns, to: ScratchMemory.lineLength)
    ScratchMemory.with(count: perThread * pool.threadCount) { scratch in
      pool.run(count: pool.threadCount) { _, worker in
        let a = scratch + worker * perThread
        a.update(repeating: 0.5, count: perThread)
        let b = a + inner * rows
        let c = b + inner * columns
        for _ in 0..<repetitions {
          kernels.panelProduct(
            rows: rows, columns: columns, a: a, aRow: inner, segmentLength: inner, b: b, bPanel: inner * panelWidth,
            c: c, cRow: panelWidth, cPanel: rows * panelWidth)
        }
      }
    }
    return 2 * rows * inner * columns * repetitions * pool.threadCount
  }
}

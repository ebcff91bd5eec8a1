import ArgumentParser
import Foundation
import TensorKernels

/// Tells what the stages of VGG-16's base would take on one core at the processor's limits.
struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "Tell the processor's limits for the stages of VGG-16's base: one picture, one core.",
    discussion: """
      A transform's limit is the longer of two times, both measured here for each layer: what its additions and \
      multiplications take, each as one multiply-add at the micro-kernel's peak, and what copying as many bytes takes \
      as it reads and writes at least, from and to memory as large as the layer's and as the engine's blocks of tiles. \
      The limit of products is their multiply-adds at that peak. How long the stages do take is told by \
      `perf record nefro-benchmarks base --batch 1 --threads 1`.
      """)

  @Option(help: "Measured copies of each.")
  var repetitions = 15

  @Flag(help: "Print JSON.")
  var json = false

  struct Row: Codable {
    var layer: String
    var stage: String
    /// Milliseconds at the peak.
    var arithmetic: Double
    /// Milliseconds to copy as many bytes; 0 for products, which use each number many times.
    var copying: Double
    /// Bytes that are read and written at least.
    var bytes: Int

    var limit: Double { max(arithmetic, copying) }
  }

  func validate() throws {
    guard repetitions > 0 else { throw ValidationError("--repetitions must be at least 1.") }
  }

  func run() throws {
    let pool = ThreadPool(threads: 1)
    let peak = ShapeBench(pool: pool, batch: 1, repetitions: 1).peak
    let rows = WinogradStages.ofVGG16.flatMap { stages(of: $0, peak: peak) }
    if json { return try printJSON(rows) }
    print("\(KernelPath.current.rawValue) kernels; the micro-kernel's peak is \(Measurement.text(peak)) GFLOP/s.\n")
    print("| layer | stage | arithmetic, ms | copying, ms | MB | GB/s of the copy |\n|---|---|---|---|---|---|")
    for row in rows { print(text(of: row, named: row.layer)) }
    print("\n| stage | arithmetic, ms | copying, ms | sum of the longer ones, ms |\n|---|---|---|---|")
    for stage in ["input transform", "products", "output transform"] {
      let rows = rows.filter { $0.stage == stage }
      let sums = [\Row.arithmetic, \.copying, \.limit].map { key in rows.reduce(0) { $0 + $1[keyPath: key] } }
      print("| \(stage) | " + sums.map { String(format: "%.2f", $0) }.joined(separator: " | ") + " |")
    }
  }

  private func text(of row: Row, named layer: String) -> String {
    let rate = row.copying > 0 ? String(format: "%.0f", Double(row.bytes) / row.copying / 1e6) : ""
    let numbers = String(format: "%.3f | %.3f | %.1f", row.arithmetic, row.copying, Double(row.bytes) / 1e6)
    return "| \(layer) | \(row.stage) | \(numbers) | \(rate) |"
  }

  private func stages(of layer: WinogradStages, peak: Double) -> [Row] {
    func milliseconds(operations: Int) -> Double { Double(operations) / peak / 1e6 }
    func transform(_ stage: String, operations: Int, picture: Int, tiles: Int) -> Row {
      Row(
        layer: layer.text, stage: stage, arithmetic: milliseconds(operations: 2 * operations),
        copying: copying(picture: picture, tiles: tiles, blocks: layer.blocks), bytes: 4 * (picture + tiles))
    }
    let products = Row(
      layer: layer.text, stage: "products", arithmetic: milliseconds(operations: layer.shape.productOperationCount),
      copying: 0, bytes: 0)
    guard layer.isWinograd else { return [products] }
    return [
      transform(
        "input transform", operations: layer.inputOperations, picture: layer.shape.inputCount,
        tiles: layer.transformed(layer.shape.inputChannels)),
      products,
      transform(
        "output transform", operations: layer.outputOperations, picture: layer.writtenCount,
        tiles: layer.transformed(layer.shape.outputChannels)),
    ]
  }

  /// Milliseconds to copy as many elements as half of both counts, between a picture in memory of its own and blocks of
  /// transformed tiles that all lie in the same place.
  ///
  /// - Parameters:
  ///   - picture: elements before or after the transform.
  ///   - tiles: elements in the transformed tiles.
  private func copying(picture: Int, tiles: Int, blocks: Int) -> Double {
    let (slice, block) = (max(1, picture / blocks), tiles / blocks)
    let source = [Float](repeating: 0.5, count: slice * blocks)
    let target = UnsafeMutablePointer<Float>.allocate(capacity: block + slice)
    target.initialize(repeating: 0.5, count: block + slice)
    defer { target.deallocate() }
    return source.withUnsafeBufferPointer { source in
      measure(repetitions: repetitions, warmUps: 3) {
        for number in 0..<blocks {
          var copied = 0
          while copied < (slice + block) / 2 {
            let count = min(slice, (slice + block) / 2 - copied)
            (target + copied).update(from: source.baseAddress! + number * slice, count: count)
            copied += count
          }
        }
      }.median
    }
  }
}

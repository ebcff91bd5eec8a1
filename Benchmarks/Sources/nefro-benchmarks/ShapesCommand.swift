import ArgumentParser
import Foundation
import TensorKernels

/// Times convolutions of every shape, each beside the limit that the processor sets it.
struct ShapesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shapes",
    abstract: "Time the convolutions of networks against the processor's limits.",
    discussion: """
      The limit is the longer of two times, both measured in the same run: what the layer's matrix products take at the \
      micro-kernel's peak (for a depthwise layer, its multiplications at that same peak), and what copying as many \
      bytes as the layer reads and writes takes, with buffers as large as the layer's and as warm.
      """)

  @Option(
    help: "Of \(NetworkShapes.names.joined(separator: ", ")); may be given several times. Default: all but vgg16.")
  var network: [String] = []

  @Option(help: "Pictures in a batch.")
  var batch = 1

  @Option(help: "Threads. Default: as many as processors.")
  var threads: Int?

  @Option(help: "Measured runs of each.")
  var repetitions = 15

  @Flag(help: "Measure the gradients for the input and the kernel, too.")
  var gradients = false

  @Flag(help: "Print JSON.")
  var json = false

  struct Row: Codable {
    var network: String
    var layer: String
    var kind: String
    /// Milliseconds of a batch.
    var duration: Measurement
    /// 10^9 multiplications and additions of a direct convolution a second.
    var gigaflops: Double
    /// Part of the limit that is reached.
    var share: Double
    var limit: String
  }

  func validate() throws {
    guard repetitions > 0, batch > 0, threads ?? 1 > 0 else {
      throw ValidationError("Batch, threads and repetitions are at least 1.")
    }
    if let unknown = network.first(where: { !NetworkShapes.names.contains($0) }) {
      throw ValidationError("There are no shapes of '\(unknown)', but of \(NetworkShapes.names.joined(separator: ", ")).")
    }
  }

  func run() throws {
    let bench = ShapeBench(
      pool: threads.map { ThreadPool(threads: $0) } ?? .shared, batch: batch, repetitions: repetitions)
    if !json {
      print("\(KernelPath.current.rawValue) kernels, threads \(bench.pool.threadCount), batch \(batch); ", terminator: "")
      print("the micro-kernel's peak is \(Measurement.text(bench.peak)) GFLOP/s.\n")
      print("| network | layer | ms | GFLOP/s | of its limit | limit |\n|---|---|---|---|---|---|")
    }
    var rows: [Row] = []
    for layer in NetworkShapes.layers(of: network) {
      let measured =
        layer.convolution.map { bench.measure($0, layer, gradients: gradients) }
        ?? bench.measure(layer, gradients: gradients)
      for row in measured {
        rows.append(row)
        if json { continue }
        print(
          "| \(row.network) | \(row.layer) | \(String(format: "%.3f", row.duration.median)) "
            + "| \(String(format: "%.0f", row.gigaflops)) | \(String(format: "%.0f", 100 * row.share)) % "
            + "| \(row.limit) |")
        fflush(nil)
      }
    }
    if json { try printJSON(rows) } else { printKinds(rows) }
  }

  /// Layers of a kind together: the sum of their limits as a part of the sum of their times.
  private func printKinds(_ rows: [Row]) {
    print("\n| kind | layers | ms | of its limit | worst |\n|---|---|---|---|---|")
    for (kind, rows) in Dictionary(grouping: rows, by: \.kind).sorted(by: { $0.key < $1.key }) {
      let total = rows.reduce(0) { $0 + $1.duration.median }
      let limits = rows.reduce(0) { $0 + $1.share * $1.duration.median }
      let texts = [limits / total, rows.map(\.share).min()!].map { String(format: "%.0f %%", 100 * $0) }
      print("| \(kind) | \(rows.count) | \(String(format: "%.2f", total)) | \(texts[0]) | \(texts[1]) |")
    }
  }
}

import ArgumentParser
import TensorKernels

/// Times VGG-16's convolution base.
struct BaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "base", abstract: "Time VGG-16's base, from pictures of 224 x 224 to [7, 7, 512].")

  @Option(help: "Pictures in a batch; may be given several times.")
  var batch: [Int] = [1, 16]

  @Option(help: "Threads; may be given several times. Default: as many as processors, and 1.")
  var threads: [Int] = []

  @Option(help: "Measured runs of each.")
  var repetitions = 20

  @Flag(help: "Print JSON.")
  var json = false

  struct Row: Codable {
    var batch: Int
    var threads: Int
    var kernels: String
    /// Milliseconds a picture.
    var aPicture: Measurement
  }

  func validate() throws {
    guard repetitions > 0, (batch + threads).allSatisfy({ $0 > 0 }) else {
      throw ValidationError("Batches, threads and repetitions are at least 1.")
    }
  }

  func run() throws {
    let all = ThreadPool.shared.threadCount
    var rows: [Row] = []
    for count in threads.isEmpty ? (all > 1 ? [all, 1] : [1]) : threads {
      let base = try BaseNetwork(threads: count)
      for batch in batch {
        let pictures = BaseNetwork.pictures(batch)
        let measured = try measure(repetitions: repetitions, share: batch) { _ = try base.run(pictures) }
        rows.append(
          Row(batch: batch, threads: count, kernels: KernelPath.current.rawValue, aPicture: measured))
        if !json { print("batch \(batch), threads \(count): \(measured.text) a picture") }
      }
    }
    if json { try printJSON(rows) }
  }
}

import ArgumentParser
import NeuralNetworks
import TensorKernels

/// What a program says when it waits for orders.
struct Ready: Codable {
  var name = "Nefro"
  var version: String
  var threads: Int
  /// All features of the first picture, row-major, to see that all compute the same.
  var features: [Float]?
}

/// The answer to "memory".
struct Memory: Codable {
  /// In MiB.
  var peak: Double?
}

/// The side of `peers/run.py`: waits for orders, so that it and its peers can be measured by turns.
///
/// It prints one JSON object when it is ready, and one for each line it reads: "BATCH REPETITIONS", or "memory". The
/// first run of a batch size is not measured.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Time the base whenever a line on standard input asks for it.",
    shouldDisplay: false)

  @Option(help: "Threads. Default: as many as processors.")
  var threads: Int?

  func run() throws {
    let base = try BaseNetwork(threads: threads)
    let features = try base.run(BaseNetwork.pictures(1)).values
    try printJSON(
      Ready(
        version: "\(KernelPath.current.rawValue) kernels", threads: base.pool.threadCount, features: features))
    forgetPeakMemory()
    var known: [Int: Tensor] = [:]
    while let line = readLine() {
      if line == "memory" {
        try printJSON(Memory(peak: peakMemory()))
        continue
      }
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 2, numbers.allSatisfy({ $0 > 0 }) else {
        throw ValidationError("'\(line)' is not \"BATCH REPETITIONS\" or \"memory\".")
      }
      let pictures = known[numbers[0]] ?? BaseNetwork.pictures(numbers[0])
      let isNew = known.updateValue(pictures, forKey: numbers[0]) == nil
      try printJSON(
        measure(repetitions: numbers[1], warmUps: isNew ? 1 : 0, share: numbers[0]) { _ = try base.run(pictures) })
    }
  }
}

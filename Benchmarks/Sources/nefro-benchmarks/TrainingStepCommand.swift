import ArgumentParser
import NeuralNetworks
import TensorKernels

/// Times a training step with VGG-16's last block unfrozen.
///
/// With `--serve` it waits for orders, as `serve` does, so that it and its peers can be measured by turns.
struct TrainingStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-step",
    abstract: "Time a training step with block5 unfrozen: from pixels to changed weights.")

  @Option(help: "Pictures in a batch.")
  var batch = 16

  @Option(help: "Threads. Default: as many as processors.")
  var threads: Int?

  @Option(help: "Measured steps.")
  var repetitions = 10

  @Option(help: "The learning rate of SGD, without momentum.")
  var rate = FineTuning.rate

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: .hidden)
  var serve = false

  struct Result: Codable {
    /// Of one step, in milliseconds.
    var milliseconds: [Double]
    /// Before each step.
    var losses: [Double]
  }

  func validate() throws {
    guard batch > 0, repetitions > 0, threads ?? 1 > 0, rate > 0 else {
      throw ValidationError("Batch, threads, repetitions and rate must be above 0.")
    }
  }

  func run() throws {
    let training = try FineTuning(batch: batch, rate: rate, threads: threads)
    if serve { return try answer(training) }
    _ = try training.step()
    let result = try measured(training, repetitions)
    if json { return try printJSON(result) }
    print("a step of \(batch) pictures: \(Measurement(milliseconds: result.milliseconds).text)")
  }

  private func answer(_ training: FineTuning) throws {
    try printJSON(
      Ready(version: "\(KernelPath.current.rawValue) kernels", threads: training.base.pool.threadCount))
    forgetPeakMemory()
    while let line = readLine() {
      if line == "memory" {
        try printJSON(Memory(peak: peakMemory()))
        continue
      }
      guard let repetitions = Int(line), repetitions > 0 else {
        throw ValidationError("'\(line)' is neither a number of steps nor \"memory\".")
      }
      try printJSON(measured(training, repetitions))
    }
  }

  private func measured(_ training: FineTuning, _ repetitions: Int) throws -> Result {
    var result = Result(milliseconds: [], losses: [])
    for _ in 0..<repetitions {
      let taken = try milliseconds { try training.step() }
      result.milliseconds.append(taken.duration)
      result.losses.append(taken.result)
    }
    return result
  }
}

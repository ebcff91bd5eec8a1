import ArgumentParser
import Foundation
import KidneyData
import MedicalImages
import NeuralNetworks
import TensorKernels

/// Measures whether pictures ever hold up the network.
struct FeederCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feeder", abstract: "Measure what share of the time VGG-16's base waits for augmented pictures.")

  @OptionGroup var options: PictureOptions

  @Option(help: "Pictures in a batch.")
  var batch = 16

  @Flag(help: "Print JSON.")
  var json = false

  struct Epoch: Codable {
    /// Whether the pictures are decoded in this epoch, or were kept from the one before.
    var decodes: Bool
    /// Before the first batch, in milliseconds: nothing can overlap with it.
    var start: Double
    /// Of the time from then on, the share in which the network had no batch: 0…1.
    var waiting: Double
    /// Milliseconds a picture in the network.
    var network: Double
  }

  struct Result: Codable {
    var pictures: Int
    var batch: Int
    var epochs: [Epoch]
    /// Milliseconds a picture in the network while nothing else runs.
    var networkAlone: Double
  }

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch must be at least 1.") }
  }

  func run() throws {
    try options.withData { data, chosen in
      let base = try BaseNetwork(threads: nil)
      let alone = try measure(repetitions: 5, share: batch) { [pictures = BaseNetwork.pictures(batch)] in
        _ = try base.run(pictures)
      }
      let feeder = PictureFeeder(
        data: data, preprocessing: PictureOptions.preprocessing, augmentation: AugmentationSettings())
      let epochs = try (0..<2).map { try epoch($0, of: chosen, from: feeder, through: base) }
      let result = Result(pictures: chosen.count, batch: batch, epochs: epochs, networkAlone: alone.median)
      if json { return try printJSON(result) }
      for epoch in epochs {
        let (waiting, network) = (Measurement.text(epoch.waiting * 100), Measurement.text(epoch.network))
        print(
          "\(epoch.decodes ? "decoding" : "decoded before"): waiting \(waiting) % of the time, "
            + "network \(network) ms a picture, first batch after \(Measurement.text(epoch.start)) ms")
      }
      print("network alone: \(alone.text) a picture")
    }
  }

  private func epoch(
    _ number: Int, of chosen: [Int], from feeder: PictureFeeder, through base: BaseNetwork
  ) throws -> Epoch {
    var (waits, computing) = ([Double](), 0.0)
    var batches = feeder.batches(of: chosen, epoch: number, batchSize: batch, shuffled: true).makeIterator()
    while true {
      let taken = try milliseconds { try batches.next() }
      guard let batch = taken.result, let start = batch.buffer.values.baseAddress else { break }
      waits.append(taken.duration)
      let pixels = Tensor(shape: batch.shape, viewing: start, owner: batch.buffer)
      computing += try milliseconds { try base.run(pixels) }.duration
    }
    let waiting = waits.dropFirst().reduce(0, +)
    return Epoch(
      decodes: number == 0, start: waits.first ?? 0, waiting: waiting / (waiting + computing),
      network: computing / Double(chosen.count))
  }
}

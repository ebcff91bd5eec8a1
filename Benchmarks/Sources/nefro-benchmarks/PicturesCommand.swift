import ArgumentParser
import Foundation
import KidneyData
import MedicalImages

/// Times what happens to a picture before the network.
struct PicturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pictures", abstract: "Time reading, resizing, augmenting and scaling of a picture.")

  @OptionGroup var options: PictureOptions

  @Option(help: "Passes over the pictures.")
  var repetitions = 3

  @Flag(help: "Print JSON.")
  var json = false

  struct Result: Codable {
    var pictures: Int
    /// Milliseconds a picture on one thread.
    var reading: Measurement
    var resizing: Measurement
    var augmentation: Measurement
    var scaling: Measurement
    /// All of it by the feeder, on as many threads as processors.
    var picturesASecond: Double
  }

  func validate() throws {
    guard repetitions > 0 else { throw ValidationError("--repetitions must be at least 1.") }
  }

  func run() throws {
    try options.withData { data, chosen in
      let preprocessing = PictureOptions.preprocessing
      var (reading, resizing, augmentation, scaling) = ([Double](), [Double](), [Double](), [Double]())
      for epoch in 0..<repetitions {
        for index in chosen {
          let read = try milliseconds { try PictureReader.read(data.url(of: index)).picture }
          let resized = milliseconds { preprocessing.resizedPixels(of: read.result) }
          let augmented = milliseconds {
            Augmentation.apply(
              resized.result, height: preprocessing.height, width: preprocessing.width,
              settings: AugmentationSettings(), seed: 1, epoch: epoch, picture: UInt64(index))
          }
          let scaled = milliseconds { preprocessing.scaled(augmented.result) }
          reading.append(read.duration)
          resizing.append(resized.duration)
          augmentation.append(augmented.duration)
          scaling.append(scaled.duration)
        }
      }
      let feeder = PictureFeeder(
        data: data, preprocessing: preprocessing, augmentation: AugmentationSettings(),
        decoded: DecodedPictures(budget: 0))
      let whole = try milliseconds {
        for epoch in 0..<repetitions {
          var batches = feeder.batches(of: chosen, epoch: epoch, batchSize: 16, shuffled: false).makeIterator()
          while try batches.next() != nil {}
        }
      }
      let result = Result(
        pictures: chosen.count, reading: Measurement(milliseconds: reading),
        resizing: Measurement(milliseconds: resizing), augmentation: Measurement(milliseconds: augmentation),
        scaling: Measurement(milliseconds: scaling),
        picturesASecond: Double(chosen.count * repetitions) / whole.duration * 1000)
      if json { return try printJSON(result) }
      print("reading and decoding: \(result.reading.text)")
      print("resizing:             \(result.resizing.text)")
      print("augmentation:         \(result.augmentation.text)")
      print("scaling:              \(result.scaling.text)")
      print("all, by the feeder:   \(Measurement.text(result.picturesASecond)) pictures/s")
    }
  }
}

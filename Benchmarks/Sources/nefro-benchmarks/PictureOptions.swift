import ArgumentParser
import Foundation
import KidneyData
import MedicalImages

/// Which pictures are read.
struct PictureOptions: ParsableArguments {
  @Option(help: "A folder of class folders. Default: drawn pictures of 512 x 512, JPEG.")
  var data: String?

  @Option(help: "How many pictures are read at most.")
  var pictures = 128

  func validate() throws {
    guard pictures > 0 else { throw ValidationError("--pictures must be at least 1.") }
  }

  /// The report's.
  static let preprocessing = PreprocessingSpecification(height: 224, width: 224, scaling: .imagenet)

  /// Calls `body` with the data set and the places of some pictures, spread over all of it.
  func withData(_ body: (DataSet, [Int]) throws -> Void) throws {
    if let data {
      try call(body, with: DataSet.open(URL(filePath: data, directoryHint: .isDirectory)))
    } else {
      let folder = FileManager.default.temporaryDirectory.appending(path: "nefro-benchmarks-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      try draw(in: folder)
      try call(body, with: DataSet.open(folder))
    }
  }

  private func call(_ body: (DataSet, [Int]) throws -> Void, with data: DataSet) throws {
    let count = min(pictures, data.count)
    try body(data, (0..<count).map { $0 * data.count / count })
  }

  /// Discs with grain: about as many bytes a pixel as a CT slice.
  private func draw(in folder: URL) throws {
    for number in 0..<pictures {
      let side = 512
      let pixels = (0..<side * side).map { place -> UInt8 in
        let (x, y) = (place % side - 256, place / side - 256)
        let grain = (place &* 2_654_435_761 &+ number &* 40_503) >> 7 & 15
        let isInside = x * x + y * y * 2 < 200 * 200 + number * 64
        return UInt8((isInside ? 110 + (x / 16 ^ y / 24) & 63 : 0) + grain)
      }
      let file = folder.appending(path: "\(number % 2 == 0 ? "Normal" : "Tumor")/\(number).jpg")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      let picture = Picture(width: side, height: side, channels: 1, pixels: pixels)
      try PictureWriter.jpeg(picture, quality: 90).write(to: file)
    }
  }
}

import Digests
import Foundation
import KidneyData
import LocalFiles
import MedicalImages
import RandomStreams
import Reports
import TestSupport
import Testing
import Training

@Suite struct ShortcutFindingTests {
  /// A class's series with the size and colour of their files; every picture has noise of its own.
  private struct Batch {
    var className: String
    var series: Int
    var side: Int
    var isColour: Bool
  }

  private func shortcut(_ batches: [Batch]) throws -> ShortcutFinding {
    try withTemporaryFolder { folder in
      var records: [PictureRecord] = []
      for (number, batch) in batches.enumerated() {
        for series in 0..<batch.series {
          for slice in 0..<3 {
            var stream = RandomStream(seed: 8, UInt64(number), UInt64(series), UInt64(slice))
            let grey = (0..<batch.side * batch.side).map { _ in UInt8(stream.index(below: 256)) }
            var picture = Picture(width: batch.side, height: batch.side, channels: 1, pixels: grey)
            if batch.isColour { picture = picture.rgb() }
            let path = "\(batch.className)/\(number)-\(series)-\(slice).jpg"
            let bytes = try PictureWriter.jpeg(picture, quality: 90)
            try AtomicFile.write(bytes, to: folder.appending(path: path))
            records.append(
              PictureRecord(
                path: path, className: batch.className, byteCount: bytes.count, sha256: ContentDigest(of: bytes),
                width: batch.side, height: batch.side, mode: batch.isColour ? "RGB" : "L", patient: "\(number)-\(series)"))
          }
        }
      }
      try DataManifest(source: "drawn", pictures: records).save(to: folder)
      return try DataAuditor(usesFeatures: false, version: "test").audit([folder]) { _ in }.report.shortcut
    }
  }

  @Test func `with four series a class a complete separation is found, and said in figures`() throws {
    let found = try shortcut([
      Batch(className: "Normal", series: 4, side: 64, isColour: true),
      Batch(className: "Tumor", series: 4, side: 48, isColour: false),
    ])
    #expect(found.verdict == .found, "\(found.explanation)")
    #expect(found.explanation.contains("format alone tells the classes apart"))
    #expect(found.explanation.contains("100 %"))
    #expect(found.explanation.contains("Normal 4 of 4 series, never in Tumor (4 series)"))
    #expect(found.rules.first?.accuracy.value == 1)
    #expect(found.auc?.low == nil && found.auc?.method.hasPrefix("no interval: 4 series") == true)
  }

  @Test func `with two series a class it cannot be judged, and the values that do not recur in the other class are named`() throws {
    let found = try shortcut([
      Batch(className: "Normal", series: 2, side: 64, isColour: true),
      Batch(className: "Tumor", series: 2, side: 48, isColour: false),
    ])
    #expect(found.verdict == .unknown)
    #expect(found.explanation.contains("cannot be judged with Normal 2 series, Tumor 2 series"))
    #expect(found.explanation.contains("0.33"))
    #expect(found.explanation.contains("never in Tumor (2 series)"))
  }

  @Test func `one series of a class leaves nothing to try a rule on, and the text says so`() throws {
    let found = try shortcut([
      Batch(className: "Normal", series: 1, side: 64, isColour: false),
      Batch(className: "Tumor", series: 3, side: 64, isColour: false),
    ])
    #expect(found.verdict == .unknown && found.auc == nil && found.folds == nil)
    #expect(found.explanation.contains("cannot be judged"))
  }

  @Test func `one format for all classes is no shortcut`() throws {
    let found = try shortcut([
      Batch(className: "Normal", series: 5, side: 64, isColour: false),
      Batch(className: "Tumor", series: 5, side: 64, isColour: false),
    ])
    #expect(found.verdict == .notFound, "\(found.explanation)")
  }

  @Test func `a mixture of two releases is found by mode and size, though two classes have both`() throws {
    let found = try shortcut([
      Batch(className: "Cyst", series: 7, side: 48, isColour: false),
      Batch(className: "Normal", series: 3, side: 48, isColour: false),
      Batch(className: "Normal", series: 4, side: 64, isColour: true),
      Batch(className: "Stone", series: 13, side: 48, isColour: false),
      Batch(className: "Tumor", series: 3, side: 48, isColour: false),
      Batch(className: "Tumor", series: 4, side: 64, isColour: true),
    ])
    #expect(found.verdict == .found, "\(found.explanation)")
    #expect(found.explanation.contains("size") && found.explanation.contains("colour mode"))
    #expect(found.explanation.contains("Normal 4 of 7 series, Tumor 4 of 7 series, never in Cyst (7 series), never in Stone (13 series)"))
  }
}

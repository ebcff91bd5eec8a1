import Foundation
import KidneyData
import LocalFiles
import MedicalImages
import TestSupport
import Testing

struct PlantedCopyTests {
  /// Draws a hospital with copies and hands its folder, manifest and list of copies on.
  private func withCopies(
    _ body: (_ root: URL, _ records: [String: PictureRecord], _ copies: [PlantedCopy]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let options = SyntheticHospitalOptions(
        patients: 4, seed: 3, classes: [.normal, .tumor, .stone], slicesPerPatient: 3...3, pictureSize: 96,
        secondSiteFraction: 0.5, exactCopies: 5, reencodedCopies: 4, alteredCopies: 8, conflictingCopies: 2)
      let manifest = try SyntheticHospital.generate(to: root, options: options)
      #expect(manifest.pictures.count == 12 + 19)
      let copies = try PlantedCopyList.load(from: root).copies
      try body(root, Dictionary(uniqueKeysWithValues: manifest.pictures.map { ($0.path, $0) }), copies)
    }
  }

  @Test func `every copy is recorded with what it repeats, and its patient stays`() throws {
    try withCopies { _, records, copies in
      let counts = Dictionary(grouping: copies, by: \.kind).mapValues(\.count)
      #expect(
        counts == [
          .exact: 5, .reencoded: 4, .conflicting: 2, .resized: 2, .cropped: 2, .flipped: 2, .brightened: 2,
        ])
      #expect(Set(copies.map(\.path)).count == copies.count)
      #expect(Set(copies.map(\.path)) == Set(records.values.filter { $0.copyOf != nil }.map(\.path)))
      for copy in copies {
        let (record, original) = (try #require(records[copy.path]), try #require(records[copy.copyOf]))
        #expect(record.copyOf == copy.copyOf)
        #expect(original.copyOf == nil)
        #expect(record.patient == original.patient)
        #expect(record.site == original.site)
        #expect((record.className == original.className) == (copy.kind != .conflicting))
      }
    }
  }

  @Test func `exact and conflicting copies are the same bytes, all others are not`() throws {
    try withCopies { root, records, copies in
      for copy in copies {
        let same = records[copy.path]!.sha256 == records[copy.copyOf]!.sha256
        #expect(same == (copy.kind == .exact || copy.kind == .conflicting), "\(copy.kind)")
        let files = try [copy.path, copy.copyOf].map { try Data(contentsOf: root.appending(path: $0)) }
        #expect((files[0] == files[1]) == same)
      }
    }
  }

  @Test func `altered copies are what their kind says`() throws {
    try withCopies { root, _, copies in
      for copy in copies {
        let (picture, _) = try PictureReader.read(root.appending(path: copy.path))
        let (original, _) = try PictureReader.read(root.appending(path: copy.copyOf))
        switch copy.kind {
        case .exact, .conflicting: #expect(picture == original)
        case .reencoded: #expect(difference(picture, original) < 6)
        case .resized:
          #expect(picture.width < original.width && picture.height < original.height)
          let restored = picture.resized(width: original.width, height: original.height, by: .bilinear)
          #expect(difference(restored, original) < 14)
        case .cropped:
          #expect((original.width - 10..<original.width).contains(picture.width))
        case .flipped:
          #expect(difference(mirrored(picture), original) < 6)
          #expect(difference(picture, original) > 8)
        case .brightened:
          let shift = abs(mean(picture.pixels.map(Float.init)) - mean(original.pixels.map(Float.init)))
          // Darker black stays black, so that the mean moves by less.
          #expect((1.5...21).contains(shift))
        }
      }
    }
  }

  @Test func `more copies than pictures repeat some of them again`() throws {
    try withTemporaryFolder { folder in
      let options = SyntheticHospitalOptions(patients: 2, slicesPerPatient: 1...1, pictureSize: 32, exactCopies: 7)
      let manifest = try SyntheticHospital.generate(to: folder.appending(path: "h"), options: options)
      #expect(manifest.pictures.count == 9)
      #expect(Set(manifest.pictures.map(\.sha256)).count == 2)
    }
  }

  @Test func `a missing or damaged list is an error that names the file`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: PlantedCopyList.fileName)
      #expect(throws: LocalFileError.self) { try PlantedCopyList.load(from: folder) }
      try AtomicFile.write("[1, 2", to: file)
      let error = #expect(throws: KidneyDataError.self) { try PlantedCopyList.load(from: folder) }
      #expect(error?.description.contains(file.path) == true)
    }
  }

  /// The mean difference of two pictures, in grey levels.
  private func difference(_ first: Picture, _ second: Picture) -> Double {
    guard (first.width, first.height, first.channels) == (second.width, second.height, second.channels) else {
      return .infinity
    }
    return mean(zip(first.pixels, second.pixels).map { abs(Float($0) - Float($1)) })
  }

  private func mirrored(_ picture: Picture) -> Picture {
    var result = picture
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        for channel in 0..<picture.channels {
          let from = (row * picture.width + picture.width - 1 - column) * picture.channels + channel
          result.pixels[(row * picture.width + column) * picture.channels + channel] = picture.pixels[from]
        }
      }
    }
    return result
  }
}

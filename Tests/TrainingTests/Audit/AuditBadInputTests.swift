import Backbones
import Foundation
import KidneyData
import MedicalImages
import TestSupport
import Testing
import Training

/// What an audit does with folders that are not as they should be.
@Suite struct AuditBadInputTests {
  private let auditor = DataAuditor(usesFeatures: false, version: "test")

  /// A hospital of 12 pictures of 6 patients, without its manifest: a folder as a person has it.
  private func folder<Result>(_ body: (URL, [PictureRecord]) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(
        to: root, options: SyntheticHospitalOptions(patients: 6, seed: 3, slicesPerPatient: 2...2, pictureSize: 96))
      try FileManager.default.removeItem(at: root.appending(path: DataManifest.fileName))
      return try body(root, manifest.pictures)
    }
  }

  @Test func `files that cannot be read are listed with their reasons, and the rest is audited`() throws {
    try folder { root, records in
      let whole = try Data(contentsOf: root.appending(path: records[0].path))
      try whole.prefix(whole.count / 2).write(to: root.appending(path: records[0].path))
      try Data("no picture".utf8).write(to: root.appending(path: "Normal/text.jpg"))
      try Data().write(to: root.appending(path: "Tumor/empty.png"))
      try Data("DICM".utf8).write(to: root.appending(path: "Tumor/slice.dcm"))
      let outcome = try auditor.audit([root]) { _ in }
      let report = outcome.report
      #expect(report.pictures == records.count - 1)
      #expect(Set(report.setAside.map(\.path)) == [records[0].path, "Normal/text.jpg", "Tumor/empty.png", "Tumor/slice.dcm"])
      #expect(report.setAside.allSatisfy { !$0.reason.isEmpty })
      #expect(report.summary().contains("4 files cannot be used"))
      try auditor.write(outcome, to: root.deletingLastPathComponent().appending(path: "out"))
    }
  }

  @Test func `an empty class, and one of which nothing can be read, are errors that name it`() throws {
    try folder { root, _ in
      try FileManager.default.createDirectory(at: root.appending(path: "Cyst"), withIntermediateDirectories: true)
      let empty = #expect(throws: KidneyDataError.self) { try auditor.audit([root]) { _ in } }
      #expect(empty?.description.contains("Cyst") == true)
      try Data("no picture".utf8).write(to: root.appending(path: "Cyst/text.jpg"))
      let unreadable = #expect(throws: KidneyDataError.self) { try auditor.audit([root]) { _ in } }
      #expect(unreadable?.description.contains("Class 'Cyst'") == true)
      #expect(unreadable?.description.contains("1 files set aside") == true)
    }
  }

  @Test func `a folder that is not there, holds one class, or is named twice is an error that says what to do`() throws {
    try folder { root, _ in
      let missing = #expect(throws: (any Error).self) { try auditor.audit([root.appending(path: "nowhere")]) { _ in } }
      #expect(missing.map { "\($0)".contains("nowhere") } == true)
      let one = #expect(throws: KidneyDataError.self) { try auditor.audit([root.appending(path: "Normal")]) { _ in } }
      #expect(one?.description.contains("name the folder above it") == true)
      let twice = #expect(throws: KidneyDataError.self) { try auditor.audit([root, root]) { _ in } }
      #expect(twice?.description.contains("Name each data set once") == true)
    }
  }

  @Test func `a picture that was removed, or is another file, since its manifest was written is named`() throws {
    try folder { root, records in
      try DataManifest(source: "test", pictures: records).save(to: root)
      let url = root.appending(path: records[3].path)
      let content = try Data(contentsOf: url)
      // As many bytes, so that only decoding can tell.
      try Data(repeating: 7, count: content.count).write(to: url)
      let damaged = #expect(throws: (any Error).self) { try auditor.audit([root]) { _ in } }
      #expect(damaged.map { "\($0)".contains(url.lastPathComponent) } == true)
      try FileManager.default.removeItem(at: url)
      let gone = #expect(throws: KidneyDataError.pictureMissing(path: url.path)) { try auditor.audit([root]) { _ in } }
      #expect(gone?.description.contains("ingest the data again") == true)
    }
  }

  @Test func `wrong sizes and modes, colours and black pictures stand out`() throws {
    try folder { root, records in
      func replace(_ number: Int, _ picture: Picture) throws {
        try PictureWriter.jpeg(picture, quality: 90).write(to: root.appending(path: records[number].path))
      }
      // So many more that what is usual stays usual.
      for copy in 0..<40 {
        let original = try PictureReader.read(root.appending(path: records[copy % 12].path)).picture
        let url = root.appending(path: "Normal/more-\(copy).jpg")
        try PictureWriter.jpeg(original, quality: 70 + copy % 20).write(to: url)
      }
      let picture = try PictureReader.read(root.appending(path: records[0].path)).picture
      try replace(0, picture.resized(width: 48, height: 48, by: .bilinear))
      try replace(1, picture.rgb())
      try replace(2, Picture(width: 96, height: 96, channels: 1, pixels: Array(repeating: 0, count: 96 * 96)))
      try replace(3, picture.resized(width: 96, height: 40, by: .bilinear))
      let odd = try auditor.audit([root]) { _ in }.report.oddPictures
      func reasons(_ number: Int) -> String { odd.filter { $0.path == records[number].path }.map(\.reason).joined(separator: "; ") }
      #expect(reasons(0).contains("48 x 48 pixels where others have 96 x 96") && reasons(0).contains("only 48 x 48"))
      #expect(reasons(1).contains("mode RGB where others have L"))
      #expect(reasons(2).contains("black all over"))
      #expect(reasons(3).contains("very narrow"))
      #expect(Set(odd.map(\.path)).count == 4)
    }
  }
}

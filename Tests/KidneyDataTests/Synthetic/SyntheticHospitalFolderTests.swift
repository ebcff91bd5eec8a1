import Foundation
import KidneyData
import LocalFiles
import TestSupport
import Testing

/// What becomes of the folder a hospital is drawn into.
struct SyntheticHospitalFolderTests {
  private let options = SyntheticHospitalOptions(patients: 2, slicesPerPatient: 1...1, pictureSize: 32)

  @Test func `the same hospital is recognised and left as it is`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(to: root, options: options)
      let inode = try inode(of: root)
      #expect(try SyntheticHospital.generate(to: root, options: options) == manifest)
      #expect(try self.inode(of: root) == inode)
    }
  }

  @Test func `another data set is replaced only when told so`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(to: root, options: options)
      var other = options
      other.seed = 2
      let error = #expect(throws: KidneyDataError.self) { try SyntheticHospital.generate(to: root, options: other) }
      guard case .differentDataSet(root.path, manifest.source, let new)? = error else {
        Issue.record("refused with \(String(describing: error))")
        return
      }
      #expect(new.hasPrefix("synthetic hospital: 2 patients, seed 2, options "))
      #expect(try DataManifest.load(from: root) == manifest)
      let replaced = try SyntheticHospital.generate(to: root, options: other, replace: true)
      #expect(replaced.digest != manifest.digest)
      #expect(try DataManifest.load(from: root) == replaced)
    }
  }

  @Test func `a folder with other things in it is refused and kept, even if replacing is allowed`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "letters.txt")
      try AtomicFile.write("dear", to: file)
      #expect(throws: KidneyDataError.notADataSet(path: folder.path)) {
        try SyntheticHospital.generate(to: folder, options: options, replace: true)
      }
      #expect(throws: KidneyDataError.notADataSet(path: file.path)) {
        try SyntheticHospital.generate(to: file, options: options)
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "dear")
    }
  }

  @Test func `nothing but the hospital remains beside it`() throws {
    try withTemporaryFolder { folder in
      try SyntheticHospital.generate(to: folder.appending(path: "deep/er/h"), options: options)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "deep/er").path) == ["h"])
    }
  }

  @Test(
    arguments: [
      (\SyntheticHospitalOptions.patients, 1, "patients"), (\.patients, 100_001, "patients"),
      (\.pictureSize, 31, "picture size"), (\.pictureSize, 5000, "picture size"), (\.quality, 0, "JPEG quality"),
      (\.quality, 101, "JPEG quality"), (\.exactCopies, -1, "exact copies"), (\.reencodedCopies, -1, "re-encoded copies"),
      (\.alteredCopies, -1, "altered copies"), (\.conflictingCopies, -1, "conflicting copies"),
    ] as [(WritableKeyPath<SyntheticHospitalOptions, Int> & Sendable, Int, String)])
  func `a number out of range is refused by name`(
    key: WritableKeyPath<SyntheticHospitalOptions, Int> & Sendable, value: Int, name: String
  ) {
    var wrong = options
    wrong[keyPath: key] = value
    expectRefusal(of: wrong, key: name)
  }

  @Test(
    arguments: [
      (\SyntheticHospitalOptions.coronalFraction, "coronal fraction"), (\.secondSiteFraction, "second site fraction"),
      (\.markedFraction, "marked fraction"),
    ] as [(WritableKeyPath<SyntheticHospitalOptions, Double> & Sendable, String)])
  func `a fraction outside 0 to 1 is refused by name`(
    key: WritableKeyPath<SyntheticHospitalOptions, Double> & Sendable, name: String
  ) {
    for value in [-0.1, 1.1, .nan] {
      var wrong = options
      wrong[keyPath: key] = value
      expectRefusal(of: wrong, key: name)
    }
  }

  @Test func `one class, or one class twice, is no hospital`() {
    for classes in [[], [.normal], [.tumor, .tumor]] as [[SyntheticFinding]] {
      var wrong = options
      wrong.classes = classes
      expectRefusal(of: wrong, key: "classes")
    }
    var wrong = options
    wrong.slicesPerPatient = 0...3
    expectRefusal(of: wrong, key: "slices per patient")
  }

  private func expectRefusal(of options: SyntheticHospitalOptions, key: String) {
    let error = #expect(throws: KidneyDataError.self) { try options.validate() }
    guard case .invalidSetting(let named, _, _)? = error else {
      Issue.record("refused with \(String(describing: error))")
      return
    }
    #expect(named == key)
  }

  private func inode(of folder: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder.path)[.systemFileNumber] as? Int
  }
}

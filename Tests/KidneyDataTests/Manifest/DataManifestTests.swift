import Digests
import Foundation
import KidneyData
import LocalFiles
import RandomStreams
import TestSupport
import Testing

@Suite struct DataManifestTests {
  private func record(_ path: String, _ className: String = "Normal", patient: String? = nil) -> PictureRecord {
    PictureRecord(
      path: path, className: className, byteCount: 10, sha256: ContentDigest(of: path), width: 4, height: 3, mode: "L",
      patient: patient)
  }

  private func manifest() throws -> DataManifest {
    try DataManifest(
      source: "a folder", selection: PictureSelection(picturesPerClass: 3, seed: 5),
      sourceDigest: ContentDigest(of: "s"),
      pictures: [record("Tumor/b.png", "Tumor", patient: "P1"), record("Normal/(2).png"), record("Normal/(10).png")],
      setAside: [SetAside(path: "Tumor/x.jpg", reason: "broken")])
  }

  @Test func `pictures are sorted by code points and classes follow`() throws {
    let manifest = try manifest()
    #expect(manifest.pictures.map(\.path) == ["Normal/(10).png", "Normal/(2).png", "Tumor/b.png"])
    #expect(manifest.classes == ["Normal", "Tumor"])
    #expect(DataSet(root: URL(filePath: "/x"), manifest: manifest).labels == [0, 0, 1])
  }

  @Test func `what is saved is loaded`() throws {
    try withTemporaryFolder { folder in
      try manifest().save(to: folder)
      #expect(try DataManifest.load(from: folder) == manifest())
      #expect(try DataManifest.load(from: folder).digest == manifest().digest)
    }
  }

  @Test func `the digest tells path, class, content and patient, not the source`() throws {
    let base = [record("Normal/a.png"), record("Tumor/b.png", "Tumor")]
    func digest(_ change: (inout [PictureRecord]) -> Void, source: String = "s") throws -> ContentDigest {
      var pictures = base
      change(&pictures)
      return try DataManifest(source: source, pictures: pictures).digest
    }
    let original = try digest { _ in }
    #expect(try digest({ _ in }, source: "elsewhere") == original)
    #expect(try digest { $0.reverse() } == original)
    #expect(try digest { $0[0].path = "Normal/c.png" } != original)
    #expect(try digest { $0[0].className = "Stone" } != original)
    #expect(try digest { $0[0].sha256 = ContentDigest(of: "other") } != original)
    #expect(try digest { $0[0].patient = "P" } != original)
    #expect(try digest { $0.removeLast() } != original)
  }

  @Test(arguments: [
    "../a.png", "/a.png", "Normal//a.png", "Normal/./a.png", "Normal/../../a.png", "", "Normal/a\0.png", "Normal/",
  ])
  func `a path that could lead out of the folder is refused`(path: String) {
    #expect(throws: KidneyDataError.self) { try DataManifest(source: "s", pictures: [record(path)]) }
  }

  @Test(arguments: ["", ".", "..", "a/b"])
  func `a class name that is no folder's name is refused`(name: String) {
    #expect(throws: KidneyDataError.self) { try DataManifest(source: "s", pictures: [record("Normal/a.png", name)]) }
  }

  @Test func `a slash before a combining accent is still a slash`() {
    #expect(throws: KidneyDataError.self) {
      try DataManifest(source: "s", pictures: [record("../\u{301}a.png")])
    }
    #expect(throws: KidneyDataError.self) {
      try DataManifest(source: "s", pictures: [record("Normal/a.png", "x/\u{301}y")])
    }
  }

  @Test func `a path that occurs twice is refused, two spellings of one name are two files`() throws {
    #expect(throws: KidneyDataError.self) {
      try DataManifest(source: "s", pictures: [record("Normal/a.png"), record("Normal/a.png")])
    }
    let spellings = try DataManifest(
      source: "s", pictures: [record("N/\u{E9}.png", "N"), record("N/e\u{301}.png", "N")])
    #expect(spellings.pictures.count == 2)
  }

  @Test func `sizes must be positive`() {
    for change in [\PictureRecord.byteCount, \.width, \.height] {
      var picture = record("Normal/a.png")
      picture[keyPath: change] = 0
      #expect(throws: KidneyDataError.self) { try DataManifest(source: "s", pictures: [picture]) }
    }
  }

  @Test(arguments: [
    (#""format" : 1"#, #""format" : 2"#, "its format is 2"),
    (#""format" : 1"#, #""form" : 1"#, "'format' is missing"),
    (#""Normal/(10).png""#, #""Normal/(3).png""#, "not sorted"),
    (#""Normal/(10).png""#, #""../(10).png""#, "not a path below"),
    (#""Normal",\#n    "Tumor""#, #""Normal""#, "its classes are"),
    (#""width" : 4"#, #""width" : -4"#, "not positive"),
    (#""width" : 4"#, #""width" : "4""#, "pictures.[0].width"),
  ])
  func `a changed manifest is refused with the reason`(old: String, new: String, reason: String) throws {
    try withTemporaryFolder { folder in
      try manifest().save(to: folder)
      let url = folder.appending(path: DataManifest.fileName)
      let text = try String(contentsOf: url, encoding: .utf8)
      let changed = text.replacing(old, with: new, maxReplacements: 1)
      try #require(changed != text)
      try changed.write(to: url, atomically: true, encoding: .utf8)
      let error = #expect(throws: KidneyDataError.self) { try DataManifest.load(from: folder) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test func `a manifest cut short anywhere is an error, flipped bits never crash`() throws {
    try withTemporaryFolder { folder in
      try manifest().save(to: folder)
      let whole = try Data(contentsOf: folder.appending(path: DataManifest.fileName))
      for length in 0..<whole.count - 1 {
        #expect(throws: KidneyDataError.self) { try DataManifest.decode(whole.prefix(length), name: "m") }
      }
      var stream = RandomStream(seed: 1)
      for _ in 0..<2000 {
        var damaged = whole
        damaged[stream.index(below: damaged.count)] ^= UInt8(1 << stream.index(below: 8))
        do { _ = try DataManifest.decode(damaged, name: "m") } catch is KidneyDataError {}
      }
    }
  }

  @Test func `without a manifest the error names the file`() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: LocalFileError.self) { try DataManifest.load(from: folder) }
      #expect(error?.description.contains(DataManifest.fileName) == true)
    }
  }
}

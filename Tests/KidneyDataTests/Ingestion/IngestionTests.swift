import Archives
import Digests
import Foundation
import KidneyData
import LocalFiles
import MedicalImages
import RandomStreams
import TestSupport
import Testing

@Suite struct IngestionTests {
  /// Three and two pictures, and something broken.
  private func makeSource(_ folder: URL) throws -> URL {
    let source = folder.appending(path: "source")
    try writeClasses(["deep/Normal": 3, "deep/Tumor": 2], to: source)
    try Data("text".utf8).write(to: source.appending(path: "deep/Tumor/broken.jpg"))
    return source
  }

  @Test func `a folder becomes class folders with a manifest`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "artifacts/kidney-ct-scan-image")
      let progress = Collected<IngestionProgress>()
      let data = try await Ingestion.ingest(source: source.path, to: destination, progress: { progress.add($0) })
      #expect(
        allFiles(in: destination) == [
          "Normal", "Normal/Normal- (1).png", "Normal/Normal- (2).png", "Normal/Normal- (3).png", "Tumor",
          "Tumor/Tumor- (1).png", "Tumor/Tumor- (2).png", "nefro-manifest.json",
        ])
      #expect(data.manifest.pictures.map(\.path).first == "Normal/Normal- (1).png")
      #expect(data.manifest.setAside.map(\.path) == ["deep/Tumor/broken.jpg"])
      #expect(data.manifest.source == source.path)
      #expect(try DataSet.open(destination, verifying: .digests).manifest == data.manifest)
      #expect(progress.items.last == .reading(done: 6, total: 6))
      #expect(allFiles(in: folder.appending(path: "artifacts")).filter { $0.hasPrefix(".") } == [])
    }
  }

  @Test func `the same source again is recognised and nothing is touched`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "data")
      let first = try await Ingestion.ingest(source: source.path, to: destination)
      let before = try inode(destination)
      // Under another name it is the same source.
      let moved = folder.appending(path: "moved")
      try FileManager.default.moveItem(at: source, to: moved)
      let progress = Collected<IngestionProgress>()
      let second = try await Ingestion.ingest(source: moved.path, to: destination, progress: { progress.add($0) })
      #expect(second.manifest == first.manifest)
      #expect(progress.items.last == .unchanged(pictures: 5))
      #expect(try inode(destination) == before)
    }
  }

  @Test func `a different data set is replaced only when told so`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "data")
      let first = try await Ingestion.ingest(source: source.path, to: destination)
      let other = folder.appending(path: "other")
      try writeClasses(["Cyst": 2, "Stone": 2], to: other)
      await #expect(
        throws: KidneyDataError.differentDataSet(path: destination.path, existing: source.path, new: other.path)
      ) { try await Ingestion.ingest(source: other.path, to: destination) }
      // Another selection of the same source is another data set, too.
      var options = IngestionOptions(selection: PictureSelection(picturesPerClass: 1))
      await #expect(throws: KidneyDataError.self) {
        try await Ingestion.ingest(source: source.path, to: destination, options: options)
      }
      #expect(try DataSet.open(destination, verifying: .digests).manifest == first.manifest)

      options = IngestionOptions(replace: true)
      let replaced = try await Ingestion.ingest(source: other.path, to: destination, options: options)
      #expect(replaced.classes == ["Cyst", "Stone"])
      #expect(allFiles(in: destination).filter { $0.hasPrefix("Normal") } == [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["data", "other", "source"])
    }
  }

  @Test func `a folder that is no data set is never replaced`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "thesis")
      try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: true)
      try Data("years of work".utf8).write(to: destination.appending(path: "thesis.txt"))
      for target in [destination, destination.appending(path: "thesis.txt")] {
        await #expect(throws: KidneyDataError.notADataSet(path: target.path)) {
          try await Ingestion.ingest(source: source.path, to: target, options: IngestionOptions(replace: true))
        }
      }
      #expect(allFiles(in: destination) == ["thesis.txt"])
    }
  }

  @Test func `a damaged copy of the same source is made anew`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "data")
      let first = try await Ingestion.ingest(source: source.path, to: destination)
      try FileManager.default.removeItem(at: first.url(of: 0))
      let second = try await Ingestion.ingest(source: source.path, to: destination)
      #expect(second.manifest == first.manifest)
      #expect(try DataSet.open(destination, verifying: .digests).count == 5)
    }
  }

  @Test func `a damaged manifest is replaced only when told so`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "data")
      let first = try await Ingestion.ingest(source: source.path, to: destination)
      try Data("{".utf8).write(to: destination.appending(path: DataManifest.fileName))
      await #expect(throws: KidneyDataError.self) { try await Ingestion.ingest(source: source.path, to: destination) }
      let options = IngestionOptions(replace: true)
      #expect(
        try await Ingestion.ingest(source: source.path, to: destination, options: options).manifest == first.manifest)
    }
  }

  @Test func `a destination that is a link stays one`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let disk = folder.appending(path: "big-disk/data")
      try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
      let link = folder.appending(path: "data")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: disk)
      let data = try await Ingestion.ingest(source: source.path, to: link)
      #expect(data.root == link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == disk.path)
      #expect(try DataSet.open(disk, verifying: .digests).manifest == data.manifest)
    }
  }

  @Test func `a source that fails leaves no trace`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      try writeClasses(["Normal": 3], to: source)
      let tumor = source.appending(path: "Tumor/a.jpg")
      try FileManager.default.createDirectory(at: tumor.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("text".utf8).write(to: tumor)
      let artifacts = folder.appending(path: "artifacts")
      await #expect(throws: KidneyDataError.emptyClass(path: source.path, name: "Tumor", setAside: 1)) {
        try await Ingestion.ingest(source: source.path, to: artifacts.appending(path: "data"))
      }
      #expect(allFiles(in: artifacts) == [])
    }
  }

  @Test func `what a killed run left behind is removed, and what it had moved away is put back`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let destination = folder.appending(path: "data")
      let first = try await Ingestion.ingest(source: source.path, to: destination)
      // As if killed between the two renames of a replacement: the old one is in the work folder, nothing in its place.
      let leftover = folder.appending(path: ".data.12345.part")
      try FileManager.default.createDirectory(
        at: leftover.appending(path: "data/Normal"), withIntermediateDirectories: true)
      try Data().write(to: leftover.appending(path: ".nefro.lock"))
      try FileManager.default.moveItem(at: destination, to: leftover.appending(path: "replaced"))
      let other = folder.appending(path: "other")
      try writeClasses(["Cyst": 2, "Stone": 2], to: other)
      await #expect(throws: KidneyDataError.self) { try await Ingestion.ingest(source: other.path, to: destination) }
      #expect(try DataSet.open(destination, verifying: .digests).manifest == first.manifest)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["data", "other", "source"])
    }
  }

  @Test func `the work of a run that is alive is left alone`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      let busy = folder.appending(path: ".data.12345.part")
      let lock = try FolderLock(busy)
      _ = try await Ingestion.ingest(source: source.path, to: folder.appending(path: "data"))
      #expect(FileManager.default.fileExists(atPath: busy.path))
      lock.release()
    }
  }

  @Test func `a cancelled ingestion leaves nothing`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      try writeClasses(["Normal": 40, "Tumor": 40], to: source)
      let artifacts = folder.appending(path: "artifacts")
      let task = Task {
        try await Ingestion.ingest(source: source.path, to: artifacts.appending(path: "data")) { step in
          if case .reading(let done, _) = step, done == 1 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(allFiles(in: artifacts) == [])
    }
  }

  @Test func `source and destination may not lie in each other`() async throws {
    try await withTemporaryFolder { folder in
      let source = try makeSource(folder)
      for destination in [source.appending(path: "data"), source, folder] {
        // The folder above holds files and is no data set: that is found first.
        await #expect(throws: KidneyDataError.self) {
          try await Ingestion.ingest(source: source.path, to: destination, options: IngestionOptions(replace: true))
        }
      }
      #expect(allFiles(in: source).count == 9)
    }
  }

  @Test func `what is no source is refused with what one is`() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "notes.txt")
      try Data("text".utf8).write(to: file)
      let destination = folder.appending(path: "data")
      await #expect(throws: KidneyDataError.notASource(path: file.path)) {
        try await Ingestion.ingest(source: file.path, to: destination)
      }
      await #expect(throws: KidneyDataError.noSuchSource(path: "/no/such/thing")) {
        try await Ingestion.ingest(source: "/no/such/thing", to: destination)
      }
      await #expect(throws: KidneyDataError.self) {
        try await Ingestion.ingest(
          source: folder.path, to: destination,
          options: IngestionOptions(selection: PictureSelection(picturesPerClass: 0)))
      }
    }
  }

  @Test func `an archive is unpacked and recognised by its digest`() async throws {
    try await withTemporaryFolder { folder in
      var files: [(String, Data)] = [("set/readme.txt", Data("hello".utf8))]
      for (number, path) in ["set/Normal/1.png", "set/Normal/2.png", "set/Tumor/1.png", "set/Tumor/2.png"].enumerated() {
        files.append((path, try PictureWriter.png(smallPicture(number))))
      }
      let archive = folder.appending(path: "set.tar")
      try tarArchive(files).write(to: archive)
      let destination = folder.appending(path: "data")
      let digest = try ContentDigest(ofFile: archive)
      let data = try await Ingestion.ingest(
        source: archive.path, to: destination, options: IngestionOptions(expectedSHA256: digest))
      #expect(data.manifest.pictures.map(\.path) == ["Normal/1.png", "Normal/2.png", "Tumor/1.png", "Tumor/2.png"])
      #expect(data.manifest.sourceDigest == digest)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["data", "set.tar"])

      let progress = Collected<IngestionProgress>()
      _ = try await Ingestion.ingest(source: archive.path, to: destination, progress: { progress.add($0) })
      #expect(progress.items == [.unchanged(pictures: 4)])

      let wrong = ContentDigest(of: "something else")
      await #expect(throws: KidneyDataError.wrongDigest(path: archive.path, expected: wrong, actual: digest)) {
        try await Ingestion.ingest(
          source: archive.path, to: destination, options: IngestionOptions(replace: true, expectedSHA256: wrong))
      }
    }
  }

  @Test func `an archive that climbs out leaves nothing`() async throws {
    try await withTemporaryFolder { folder in
      let picture = try PictureWriter.png(smallPicture(1))
      let archive = folder.appending(path: "evil.tar")
      try tarArchive([("Normal/1.png", picture), ("Tumor/1.png", picture), ("../../evil.png", picture)]).write(
        to: archive)
      await #expect(throws: ArchiveError.self) {
        try await Ingestion.ingest(source: archive.path, to: folder.appending(path: "x/data"))
      }
      #expect(allFiles(in: folder) == ["evil.tar", "x"])
    }
  }

  @Test func `only the wanted classes are taken`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      try writeClasses(["Cyst": 2, "Normal": 2, "Stone": 2, "Tumor": 2], to: source)
      var options = IngestionOptions(selection: PictureSelection(classes: ["Tumor", "Normal"]))
      let data = try await Ingestion.ingest(source: source.path, to: folder.appending(path: "data"), options: options)
      #expect(data.classes == ["Normal", "Tumor"])
      options.selection.classes = ["Normal", "Tumour"]
      await #expect(
        throws: KidneyDataError.unknownClass(name: "Tumour", available: ["Cyst", "Normal", "Stone", "Tumor"])
      ) { try await Ingestion.ingest(source: source.path, to: folder.appending(path: "other"), options: options) }
    }
  }

  @Test func `a sample is drawn with the seed, and a broken file is replaced by the next`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      try writeClasses(["Normal": 20, "Tumor": 30], to: source)
      func sample(_ seed: UInt64, _ name: String) async throws -> [String] {
        let options = IngestionOptions(selection: PictureSelection(picturesPerClass: 6, seed: seed))
        let data = try await Ingestion.ingest(source: source.path, to: folder.appending(path: name), options: options)
        #expect(data.labels.count { $0 == 0 } == 6 && data.labels.count { $0 == 1 } == 6)
        return data.manifest.pictures.map(\.path)
      }
      let first = try await sample(1, "a")
      #expect(try await sample(1, "b") == first)
      #expect(try await sample(2, "c") != first)
      for path in first[..<3] { try Data("broken".utf8).write(to: source.appending(path: path)) }
      let repaired = try await sample(1, "d")
      #expect(Set(repaired).isDisjoint(with: first[..<3]))
      #expect(Set(repaired).isSuperset(of: first[3...]))
    }
  }

  @Test func `files of one name in two places of a class are both kept`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      for (number, path) in ["a/Normal/1.png", "b/Normal/1.png", "a/Tumor/1.png", "b/Tumor/2.png"].enumerated() {
        try write(smallPicture(number), to: source.appending(path: path))
      }
      let data = try await Ingestion.ingest(source: source.path, to: folder.appending(path: "data"))
      #expect(data.manifest.pictures.map(\.path) == ["Normal/a_1.png", "Normal/b_1.png", "Tumor/1.png", "Tumor/2.png"])
    }
  }

  @Test func `places whose names fall together when flattened are still told apart`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      for (number, path) in ["a_b/Normal/1.png", "a/b/Normal/1.png", "Tumor/1.png"].enumerated() {
        try write(smallPicture(number), to: source.appending(path: path))
      }
      let data = try await Ingestion.ingest(source: source.path, to: folder.appending(path: "data"))
      #expect(data.manifest.pictures.map(\.path) == ["Normal/1_1.png", "Normal/2_1.png", "Tumor/1.png"])
    }
  }

  @Test func `patients of the source's manifest come along, under the new paths`() async throws {
    try await withTemporaryFolder { folder in
      let source = folder.appending(path: "source")
      try writeClasses(["x/Normal": 2, "x/Tumor": 1], to: source)
      var pictures = try DataSet.open(source).manifest.pictures
      for index in pictures.indices { pictures[index].patient = "P\(index)" }
      pictures[1].copyOf = pictures[0].path
      pictures[1].site = "north"
      try DataManifest(source: "s", pictures: pictures).save(to: source)
      let destination = folder.appending(path: "data")
      let data = try await Ingestion.ingest(source: source.path, to: destination)
      #expect(data.manifest.pictures.map(\.patient) == ["P0", "P1", "P2"])
      #expect(data.manifest.pictures[1].copyOf == "Normal/Normal- (1).png")
      #expect(data.manifest.pictures[1].site == "north")
      // Other patients for the same pictures are another source.
      pictures[0].patient = "P9"
      try DataManifest(source: "s", pictures: pictures).save(to: source)
      await #expect(throws: Never.self) { try await Ingestion.ingest(source: source.path, to: destination) }
      #expect(try DataSet.open(destination).manifest.pictures[0].patient == "P9")
    }
  }

  @Test(.enabled(if: RealSlices.twoClass != nil, "\(RealSlices.absent)"))
  func `the report's data set is taken whole`() async throws {
    let source = try #require(RealSlices.twoClass)
    try await withTemporaryFolder { folder in
      let data = try await Ingestion.ingest(source: source.path, to: folder.appending(path: "kidney-ct-scan-image"))
      #expect(data.classes == ["Normal", "Tumor"])
      #expect(data.labels.count { $0 == 0 } == 240)
      #expect(data.labels.count { $0 == 1 } == 225)
      #expect(data.manifest.pictures.reduce(0) { $0 + $1.byteCount } == 58_936_381)
      #expect(data.manifest.setAside.isEmpty)
      #expect(Set(data.manifest.pictures.map(\.mode)) == ["RGB"])
    }
  }

  private func inode(_ url: URL) throws -> UInt64 {
    var status = stat()
    #expect(stat(url.path, &status) == 0)
    return UInt64(status.st_ino)
  }
}

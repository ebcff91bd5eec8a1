import Foundation
import KidneyData
import MedicalImages
import Synchronization
import TestSupport
import Testing

struct SyntheticHospitalTests {
  private func options(
    patients: Int = 8, seed: UInt64 = 1, classes: [SyntheticFinding] = SyntheticFinding.allCases
  ) -> SyntheticHospitalOptions {
    SyntheticHospitalOptions(
      patients: patients, seed: seed, classes: classes, slicesPerPatient: 2...4, pictureSize: 64)
  }

  @Test func `a hospital is a data set with a class folder for each finding`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      let manifest = try SyntheticHospital.generate(to: root, options: options())
      #expect(manifest.classes == ["Cyst", "Normal", "Stone", "Tumor"])
      let data = try DataSet.open(root, verifying: .digests)
      #expect(data.manifest == manifest)
      for (index, record) in manifest.pictures.enumerated() {
        #expect(record.path.hasPrefix("\(record.className)/\(record.className)- ("))
        let (picture, information) = try PictureReader.read(data.url(of: index))
        #expect((picture.width, picture.height) == (record.width, record.height))
        #expect(information.mode == record.mode)
        // Something is to be seen.
        #expect(Set(picture.pixels).count > 20)
      }
    }
  }

  @Test func `two classes, Normal and Tumor, are the default`() {
    #expect(SyntheticHospitalOptions().classes == [.normal, .tumor])
  }

  @Test func `no patient is in two classes and each one's pictures follow each other`() throws {
    try withTemporaryFolder { folder in
      let manifest = try SyntheticHospital.generate(to: folder.appending(path: "h"), options: options(patients: 11))
      let byPatient = Dictionary(grouping: manifest.pictures) { $0.patient ?? "nobody" }
      #expect(byPatient.count == 11)
      #expect(byPatient.keys.sorted().first == "P0001")
      #expect(byPatient.keys.sorted().last == "P0011")
      for pictures in byPatient.values {
        #expect(Set(pictures.map(\.className)).count == 1)
        #expect((2...4).contains(pictures.count))
        let numbers = pictures.map { number(of: $0.path) }.sorted()
        #expect(numbers.last! - numbers.first! == numbers.count - 1)
      }
      // As even as eleven patients in four classes can be.
      var patientsPerClass: [String: Int] = [:]
      for pictures in byPatient.values { patientsPerClass[pictures[0].className, default: 0] += 1 }
      #expect(patientsPerClass.values.sorted() == [2, 3, 3, 3])
      for name in manifest.classes {
        let numbers = manifest.pictures.filter { $0.className == name }.map { number(of: $0.path) }
        #expect(numbers.sorted() == Array(1...numbers.count))
      }
    }
  }

  private func number(of path: String) -> Int {
    Int(path.split(separator: "(")[1].split(separator: ")")[0])!
  }

  @Test func `the same options give the same bytes, another seed gives others`() throws {
    try withTemporaryFolder { folder in
      func make(_ name: String, seed: UInt64) throws -> DataManifest {
        var options = options(seed: seed)
        options.exactCopies = 2
        options.alteredCopies = 4
        options.markedFraction = 0.5
        options.secondSiteFraction = 0.5
        return try SyntheticHospital.generate(to: folder.appending(path: name), options: options)
      }
      let (first, second, other) = (try make("a", seed: 7), try make("b", seed: 7), try make("c", seed: 8))
      #expect(first == second)
      #expect(first.digest != other.digest)
      for name in [DataManifest.fileName, PlantedCopyList.fileName, SyntheticSliceList.fileName] {
        let files = try ["a", "b", "c"].map { try Data(contentsOf: folder.appending(path: "\($0)/\(name)")) }
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
      }
    }
  }

  @Test func `sites differ in size and mode, and the manifest names them`() throws {
    try withTemporaryFolder { folder in
      var options = options(patients: 24, classes: [.normal, .tumor])
      options.slicesPerPatient = 1...1
      options.secondSiteFraction = 0.5
      let manifest = try SyntheticHospital.generate(to: folder.appending(path: "h"), options: options)
      let first = manifest.pictures.filter { $0.site == "A" }
      let second = manifest.pictures.filter { $0.site == "B" }
      #expect(first.count + second.count == 24)
      #expect((6...18).contains(second.count))
      #expect(first.allSatisfy { ($0.width, $0.height, $0.mode) == (64, 64, "L") })
      #expect(second.allSatisfy { ($0.width, $0.height, $0.mode) == (80, 64, "RGB") })
    }
  }

  @Test func `the list of slices says how to draw a picture and its finding again`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(to: root, options: options())
      let list = try SyntheticSliceList.load(from: root)
      #expect(Set(list.slices.map(\.path)) == Set(manifest.pictures.map(\.path)))
      #expect(Set(list.slices.map(\.plane)) == Set(SlicePlane.allCases))
      for slice in list.slices {
        let patient = slice.drawnPatient(seed: list.seed)
        let record = try #require(manifest.pictures.first { $0.path == slice.path })
        #expect(record.patient == SyntheticHospital.patientName(slice.patient))
        #expect(record.className == slice.finding.rawValue)
        let drawn = patient.picture(plane: slice.plane, position: slice.position, size: slice.size)
        let (read, _) = try PictureReader.read(root.appending(path: slice.path))
        // JPEG loses a little.
        let errors = zip(drawn.pixels, read.pixels).map { abs(Float($0) - Float($1)) }
        #expect(mean(errors) < 4)
        let mask = patient.findingMask(plane: slice.plane, position: slice.position, size: SliceSize(256))
        #expect(mask.contains(true) == (slice.finding != .normal))
      }
    }
  }

  @Test func `marks are burned into the pictures that are listed as marked`() throws {
    try withTemporaryFolder { folder in
      var plain = options(classes: [.normal, .tumor])
      plain.pictureSize = 128
      var marked = plain
      marked.markedFraction = 1
      let before = try SyntheticHospital.generate(to: folder.appending(path: "plain"), options: plain)
      let after = try SyntheticHospital.generate(to: folder.appending(path: "marked"), options: marked)
      #expect(before.pictures.map(\.path) == after.pictures.map(\.path))
      #expect(try SyntheticSliceList.load(from: folder.appending(path: "plain")).slices.allSatisfy { !$0.isMarked })
      #expect(try SyntheticSliceList.load(from: folder.appending(path: "marked")).slices.allSatisfy { $0.isMarked })
      for record in after.pictures {
        let (picture, _) = try PictureReader.read(folder.appending(path: "marked/\(record.path)"))
        // The upper left corner, empty before, holds text.
        let corner = (0..<14).flatMap { row in picture.pixels[row * 128..<row * 128 + 60] }
        #expect(corner.filter { $0 > 120 }.count > 40)
      }
    }
  }

  @Test func `progress counts every picture once`() throws {
    try withTemporaryFolder { folder in
      let seen = Mutex<(done: [Int], totals: Set<Int>)>(([], []))
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(to: root, options: options()) { done, total in
        seen.withLock { steps in
          steps.done.append(done)
          steps.totals.insert(total)
        }
      }
      let total = manifest.pictures.count
      #expect(seen.withLock { $0.done } == Array(1...total))
      #expect(seen.withLock { $0.totals } == [total])
    }
  }
}

import Foundation
import KidneyData
import TestSupport
import Testing

@Suite struct AuditedSplitTests {
  /// Every way of splitting, many seeds: no copy, near copy or slice of one series lies on two sides.
  @Test(arguments: [false, true]) func `no audited pair is on two sides of any split`(ignoringPatients: Bool) throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      let options = SyntheticHospitalOptions(
        patients: 30, seed: 4, slicesPerPatient: 2...4, pictureSize: 192, exactCopies: 8, reencodedCopies: 8,
        alteredCopies: 16, conflictingCopies: 4)
      let data = DataSet(root: root, manifest: try SyntheticHospital.generate(to: root, options: options))
      let copies = try CopyFinder.pairs(in: data)
      #expect(copies.count >= 36)
      let series = try SeriesFinder.assign(data, ignoringPatients: ignoringPatients)
      var mates: [[Int]] = []
      var last: [Int: Int] = [:]
      for (index, number) in series.seriesOf.enumerated() {
        if let other = last[number] { mates.append([other, index]) }
        last[number] = index
      }
      let pairs = copies.map { [$0.first, $0.second] } + mates
      let (labels, paths) = (data.labels, data.manifest.pictures.map(\.path))
      for seed in 0..<200 as Range<UInt64> {
        let split = try Splitter.split(
          labels: labels, series: series.seriesOf, paths: paths, method: .series, validationFraction: 0.15,
          testFraction: 0.25, seed: seed)
        var side = [Int](repeating: -1, count: data.count)
        for (number, part) in [split.training, split.validation, split.test].enumerated() {
          for index in part { side[index] = number }
        }
        #expect(!side.contains(-1))
        #expect(pairs.count { side[$0[0]] != side[$0[1]] } == 0, "held out, seed \(seed)")
        for folds in try Splitter.repeatedGroupedFolds(
          labels: labels, series: series.seriesOf, folds: 3, repeats: 2, seed: seed)
        {
          #expect(pairs.count { folds[$0[0]] != folds[$0[1]] } == 0, "folds, seed \(seed)")
        }
      }
      // The same count on a random split is far from zero, so the one above could fail.
      let random = try Splitter.split(
        labels: labels, series: series.seriesOf, paths: paths, method: .random, validationFraction: 0.15,
        testFraction: 0.25, seed: 1)
      let training = Set(random.training)
      #expect(pairs.contains { training.contains($0[0]) != training.contains($0[1]) })
    }
  }

  @Test func `repeats are different folds, the same for the same seed, and each is grouped`() throws {
    let labels = (0..<60).map { $0 % 2 }
    let series = (0..<60).map { $0 / 2 % 15 * 2 + $0 % 2 }
    let repeats = try Splitter.repeatedGroupedFolds(labels: labels, series: series, folds: 5, repeats: 6, seed: 3)
    #expect(repeats.count == 6)
    #expect(Set(repeats).count == 6)
    #expect(try Splitter.repeatedGroupedFolds(labels: labels, series: series, folds: 5, repeats: 6, seed: 3) == repeats)
    #expect(try Splitter.groupedFolds(labels: labels, series: series, folds: 5, seed: 3) == repeats[0])
    for folds in repeats { #expect(Set(zip(series, folds).map { [$0, $1] }).count == 30) }
    #expect(throws: KidneyDataError.self) {
      try Splitter.repeatedGroupedFolds(labels: labels, series: series, folds: 5, repeats: 0, seed: 3)
    }
  }

  @Test func `one picture under two patients is one series, copied exactly or not`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      let options = SyntheticHospitalOptions(
        patients: 6, seed: 4, slicesPerPatient: 2...2, pictureSize: 96, reencodedCopies: 1)
      var manifest = try SyntheticHospital.generate(to: root, options: options)
      let copy = try #require(manifest.pictures.firstIndex { $0.copyOf != nil })
      let original = try #require(manifest.pictures.firstIndex { $0.path == manifest.pictures[copy].copyOf })
      var pictures = manifest.pictures
      pictures[copy].patient = "somebody else"
      manifest = try DataManifest(source: manifest.source, pictures: pictures)
      let series = try SeriesFinder.assign(DataSet(root: root, manifest: manifest))
      #expect(series.basis == .patient)
      #expect(series.seriesOf[copy] == series.seriesOf[original])
      #expect(series.notes.count == 1)
      #expect(series.notes[0].contains("near copies"))
    }
  }
}

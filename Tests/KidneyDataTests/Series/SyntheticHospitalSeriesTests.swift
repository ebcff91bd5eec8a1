import Foundation
import KidneyData
import TestSupport
import Testing

@Suite struct SyntheticHospitalSeriesTests {
  private let options = SyntheticHospitalOptions(
    patients: 14, seed: 3, slicesPerPatient: 6...9, pictureSize: 96, exactCopies: 3, reencodedCopies: 3,
    conflictingCopies: 2)

  @Test func `no patient is on two sides in a hundred seeds`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      try SyntheticHospital.generate(to: root, options: options)
      let data = try DataSet.open(root)
      let series = try SeriesFinder.assign(data)
      #expect(series.basis == .patient)
      let patients = try data.manifest.pictures.map { try #require($0.patient) }
      #expect(series.count == Set(patients).count)
      for seed in 0..<100 as Range<UInt64> {
        let split = try Splitter.split(
          labels: data.labels, series: series.seriesOf, paths: data.manifest.pictures.map(\.path), method: .series,
          validationFraction: 0.2, testFraction: 0.2, seed: seed)
        let sides = [split.training, split.validation, split.test].map { Set($0.map { patients[$0] }) }
        #expect(sides.map(\.count).reduce(0, +) == Set(patients).count, "seed \(seed)")
        let folds = try Splitter.groupedFolds(labels: data.labels, series: series.seriesOf, folds: 4, seed: seed)
        #expect(Set(zip(patients, folds).map { "\($0) \($1)" }).count == Set(patients).count, "seed \(seed)")
      }
    }
  }

  @Test func `without patients copies still meet their originals, and disagreement is reported`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "hospital")
      let manifest = try SyntheticHospital.generate(to: root, options: options)
      let data = DataSet(root: root, manifest: manifest)
      let series = try SeriesFinder.assign(data, ignoringPatients: true)
      #expect(series.basis == .look)
      var copies = 0
      for (index, record) in manifest.pictures.enumerated() {
        guard let original = record.copyOf else { continue }
        let place = try #require(manifest.pictures.firstIndex { $0.path == original })
        #expect(series.seriesOf[index] == series.seriesOf[place], "\(record.path) and \(original)")
        copies += 1
      }
      #expect(copies == 8)
      let agreement = SeriesAgreement(of: series, patients: manifest.pictures.map(\.patient))
      #expect(agreement.patients == 14)
      #expect(agreement.series == series.count)
      // Every merge of two patients is a series fewer, every cut at least one more.
      let merged = agreement.overMerged.reduce(0) { $0 + $1.count - 1 }
      #expect(series.count >= 14 - merged)
      // Most patients are found whole.
      #expect(agreement.overCut.count <= 4, "\(agreement)")
    }
  }
}

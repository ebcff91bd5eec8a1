import Foundation
import KidneyData
import MedicalImages
import ParallelWork
import TestSupport
import Testing

@Suite struct SeriesFinderTests {
  /// Groups of file names (without folder) that a series holds, each sorted, in order.
  private func groups(_ data: DataSet, _ assignment: SeriesAssignment) -> [[String]] {
    (0..<assignment.count).map { number in
      data.manifest.pictures.indices.filter { assignment.seriesOf[$0] == number }.map {
        data.manifest.pictures[$0].path
      }
    }
  }

  private func paths(_ className: String, _ numbers: some Sequence<Int>) -> [String] {
    numbers.map { "\(className)/(\($0)).png" }.sorted()
  }

  @Test func `studies in a row are told apart, in number order`() throws {
    try withTemporaryFolder { folder in
      // Numbers 1-12, 13-24, 25-36 of three patients: by code points they would be mixed.
      for patient in 0..<3 {
        for slice in 0..<12 {
          try write(
            PaperStudy(patient: UInt64(patient)).slice(slice),
            to: folder.appending(path: "Normal/(\(12 * patient + slice + 1)).png"))
        }
      }
      for slice in 0..<5 {
        try write(PaperStudy(patient: 9).slice(slice), to: folder.appending(path: "Tumor/(\(slice + 1)).png"))
      }
      let data = try DataSet.open(folder)
      let assignment = try SeriesFinder.assign(data)
      #expect(assignment.basis == .look)
      #expect(assignment.seriesPerClass(labels: data.labels, classes: 2) == [3, 1])
      #expect(
        groups(data, assignment) == [
          paths("Normal", 1...12), paths("Normal", 13...24), paths("Normal", 25...36), paths("Tumor", 1...5),
        ])
      #expect(assignment.names[0] == "Normal/(1).png … (12).png")
      #expect(assignment.notes.isEmpty)
      #expect(assignment.dataDigest == data.manifest.digest)
    }
  }

  @Test func `axial slices and the coronal ones that follow are one study, the next axial ones are not`() throws {
    try withTemporaryFolder { folder in
      var number = 0
      for patient in 1...2 as ClosedRange<UInt64> {
        let study = PaperStudy(patient: patient)
        for longitudinal in [false, true] {
          for slice in 0..<6 {
            number += 1
            try write(
              study.slice(slice, longitudinal: longitudinal), to: folder.appending(path: "Normal/(\(number)).png"))
          }
        }
      }
      // The same change of plane with other grey values: another patient after all.
      for slice in 0..<6 {
        try write(PaperStudy(patient: 5).slice(slice), to: folder.appending(path: "Tumor/(\(slice + 1)).png"))
        try write(
          PaperStudy(patient: 6, soft: 190).slice(slice, longitudinal: true),
          to: folder.appending(path: "Tumor/(\(slice + 7)).png"))
      }
      let data = try DataSet.open(folder)
      let assignment = try SeriesFinder.assign(data)
      #expect(
        groups(data, assignment) == [
          paths("Normal", 1...12), paths("Normal", 13...24), paths("Tumor", 1...6), paths("Tumor", 7...12),
        ])
      #expect(assignment.notes.count { $0.contains("the plane changes from one number to the next") } == 2)
    }
  }

  @Test func `missing numbers do not cut a study, other grey values across them do`() throws {
    try withTemporaryFolder { folder in
      // 0.06 radians a slice: 22 slices on, the blobs look quite different.
      for number in [1, 2, 24, 25] {
        try write(PaperStudy(patient: 4).slice(number), to: folder.appending(path: "Normal/(\(number)).png"))
      }
      for number in [60, 61] {
        try write(PaperStudy(patient: 7, soft: 90).slice(number), to: folder.appending(path: "Normal/(\(number)).png"))
      }
      for number in 1...2 {
        try write(PaperStudy(patient: 8).slice(number), to: folder.appending(path: "Tumor/(\(number)).png"))
      }
      let data = try DataSet.open(folder)
      let assignment = try SeriesFinder.assign(data)
      #expect(
        groups(data, assignment) == [
          paths("Normal", [1, 2, 24, 25]), paths("Normal", [60, 61]), paths("Tumor", 1...2),
        ])
    }
  }

  @Test func `copies are joined across classes and folders, encoded again or padded`() throws {
    // Each patient with tones of its own, or missing numbers would be taken for missing slices.
    func study(_ patient: UInt64) -> PaperStudy { PaperStudy(patient: patient, soft: 70 + 30 * Double(patient)) }
    try withTemporaryFolder { folder in
      for patient in 1...3 as ClosedRange<UInt64> {
        for slice in 0..<4 {
          try write(
            study(patient).slice(slice),
            to: folder.appending(path: "Normal/(\(Int(patient) * 10 + slice)).png"))
        }
      }
      for slice in 0..<4 {
        try write(study(4).slice(slice), to: folder.appending(path: "Tumor/(\(slice)).png"))
      }
      // Exact, encoded again and resized, padded.
      try write(study(1).slice(2), to: folder.appending(path: "Tumor/copy 7.png"))
      try write(
        study(2).slice(0).resized(width: 100, height: 100, by: .bilinear),
        to: folder.appending(path: "more/Tumor/again 8.jpg"), quality: 60)
      let slice = study(3).slice(1)
      var padded = [UInt8](repeating: 0, count: 200 * 160)
      for row in 0..<128 {
        padded.replaceSubrange(
          (row + 9) * 200 + 30..<(row + 9) * 200 + 158, with: slice.pixels[row * 128..<row * 128 + 128])
      }
      try write(
        Picture(width: 200, height: 160, channels: 1, pixels: padded),
        to: folder.appending(path: "Tumor/letterbox 9.png"))

      let data = try DataSet.open(folder)
      let assignment = try SeriesFinder.assign(data)
      #expect(
        groups(data, assignment) == [
          paths("Normal", 10...13) + ["Tumor/copy 7.png"],
          paths("Normal", 20...23) + ["more/Tumor/again 8.jpg"],
          paths("Normal", 30...33) + ["Tumor/letterbox 9.png"],
          paths("Tumor", 0...3),
        ])
      #expect(assignment.notes.count == 3)
      #expect(assignment.seriesPerClass(labels: data.labels, classes: 2) == [3, 4])
    }
  }

  @Test func `a mirrored copy is joined`() throws {
    try withTemporaryFolder { folder in
      let slice = PaperStudy(patient: 11).slice(3)
      let mirrored = Picture(
        width: 128, height: 128, channels: 1,
        pixels: (0..<128 * 128).map { slice.pixels[$0 / 128 * 128 + 127 - $0 % 128] })
      try write(slice, to: folder.appending(path: "Normal/1.png"))
      try write(PaperStudy(patient: 12).slice(3), to: folder.appending(path: "Normal/2.png"))
      try write(mirrored, to: folder.appending(path: "Tumor/1.png"))
      let assignment = try SeriesFinder.assign(DataSet.open(folder))
      #expect(assignment.seriesOf == [0, 1, 0])
    }
  }

  @Test func `a split into train and test folders does not hide a study`() throws {
    try withTemporaryFolder { folder in
      for slice in 0..<12 {
        for (name, patient) in [("Normal", 1), ("Tumor", 2)] as [(String, UInt64)] {
          let side = slice % 3 == 0 ? "test" : "train"
          try write(
            PaperStudy(patient: patient).slice(4 * slice),
            to: folder.appending(path: "\(side)/\(name)/\(slice + 1).png"))
        }
      }
      let assignment = try SeriesFinder.assign(DataSet.open(folder))
      #expect(assignment.count == 2)
    }
  }

  @Test func `folders that count alike count on their own`() throws {
    try withTemporaryFolder { folder in
      for slice in 1...6 {
        for (site, patient) in [("a", 1), ("b", 2)] as [(String, UInt64)] {
          try write(
            PaperStudy(patient: patient).slice(slice), to: folder.appending(path: "\(site)/Normal/\(slice).png"))
          try write(
            PaperStudy(patient: patient + 5).slice(slice), to: folder.appending(path: "\(site)/Tumor/\(slice).png"))
        }
      }
      let assignment = try SeriesFinder.assign(DataSet.open(folder))
      #expect(assignment.count == 4)
    }
  }

  @Test func `names without numbers are reported, and only likeness joins them`() throws {
    try withTemporaryFolder { folder in
      let letters = ["k", "c", "x", "a"]
      for (index, letter) in letters.enumerated() {
        try write(PaperStudy(patient: 1).slice(index), to: folder.appending(path: "Normal/\(letter).png"))
        try write(PaperStudy(patient: 2).slice(20 * index), to: folder.appending(path: "Tumor/\(letter).png"))
      }
      let data = try DataSet.open(folder)
      let assignment = try SeriesFinder.assign(data)
      #expect(assignment.seriesPerClass(labels: data.labels, classes: 2)[0] == 1)
      #expect(assignment.notes.contains { $0.hasPrefix("8 file names carry no number") })
    }
  }

  @Test func `a patient in the manifest wins over look`() throws {
    try withTemporaryFolder { folder in
      for slice in 0..<6 {
        // One patient looks like two, two patients look like one.
        try write(
          PaperStudy(patient: slice < 3 ? 1 : 2).slice(slice), to: folder.appending(path: "Normal/\(slice).png"))
        // Alike, but no near copies: those are one picture, whoever they are said to show.
        try write(
          PaperStudy(patient: 3).slice(slice < 3 ? slice : slice + 12), to: folder.appending(path: "Tumor/\(slice).png"))
      }
      var pictures = try DataSet.open(folder).manifest.pictures
      for index in pictures.indices {
        pictures[index].patient = index < 6 ? "A" : index < 9 ? "B" : "C"
      }
      let data = DataSet(root: folder, manifest: try DataManifest(source: "s", pictures: pictures))
      let assignment = try SeriesFinder.assign(data)
      #expect(assignment.basis == .patient)
      #expect(assignment.names == ["A", "B", "C"])
      #expect(assignment.seriesOf == [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2])

      // Found by look all the same, the disagreement is reported.
      let byLook = try SeriesFinder.assign(data, ignoringPatients: true)
      let agreement = SeriesAgreement(of: byLook, patients: pictures.map(\.patient))
      #expect(agreement.overMerged == [["B", "C"]])
      #expect(agreement.overCut == ["A"])
      #expect(agreement.patients == 3 && agreement.series == 3)

      // The same file under two patients is a leak whatever the manifest says.
      try FileManager.default.removeItem(at: folder.appending(path: "Tumor/5.png"))
      try FileManager.default.copyItem(
        at: folder.appending(path: "Normal/0.png"), to: folder.appending(path: "Tumor/5.png"))
      pictures[11].sha256 = pictures[0].sha256
      let leaky = DataSet(root: folder, manifest: try DataManifest(source: "s", pictures: pictures))
      let joined = try SeriesFinder.assign(leaky)
      #expect(joined.seriesOf == [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0])
      #expect(joined.notes.count == 1)
    }
  }

  @Test func `where only some patients are known, look decides for the rest`() throws {
    try withTemporaryFolder { folder in
      for slice in 0..<4 {
        try write(PaperStudy(patient: 1).slice(slice), to: folder.appending(path: "Normal/\(slice).png"))
        try write(PaperStudy(patient: 5).slice(10 + slice), to: folder.appending(path: "Normal/\(10 + slice).png"))
        try write(PaperStudy(patient: 2, soft: 80).slice(slice), to: folder.appending(path: "Tumor/\(slice).png"))
        try write(PaperStudy(patient: 1).slice(slice), to: folder.appending(path: "Tumor/\(20 + slice).jpg"))
      }
      var pictures = try DataSet.open(folder).manifest.pictures
      for index in pictures.indices where pictures[index].className == "Normal" {
        pictures[index].patient = NumberedName(String(pictures[index].path.dropFirst(7))).number! < 10 ? "A" : "B"
      }
      let data = DataSet(root: folder, manifest: try DataManifest(source: "s", pictures: pictures))
      let assignment = try SeriesFinder.assign(data)
      #expect(assignment.basis == .patientAndLook)
      // The JPEG copies in Tumor look like patient A.
      #expect(assignment.count == 3)
      #expect(
        groups(data, assignment)[0] == numbered("Normal", 0..<4) + (20..<24).map { "Tumor/\($0).jpg" })
    }
  }

  private func numbered(_ className: String, _ numbers: Range<Int>) -> [String] {
    numbers.map { "\(className)/\($0).png" }
  }

  // MARK: - Real slices

  @Test(.enabled(if: RealSlices.twoClass != nil, "\(RealSlices.absent)"))
  func `the two-class set has four series in each class`() throws {
    let data = try DataSet.open(try #require(RealSlices.twoClass))
    let assignment = try SeriesFinder.assign(data)
    #expect(assignment.seriesPerClass(labels: data.labels, classes: 2) == [4, 4])
    // In the four-class set, which has every number, 1-227 of Normal and 3-304 of Tumor are runs without a gap, and the
    // pictures that both sets share belong to them: so the first series are right in spite of their gaps.
    // Checked by eye on contact sheets: axial 7-99, coronal 637-715, axial 716-823, axial and coronal 933-999; a
    // polycystic-looking mass 8-99, coronal 701-856, one lower-pole mass axial and coronal 872-973, axial 974-999.
    #expect(
      assignment.names == [
        "Normal/Normal- (7).jpg … Normal- (99).jpg", "Normal/Normal- (637).jpg … Normal- (715).jpg",
        "Normal/Normal- (716).jpg … Normal- (823).jpg", "Normal/Normal- (933).jpg … Normal- (999).jpg",
        "Tumor/Tumor- (8).jpg … Tumor- (99).jpg", "Tumor/Tumor- (701).jpg … Tumor- (856).jpg",
        "Tumor/Tumor- (872).jpg … Tumor- (973).jpg", "Tumor/Tumor- (974).jpg … Tumor- (999).jpg",
      ])
  }

  @Test(.enabled(if: RealSlices.fourClass != nil, "\(RealSlices.absent)"))
  func `pictures of different series of the four-class set are far less alike than neighbours`() throws {
    let data = try DataSet.open(try #require(RealSlices.fourClass))
    let assignment = try SeriesFinder.assign(data)
    #expect(assignment.seriesPerClass(labels: data.labels, classes: 4) == [7, 2, 13, 3])
    // Every fourth picture: 325, 52,650 pairs.
    let sample = stride(from: 0, to: data.count, by: 4).map { $0 }
    let looks = try parallelMap(sample.count) { place in
      Look(try PictureReader.read(data.url(of: sample[place])).picture)
    }
    var across: Float = 0
    var nearest: [Float] = []
    for first in sample.indices {
      var best: Float = 0
      for second in sample.indices where first != second {
        let similarity = looks[first].similarity(to: looks[second])
        if assignment.seriesOf[sample[first]] == assignment.seriesOf[sample[second]] {
          best = max(best, similarity)
        } else {
          across = max(across, similarity)
        }
      }
      nearest.append(best)
    }
    nearest.sort()
    #expect(across < 0.5, "the most similar pair across series: \(across)")
    // The median neighbour within a series.
    #expect(nearest[nearest.count / 2] > 0.8, "\(nearest[nearest.count / 2])")
  }
}

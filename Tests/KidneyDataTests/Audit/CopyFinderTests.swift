import Digests
import Foundation
import KidneyData
import MedicalImages
import TestSupport
import Testing

/// How many planted copies are found, by kind of alteration, and how many pairs of different patients are found with them.
struct CopyRecall {
  private(set) var planted: [PlantedCopy.Kind: Int] = [:]
  private(set) var found: [PlantedCopy.Kind: Int] = [:]
  private(set) var pairs = 0
  private(set) var falsePairs = 0

  init(_ pairs: [CopyPair], in data: DataSet) throws {
    let records = data.manifest.pictures
    let place = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1.path, $0) })
    let known = Set(pairs.map { [$0.first, $0.second] })
    for copy in try PlantedCopyList.load(from: data.root).copies {
      let sides = [place[copy.path]!, place[copy.copyOf]!].sorted()
      planted[copy.kind, default: 0] += 1
      found[copy.kind, default: 0] += known.contains(sides) ? 1 : 0
    }
    self.pairs = pairs.count
    falsePairs = pairs.count { records[$0.first].patient != records[$0.second].patient }
  }

  var recall: Double { Double(found.values.reduce(0, +)) / Double(planted.values.reduce(0, +)) }
  /// A pair from one patient is never false: neighbouring slices may be as alike as copies.
  var precision: Double { pairs == 0 ? 0 : 1 - Double(falsePairs) / Double(pairs) }

  var table: String {
    PlantedCopy.Kind.allCases.map { "\($0.rawValue) \(found[$0] ?? 0) of \(planted[$0] ?? 0)" }.joined(separator: ", ")
      + "; \(pairs) pairs, \(falsePairs) of them of different patients"
  }
}

@Suite struct CopyFinderTests {
  private static let samples: [SyntheticHospitalOptions] =
    [
      SyntheticHospitalOptions(
        patients: 24, seed: 5, classes: SyntheticFinding.allCases, slicesPerPatient: 6...8, pictureSize: 192,
        secondSiteFraction: 0.3, exactCopies: 12, reencodedCopies: 20, alteredCopies: 100, conflictingCopies: 8,
        markedFraction: 0.2)
    ]
    + (TestRun.isFull
      ? [256, 384].map { size in
        SyntheticHospitalOptions(
          patients: 120, seed: 11, classes: SyntheticFinding.allCases, pictureSize: size, secondSiteFraction: 0.3,
          exactCopies: 300, reencodedCopies: 400, alteredCopies: 1400, conflictingCopies: 100, markedFraction: 0.2)
      } : [])

  @Test(arguments: samples) func `planted copies are found, and pictures of different patients are not taken for copies`(
    options: SyntheticHospitalOptions
  ) throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let data = DataSet(root: root, manifest: try SyntheticHospital.generate(to: root, options: options))
      let result = try CopyRecall(CopyFinder.pairs(in: data), in: data)
      print("copies at \(options.pictureSize) pixels: \(result.table)")
      #expect(result.recall >= 0.999, "\(result.table)")
      #expect(result.precision >= 0.99, "\(result.table)")
    }
  }

  @Test func `the recall that this suite measures counts what is missing and what is false`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let options = SyntheticHospitalOptions(patients: 3, slicesPerPatient: 2...2, pictureSize: 64, exactCopies: 2)
      let data = DataSet(root: root, manifest: try SyntheticHospital.generate(to: root, options: options))
      #expect(try CopyRecall([], in: data).recall == 0)
      let strangers = try #require(
        data.manifest.pictures.indices.first { data.manifest.pictures[$0].patient != data.manifest.pictures[0].patient })
      let wrong = CopyPair(
        first: 0, second: strangers, kind: .nearCopy, flip: .none, structure: 1, detail: 1, hashDistance: 0)
      #expect(try CopyRecall([wrong], in: data).precision == 0)
    }
  }

  /// What an alteration beyond the planted ones does to a picture.
  private static let alterations: [(name: String, change: @Sendable (Picture) -> Picture)] = [
    ("one-sided crop", { cut($0, left: 0.05, right: 0, top: 0, bottom: 0.04) }),
    ("crop of 6 % of each side", { cut($0, left: 0.06, right: 0.06, top: 0.06, bottom: 0.06) }),
    ("upside down", { turned($0, horizontally: false) }),
    ("turned by 180 degrees", { turned(turned($0, horizontally: false), horizontally: true) }),
    ("half the size", { $0.resized(width: $0.width / 2, height: $0.height / 2, by: .bilinear) }),
    ("other proportions", { $0.resized(width: $0.width, height: $0.height * 4 / 5, by: .bilinear) }),
    ("contrast", { mapped($0) { 128 + ($0 - 128) * 0.75 } }),
    ("brightness", { mapped($0) { $0 + 30 } }),
    ("gamma", { mapped($0) { 255 * pow($0 / 255, 0.8) } }),
    ("colour file", { $0.rgb() }),
    ("mirrored, cropped and brighter", { mapped(turned(cut($0, left: 0.03, right: 0.02, top: 0.03, bottom: 0.03), horizontally: true)) { $0 + 12 } }),
  ]

  @Test func `alterations that the hospital does not plant are found, too`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let options = SyntheticHospitalOptions(patients: 20, seed: 8, slicesPerPatient: 2...3, pictureSize: 256)
      let data = DataSet(root: root, manifest: try SyntheticHospital.generate(to: root, options: options))
      let originals = try data.manifest.pictures.indices.map { try PictureReader.read(data.url(of: $0)).picture }
      var pictures = originals
      var expected: [(name: String, pair: [Int])] = []
      for (number, alteration) in Self.alterations.enumerated() {
        for original in stride(from: number, to: originals.count, by: 7) {
          let bytes = try PictureWriter.jpeg(alteration.change(originals[original]), quality: 75)
          expected.append((alteration.name, [original, pictures.count]))
          pictures.append(try PictureReader.decode(bytes, name: alteration.name).picture)
        }
      }
      let pairs = CopyFinder.pairs(
        of: pictures.map { PictureFingerprint($0) },
        digests: pictures.indices.map { ContentDigest(of: "\($0)") })
      let found = Set(pairs.map { [$0.first, $0.second] })
      for (name, pair) in expected {
        let isFound = found.contains(pair)
        #expect(isFound, "\(name) of \(pair[0])")
      }
    }
  }

  @Test func `files that differ in metadata alone have the same pixels, and blank pictures are no near copies`() throws {
    let grey = Picture(width: 40, height: 40, channels: 1, pixels: Array(repeating: 90, count: 1600))
    let darker = Picture(width: 40, height: 40, channels: 1, pixels: Array(repeating: 20, count: 1600))
    let pairs = CopyFinder.pairs(
      of: [grey, darker, grey].map { PictureFingerprint($0) }, digests: (0..<3).map { ContentDigest(of: "\($0)") })
    #expect(pairs.map { [$0.first, $0.second] } == [[0, 2]])
    #expect(pairs.first?.kind == .samePixels)
    #expect(CopyFinder.pairs(of: [], digests: []).isEmpty)
    #expect(CopyFinder.pairs(of: [PictureFingerprint(grey)], digests: [ContentDigest(of: "x")]).isEmpty)
  }

  @Test func `features give distances, and propose pairs`() throws {
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let options = SyntheticHospitalOptions(
        patients: 4, slicesPerPatient: 2...2, pictureSize: 96, exactCopies: 1, reencodedCopies: 2)
      let data = DataSet(root: root, manifest: try SyntheticHospital.generate(to: root, options: options))
      let features = data.manifest.pictures.indices.map { index in (0..<70).map { Float(($0 * (index + 3)) % 11 + $0 % 5) } }
      let pairs = try CopyFinder.pairs(in: data, features: features)
      #expect(pairs.count >= 3)
      for pair in pairs {
        let distance = try #require(pair.featureDistance)
        let (a, b) = (features[pair.first], features[pair.second])
        func product(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        let expected = 1 - product(a, b) / (product(a, a) * product(b, b)).squareRoot()
        #expect(abs(distance - expected) < 1e-5)
      }
      #expect(try CopyFinder.pairs(in: data).allSatisfy { $0.featureDistance == nil })
    }
  }
}

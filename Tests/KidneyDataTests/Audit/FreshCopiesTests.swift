import Digests
import Foundation
import KidneyData
import MedicalImages
import ParallelWork
import RandomStreams
import TestSupport
import Testing

/// A hospital that no threshold was chosen on: another seed, other sizes, qualities and shares than in
/// `CopyFinderTests`, with what it plants itself and with stronger changes of the same kinds.
struct CopyTrial {
  var patients: Int
  var slices: ClosedRange<Int>
  var pictureSize: Int
  /// Copies that the hospital plants: byte for byte, encoded again, altered, under another class.
  var planted: (exact: Int, reencoded: Int, altered: Int, conflicting: Int)
  /// Of each of `changes`.
  var more: Int

  static let seed: UInt64 = 90_417

  /// Stronger than what the hospital plants.
  static let changes: [(name: String, change: @Sendable (Picture, inout RandomStream) -> Picture)] = [
    ("encoded again at quality 25 to 50", { picture, _ in picture }),
    ("resized to 0.45 to 0.6", { picture, stream in scaled(picture, stream.uniform(in: 0.45..<0.6)) }),
    ("resized to 1.2 to 1.6", { picture, stream in scaled(picture, stream.uniform(in: 1.2..<1.6)) }),
    (
      "cropped by 5 to 6 % of each side",
      { picture, stream in
        let share = stream.uniform(in: 0.05..<0.06)
        return cut(picture, left: share, right: share, top: share, bottom: share)
      }
    ),
    (
      "cropped by up to 6 % of any side",
      { picture, stream in
        func share() -> Double { stream.uniform(in: 0..<0.06) }
        return cut(picture, left: share(), right: share(), top: share(), bottom: share())
      }
    ),
    ("mirrored top to bottom", { picture, _ in turned(picture, horizontally: false) }),
    ("turned by 180 degrees", { picture, _ in turned(turned(picture, horizontally: false), horizontally: true) }),
    (
      "brighter or darker by 20 to 35",
      { picture, stream in
        let shift = stream.uniform(in: 20..<35) * (stream.uniform() < 0.5 ? 1 : -1)
        return mapped(picture) { $0 + shift }
      }
    ),
    (
      "contrast times 0.7 to 1.3",
      { picture, stream in
        let factor = stream.uniform(in: 0.7..<1.3)
        return mapped(picture) { 128 + ($0 - 128) * factor }
      }
    ),
    (
      "gamma 0.7 to 1.4",
      { picture, stream in
        let gamma = stream.uniform(in: 0.7..<1.4)
        return mapped(picture) { 255 * pow($0 / 255, gamma) }
      }
    ),
    (
      "proportions changed by up to 15 %",
      { picture, stream in
        let factor = stream.uniform(in: 0.85..<1.15)
        return picture.resized(width: Int(Double(picture.width) * factor), height: picture.height, by: .bilinear)
      }
    ),
    (
      "mirrored, cropped and brightened",
      { picture, stream in
        let share = stream.uniform(in: 0.01..<0.04)
        let shift = stream.uniform(in: -15..<15)
        return mapped(turned(cut(picture, left: share, right: 0.02, top: share, bottom: 0.01), horizontally: true)) { $0 + shift }
      }
    ),
    (
      "resized, cropped and brightened",
      { picture, stream in
        let share = stream.uniform(in: 0.01..<0.04)
        let shift = stream.uniform(in: -15..<15)
        return mapped(scaled(cut(picture, left: share, right: share, top: share, bottom: share), stream.uniform(in: 0.6..<0.9))) { $0 + shift }
      }
    ),
  ]

  private static func scaled(_ picture: Picture, _ scale: Double) -> Picture {
    picture.resized(
      width: Int(Double(picture.width) * scale), height: Int(Double(picture.height) * scale), by: .bilinear)
  }

  struct Result {
    var planted: [String: Int] = [:]
    var found: [String: Int] = [:]
    var order: [String] = []
    var pictures = 0
    var pairs = 0
    /// Pairs of pictures of two patients.
    var falsePairs = 0

    mutating func count(_ kind: String, isFound: Bool) {
      if planted[kind] == nil { order.append(kind) }
      planted[kind, default: 0] += 1
      found[kind, default: 0] += isFound ? 1 : 0
    }

    var all: Int { planted.values.reduce(0, +) }
    var recall: Double { Double(found.values.reduce(0, +)) / Double(all) }
    var precision: Double { pairs == 0 ? 0 : 1 - Double(falsePairs) / Double(pairs) }

    var table: String {
      (["| planted | found |", "|---|---|"] + order.map { "| \($0) | \(found[$0]!) of \(planted[$0]!) |" }
        + ["| all | \(found.values.reduce(0, +)) of \(all) |"]).joined(separator: "\n")
        + "\n\(pictures) pictures, \(pairs) pairs, \(falsePairs) of them of two patients"
    }
  }

  func run(in folder: URL) throws -> Result {
    let options = SyntheticHospitalOptions(
      patients: patients, seed: Self.seed, classes: SyntheticFinding.allCases, slicesPerPatient: slices,
      coronalFraction: 0.25, pictureSize: pictureSize, quality: 80, secondSiteFraction: 0.5, exactCopies: planted.exact,
      reencodedCopies: planted.reencoded, alteredCopies: planted.altered, conflictingCopies: planted.conflicting,
      markedFraction: 0.1)
    let data = DataSet(root: folder, manifest: try SyntheticHospital.generate(to: folder, options: options))
    let records = data.manifest.pictures
    let originals = records.indices.filter { records[$0].copyOf == nil }
    var order = RandomStream(seed: Self.seed, 1)
    let shuffled = order.permutation(of: originals.count).map { originals[$0] }
    // Each picture is changed once before one is changed twice.
    let orders = (0..<more * Self.changes.count).map { (of: shuffled[$0 % shuffled.count], change: $0 % Self.changes.count) }

    let own = try parallelMap(data.count) { PictureFingerprint(try PictureReader.read(data.url(of: $0)).picture) }
    let added = try parallelMap(orders.count) { number in
      let (original, change) = orders[number]
      var stream = RandomStream(seed: Self.seed, 2, UInt64(number))
      let picture = Self.changes[change].change(try PictureReader.read(data.url(of: original)).picture, &stream)
      let quality = change == 0 ? 25 + stream.index(below: 26) : 55 + stream.index(below: 40)
      return PictureFingerprint(try PictureReader.decode(PictureWriter.jpeg(picture, quality: quality), name: "copy").picture)
    }
    let patients = records.map(\.patient) + orders.map { records[$0.of].patient }
    let pairs = CopyFinder.pairs(
      of: own + added,
      digests: records.map(\.sha256) + orders.indices.map { ContentDigest(of: "changed \($0)") })
    let known = Set(pairs.map { [$0.first, $0.second] })

    var result = Result()
    let place = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1.path, $0) })
    for copy in try PlantedCopyList.load(from: folder).copies.sorted(by: { $0.kind.rawValue < $1.kind.rawValue }) {
      result.count(Self.name(of: copy.kind), isFound: known.contains([place[copy.path]!, place[copy.copyOf]!].sorted()))
    }
    for (number, item) in orders.enumerated().sorted(by: { $0.element.change < $1.element.change }) {
      result.count(Self.changes[item.change].name, isFound: known.contains([item.of, data.count + number]))
    }
    result.pictures = own.count + added.count
    result.pairs = pairs.count
    result.falsePairs = pairs.count { patients[$0.first] != patients[$0.second] }
    return result
  }

  private static func name(of kind: PlantedCopy.Kind) -> String {
    switch kind {
    case .exact: "byte for byte"
    case .conflicting: "byte for byte, under another class"
    case .reencoded: "encoded again"
    case .resized: "resized to 0.6 to 0.9"
    case .cropped: "cropped by 2 to 5 % of each side"
    case .flipped: "mirrored left to right"
    case .brightened: "brighter or darker by 8 to 20"
    }
  }
}

@Suite struct FreshCopiesTests {
  @Test func `copies are found in a hospital that no threshold was chosen on`() throws {
    let trial =
      TestRun.isFull
      ? CopyTrial(patients: 150, slices: 5...9, pictureSize: 320, planted: (200, 400, 1200, 100), more: 60)
      : CopyTrial(patients: 20, slices: 4...6, pictureSize: 224, planted: (6, 12, 48, 4), more: 5)
    try withTemporaryFolder { folder in
      let result = try trial.run(in: folder.appending(path: "h"))
      print("copies in a fresh hospital\n\(result.table)")
      #expect(result.recall >= 0.999, "\(result.table)")
      #expect(result.precision >= 0.99, "\(result.table)")
    }
  }
}

import Foundation
import MedicalImages
import ParallelWork

/// Finds which pictures belong together.
///
/// A patient in the manifest decides, but for copies: one picture under two patients is one picture. Without a patient, the pictures' names and look do, since public sets number the
/// slices of study after study: in natural number order, a study ends where the look changes. Then near copies are
/// joined, wherever they lie. The thresholds come from 1,764 real slices of two releases of the public kidney set:
///
/// - Slices with neighbouring numbers of one study have similar structures: 0.97 or more in 99 % of the cases. Slices
///   of different patients reach 0.42 in one pair of ten thousand.
/// - Where numbers are missing, similarity within a study falls about like exp(-gap / 11).
/// - Between planes no structure can be compared. There the tones decide (see `Tones`), and the order of such sets: a
///   study's axial slices come first, its coronal ones follow.
///
/// In doubt pictures are joined: two patients in one series cost some precision, one patient on two sides costs the
/// truth.
public enum SeriesFinder {
  /// - Parameters:
  ///   - ignoringPatients: find series by look even where patients are known, to measure how well that works.
  ///   - copies: what `CopyFinder` found in this data; nil to look for copies here. Both sides of each pair get one series.
  ///   - progress: told how many pictures are read and how many there are.
  /// - Throws: `MedicalImageError` or `LocalFileError` for a picture that cannot be read any more.
  public static func assign(
    _ data: DataSet, ignoringPatients: Bool = false, copies known: [CopyPair]? = nil,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> SeriesAssignment {
    let records = data.manifest.pictures
    let isKnown = records.map { $0.patient != nil && !ignoringPatients }
    var sets = UnionFind(count: records.count)
    joinPatients(records, isKnown: isKnown, in: &sets)
    let (total, isAllKnown) = (records.count, !isKnown.contains(false))
    let needsPrints = known == nil
    let seen = try parallelMap(needsPrints || !isAllKnown ? total : 0, finished: { progress?($0, total) }) { index in
      let grey = GreyPicture(try PictureReader.read(data.url(of: index)).picture)
      let body = grey.body()
      let look: Look? = isAllKnown ? nil : Look(grey, body: body)
      let fingerprint: PictureFingerprint? = needsPrints ? PictureFingerprint(grey, body: body) : nil
      return (look, fingerprint)
    }
    let prints = seen.compactMap { $0.1 }
    let exact =
      known?.filter { $0.kind != .nearCopy } ?? CopyFinder.exactPairs(of: prints, digests: records.map(\.sha256))
    var notes = join(exact, records: records, in: &sets)
    if !isAllKnown {
      let looks = seen.compactMap { $0.0 }
      let unknown = records.indices.filter { !isKnown[$0] }
      notes += join(byLookOf: unknown, records: records, looks: looks, isKnown: isKnown, in: &sets)
    }
    // Last, so that a note tells only what nothing else has joined.
    let near =
      known?.filter { $0.kind == .nearCopy }
      ?? CopyFinder.nearPairs(of: prints, acrossSets: records.indices.map { sets.find($0) })
    notes += join(near, records: records, in: &sets)
    let basis: SeriesAssignment.Basis =
      isKnown.allSatisfy { $0 } ? .patient : isKnown.contains(true) ? .patientAndLook : .look
    return numbered(&sets, records: records, basis: basis, notes: notes, data: data)
  }

  private static func joinPatients(_ records: [PictureRecord], isKnown: [Bool], in sets: inout UnionFind) {
    var first: [CodePointKey: Int] = [:]
    for (index, record) in records.enumerated() where isKnown[index] {
      guard let patient = record.patient.map(CodePointKey.init) else { continue }
      if let other = first[patient] { sets.join(other, index) } else { first[patient] = index }
    }
  }

  /// A picture under two patients is one picture all the same: on two sides it would be a leak.
  private static func join(_ copies: [CopyPair], records: [PictureRecord], in sets: inout UnionFind) -> [String] {
    copies.compactMap { pair in
      guard sets.join(pair.first, pair.second) else { return nil }
      let names = "'\(records[pair.first].path)' and '\(records[pair.second].path)'"
      switch pair.kind {
      case .sameFile: return "\(names) are the same file, so their series were joined."
      case .samePixels: return "\(names) have the same pixels, so their series were joined."
      case .nearCopy:
        return "\(names) are near copies (detail \(String(format: "%.2f", pair.detail))), so their series were joined."
      }
    }
  }

  private static func join(
    byLookOf unknown: [Int], records: [PictureRecord], looks: [Look], isKnown: [Bool], in sets: inout UnionFind
  ) -> [String] {
    let numberings = Numbering.all(of: records, among: unknown)
    var notes: [String] = []
    var tones: [Tones?] = looks.map { Tones(histogram: $0.histogram) }
    for numbering in numberings {
      let runs = Runs(numbering, looks: looks)
      for run in runs.list {
        for index in run.pictures {
          sets.join(run.pictures[0], index)
          tones[index] = run.tones
        }
      }
      for link in runs.links {
        sets.join(link.first, link.second)
        notes.append("'\(records[link.first].path)' and '\(records[link.second].path)' were joined: \(link.reason).")
      }
    }
    let unnumbered = numberings.reduce(0) { $0 + $1.numbers.count { $0 == nil } }
    if unnumbered > 0 {
      notes.append(
        "\(unnumbered) file names carry no number, so that only similar pictures could be joined: "
          + "a patient may still be in several series.")
    }
    for copy in NearCopies.find(looks: looks, tones: tones, isKnown: isKnown, sets: &sets) {
      notes.append(
        "'\(records[copy.first].path)' and '\(records[copy.second].path)' look alike "
          + "(similarity \(String(format: "%.2f", copy.similarity))), so their series were joined.")
    }
    return notes
  }

  /// Numbers the sets in the order of classes and natural order of names.
  private static func numbered(
    _ sets: inout UnionFind, records: [PictureRecord], basis: SeriesAssignment.Basis, notes: [String], data: DataSet
  ) -> SeriesAssignment {
    let natural = records.indices.sorted { a, b in
      let (first, second) = (records[a], records[b])
      if !isSameByCodePoints(first.className, second.className) {
        return precedesByCodePoints(first.className, second.className)
      }
      let (x, y) = (NumberedName(ClassFolders.lastPart(first.path)), NumberedName(ClassFolders.lastPart(second.path)))
      if !isSameByCodePoints(x.prefix, y.prefix) { return precedesByCodePoints(x.prefix, y.prefix) }
      if x.number != y.number { return (x.number ?? -1) < (y.number ?? -1) }
      return a < b
    }
    var numberOf: [Int: Int] = [:]
    var members: [[Int]] = []
    for index in natural {
      let root = sets.find(index)
      if let number = numberOf[root] {
        members[number].append(index)
      } else {
        numberOf[root] = members.count
        members.append([index])
      }
    }
    let seriesOf = records.indices.map { numberOf[sets.find($0)]! }
    let names = members.map { pictures -> String in
      if basis == .patient, let patient = records[pictures[0]].patient { return patient }
      let first = records[pictures[0]].path
      let last = ClassFolders.lastPart(records[pictures[pictures.count - 1]].path)
      return pictures.count == 1 ? first : "\(first) … \(last)"
    }
    return SeriesAssignment(
      seriesOf: seriesOf, names: names, basis: basis, notes: notes, dataDigest: data.manifest.digest)
  }
}

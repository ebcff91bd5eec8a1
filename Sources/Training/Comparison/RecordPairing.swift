import Digests
import Evaluation
import KidneyData

/// Two records of predictions, brought to the same pictures in the same order.
struct RecordPairing {
  let first: Predictions
  let second: Predictions
  /// Pictures that only one of them has.
  let leftOut: (first: Int, second: Int)
  /// Whether the two put pictures into different series; those that share a picture were then joined.
  let hasJoinedSeries: Bool

  /// Pictures are the same where their files' bytes are.
  ///
  /// - Parameter common: compare on the pictures both have, instead of refusing others.
  /// - Throws: `ComparisonError` that says what differs; `EvaluationError`, `PredictionRecordError`.
  init(_ first: PredictionRecord, _ second: PredictionRecord, common: Bool) throws {
    guard Set(first.classes) == Set(second.classes) else {
      throw ComparisonError.differentClasses(first: first.classes, second: second.classes)
    }
    let pairs = try Self.pairs(first.pictures, second.pictures)
    guard !pairs.isEmpty else { throw ComparisonError.nothingInCommon }
    let leftOut = (first: first.pictures.count - pairs.count, second: second.pictures.count - pairs.count)
    guard common || leftOut == (0, 0) else {
      throw ComparisonError.differentPictures(common: pairs.count, onlyFirst: leftOut.first, onlySecond: leftOut.second)
    }
    var series = (first: pairs.map { first.pictures[$0.first].series }, second: pairs.map { second.pictures[$0.second].series })
    let joined = Self.joined(series.first, series.second)
    hasJoinedSeries = Set(joined).count != Set(series.first).count || Set(joined).count != Set(series.second).count
    if hasJoinedSeries {
      guard common else {
        throw ComparisonError.differentSeries(first: Set(series.first).count, second: Set(series.second).count)
      }
      series = (joined, joined)
    }
    self.leftOut = leftOut
    self.first = try Self.predictions(first, pairs.map(\.first), classes: first.classes, series: series.first)
    self.second = try Self.predictions(second, pairs.map(\.second), classes: first.classes, series: series.second)
  }

  private struct Pair {
    var first: Int
    var second: Int
  }

  /// Copies of one file are paired in the order of their classes and paths.
  private static func pairs(_ first: [PredictionRecord.Row], _ second: [PredictionRecord.Row]) throws -> [Pair] {
    var waiting: [ContentDigest: [Int]] = [:]
    for place in order(second) { waiting[second[place].sha256, default: []].append(place) }
    var pairs: [Pair] = []
    var unmatched: [Int] = []
    for place in order(first) {
      let row = first[place]
      guard let found = waiting[row.sha256]?.firstIndex(where: { second[$0].label == row.label }) else {
        unmatched.append(place)
        continue
      }
      pairs.append(Pair(first: place, second: waiting[row.sha256]!.remove(at: found)))
    }
    // The same file is there, under another class.
    let conflicts = unmatched.filter { !(waiting[first[$0].sha256] ?? []).isEmpty }
    if let place = conflicts.min() {
      throw ComparisonError.differentLabels(
        count: conflicts.count, picture: place, first: first[place].label,
        second: second[waiting[first[place].sha256]![0]].label)
    }
    return pairs.sorted { $0.first < $1.first }
  }

  private static func order(_ rows: [PredictionRecord.Row]) -> [Int] {
    rows.indices.sorted { a, b in
      (rows[a].label, rows[a].path, a) < (rows[b].label, rows[b].path, b)
    }
  }

  /// The finest series that keep together what either keeps together.
  private static func joined(_ first: [Int], _ second: [Int]) -> [Int] {
    var sets = UnionFind(count: first.count)
    for series in [first, second] {
      var place: [Int: Int] = [:]
      for (picture, number) in series.enumerated() {
        if let known = place[number] { sets.join(known, picture) } else { place[number] = picture }
      }
    }
    return first.indices.map { sets.find($0) }
  }

  private static func predictions(
    _ record: PredictionRecord, _ rows: [Int], classes: [String], series: [Int]
  ) throws -> Predictions {
    let all = try record.predictions
    let columns = classes.map { record.classes.firstIndex(of: $0)! }
    return try Predictions(
      classes: classes, labels: rows.map { columns.firstIndex(of: all.labels[$0])! },
      probabilities: rows.map { row in columns.map { all.probabilities[row][$0] } }, series: series)
  }
}

/// Why two records of predictions cannot be compared, and what to do about it.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
  case differentClasses(first: [String], second: [String])
  /// The first such picture is named by its place in the first record, counted from 0.
  case differentLabels(count: Int, picture: Int, first: String, second: String)
  case differentPictures(common: Int, onlyFirst: Int, onlySecond: Int)
  case nothingInCommon
  case differentSeries(first: Int, second: Int)

  public var description: String {
    switch self {
    case .differentClasses(let first, let second):
      "The two know different classes: A \(first.joined(separator: ", ")); B \(second.joined(separator: ", ")). Compare models of the same classes."
    case .differentLabels(let count, let picture, let first, let second):
      "\(count) of the same pictures are of another class in B than in A; the first is picture \(picture) of A, counted from 0: '\(first)' in A, '\(second)' in B. One of the data sets is wrong there: correct it, and evaluate both models on the same one."
    case .differentPictures(let common, let onlyFirst, let onlySecond):
      "The two were scored on different pictures: \(common) are common, \(onlyFirst) only A's, \(onlySecond) only B's. Evaluate both on the same data with the same split, or add --common to compare on the \(common) common ones."
    case .nothingInCommon:
      "The two have no picture in common, so there is nothing to compare. Evaluate both on the same data."
    case .differentSeries(let first, let second):
      "The two put the same pictures into different series (\(first) in A, \(second) in B). Evaluate both with the same program on the same data, or add --common, which joins series that share a picture."
    }
  }
}

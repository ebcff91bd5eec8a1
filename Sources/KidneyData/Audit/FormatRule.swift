import Foundation
import RandomStreams

/// What one property of the files alone, such as their size, says about the classes, judged by series.
///
/// A rule is as simple as can be: a series gets the class in which its value is most frequent among all other series. It
/// needs no training, so that it can be tried with two series a class, where a classifier on folds says little. How good
/// it is by chance is found by dealing the classes to the series at random: with four series of each of two classes even
/// a value that parts them completely comes about by chance once in 35, with two of each once in 3, and then nobody can
/// know.
public struct FormatRule: Sendable, Equatable {
  /// Such as "size".
  public var property: String
  /// Mean over classes of the share of series whose class the rule names, 0…1; ties count in part.
  public var accuracy: Double
  /// How often a property of these files is as telling by chance, 0…1: the best of all properties is compared, so that
  /// looking at many does not count for it. At most 0.05 is called telling.
  public var chance: Double
  /// The values with the series of each class that have them, the most frequent first.
  public var values: [Value]

  /// One value of the property, and who has it.
  public struct Value: Sendable, Equatable, Codable {
    public var text: String
    /// Series of each class with this value in most of their pictures of it.
    public var series: [Int]
    /// Pictures of each class.
    public var pictures: [Int]
  }

  static let draws = 2000

  /// - Parameters:
  ///   - properties: name and value of each picture.
  ///   - labels: the class of each picture, 0-based.
  ///   - series: of each picture, 0-based.
  ///   - seed: of the dealing.
  /// - Returns: a rule for each property that has two values or more; those that chance explains least come first,
  ///   of equals the one that was named first.
  public static func all(
    _ properties: [(name: String, values: [String])], labels: [Int], series: [Int], classes: Int, seed: UInt64
  ) -> [FormatRule] {
    precondition(properties.allSatisfy { $0.values.count == labels.count } && labels.count == series.count, "one a picture")
    let units = SeriesOfClass.all(labels: labels, series: series)
    let columns = properties.filter { Set($0.values).count > 1 }.map { property in
      (property: property, codes: Column(property.values, units: units))
    }
    guard !columns.isEmpty, units.count > 1 else { return [] }
    let own = units.map(\.label)
    let measured = columns.map { $0.codes.measure(labels: own, classes: classes) }
    var stream = RandomStream(seed: seed, RandomStream.number(of: "format rules"))
    // As good within rounding is as good.
    var asGood = measured.map { _ in 0 }
    let draws = units.count > 500 ? Self.draws / 4 : Self.draws
    for _ in 0..<draws {
      let dealt = stream.permutation(of: own.count).map { own[$0] }
      let best = columns.map { $0.codes.measure(labels: dealt, classes: classes).likelihood }.max() ?? 0
      for index in measured.indices where best >= measured[index].likelihood - 1e-9 { asGood[index] += 1 }
    }
    let rules = columns.indices.map { index in
      FormatRule(
        property: columns[index].property.name, accuracy: measured[index].accuracy,
        chance: Double(asGood[index] + 1) / Double(draws + 1),
        values: Self.values(columns[index].property.values, column: columns[index].codes, units: units, labels: labels, classes: classes))
    }
    // Of equals the one that was named first.
    return rules.enumerated().sorted { a, b in
      (a.element.chance, b.element.accuracy, a.offset) < (b.element.chance, a.element.accuracy, b.offset)
    }.map(\.element)
  }

  /// How often a value that parts all classes completely would do so by chance: dealings that part the same sets of
  /// series, whatever they are called, among all.
  public static func leastChance(seriesPerClass counts: [Int]) -> Double {
    func logFactorial(_ number: Int) -> Double { number < 2 ? 0 : (2...number).reduce(0) { $0 + log(Double($1)) } }
    let present = counts.filter { $0 > 0 }
    let dealings = logFactorial(present.reduce(0, +)) - present.reduce(0) { $0 + logFactorial($1) }
    let ofOneSize = Dictionary(present.map { ($0, 1) }, uniquingKeysWith: +)
    return min(1, exp(ofOneSize.values.reduce(0) { $0 + logFactorial($1) } - dealings))
  }

  private static func values(
    _ texts: [String], column: Column, units: [SeriesOfClass], labels: [Int], classes: Int
  ) -> [Value] {
    var found = column.names.map { Value(text: $0, series: Array(repeating: 0, count: classes), pictures: Array(repeating: 0, count: classes)) }
    for (unit, code) in zip(units, column.codes) { found[code].series[unit.label] += 1 }
    let place = Dictionary(uniqueKeysWithValues: column.names.enumerated().map { ($1, $0) })
    for (text, label) in zip(texts, labels) { found[place[text]!].pictures[label] += 1 }
    return found.sorted { a, b in
      let (first, second) = (a.pictures.reduce(0, +), b.pictures.reduce(0, +))
      return first == second ? a.text < b.text : first > second
    }
  }
}

/// The pictures of one class in one series: a patient with two findings counts for both.
private struct SeriesOfClass {
  var label: Int
  var pictures: [Int]

  static func all(labels: [Int], series: [Int]) -> [SeriesOfClass] {
    struct Key: Hashable {
      var label: Int
      var series: Int
    }
    let groups = Dictionary(grouping: labels.indices) { Key(label: labels[$0], series: series[$0]) }
    return groups.sorted { ($0.key.label, $0.key.series) < ($1.key.label, $1.key.series) }
      .map { SeriesOfClass(label: $0.key.label, pictures: $0.value) }
  }
}

/// One property as numbers.
private struct Column {
  let names: [String]
  /// The most frequent value of each series, as a place in `names`.
  let codes: [Int]

  init(_ values: [String], units: [SeriesOfClass]) {
    let names = Set(values).sorted()
    let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    self.names = names
    codes = units.map { unit in
      var counts: [Int: Int] = [:]
      for picture in unit.pictures { counts[place[values[picture]]!, default: 0] += 1 }
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
    }
  }

  struct Measure {
    /// The rule's accuracy on each series, learned from all others.
    var accuracy = 0.0
    /// The mean probability of the right class, were classes as likely as their shares of the value: it also tells a value
    /// that some classes never have where no class has it most often.
    var likelihood = 0.0
  }

  func measure(labels: [Int], classes: Int) -> Measure {
    var counts = [Int](repeating: 0, count: names.count * classes)
    var sizes = [Int](repeating: 0, count: classes)
    for (code, label) in zip(codes, labels) {
      counts[code * classes + label] += 1
      sizes[label] += 1
    }
    var sums = [Measure](repeating: Measure(), count: classes)
    for (code, own) in zip(codes, labels) {
      var (highest, ties, isOwn) = (0.0, classes, true)
      var (total, ownShare) = (0.0, 0.0)
      for label in 0..<classes {
        let left = label == own ? 1 : 0
        let rest = sizes[label] - left
        // A class weighs the same, however many series it has.
        let share = rest > 0 ? Double(counts[code * classes + label] - left) / Double(rest) : 0
        total += share
        if label == own { ownShare = share }
        if share > highest + 1e-12 {
          (highest, ties, isOwn) = (share, 1, label == own)
        } else if highest > 0, abs(share - highest) <= 1e-12 {
          ties += 1
          isOwn = isOwn || label == own
        }
      }
      if isOwn { sums[own].accuracy += 1 / Double(ties) }
      sums[own].likelihood += total > 0 ? ownShare / total : 1 / Double(classes)
    }
    let present = sizes.indices.filter { sizes[$0] > 0 }
    var mean = Measure()
    for label in present {
      mean.accuracy += sums[label].accuracy / Double(sizes[label] * present.count)
      mean.likelihood += sums[label].likelihood / Double(sizes[label] * present.count)
    }
    return mean
  }
}

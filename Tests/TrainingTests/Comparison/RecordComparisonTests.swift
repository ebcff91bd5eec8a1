import Evaluation
import Foundation
import TestSupport
import Testing
import Training

@Suite struct RecordComparisonTests {
  private func compare(
    _ first: PredictionFile, _ second: PredictionFile, common: Bool = false
  ) throws -> RecordComparison {
    try RecordComparison(first.record(), second.record(), names: ("one", "two"), common: common)
  }

  private func error(
    _ first: PredictionFile, _ second: PredictionFile, common: Bool = false
  ) -> ComparisonError? {
    #expect(throws: ComparisonError.self) { _ = try compare(first, second, common: common) }
  }

  /// Every seventh series is wrong.
  private let good = PredictionFile(series: 14) { _, number in number % 7 != 3 }
  /// Every second series is wrong.
  private let poor = PredictionFile(series: 14) { _, number in number % 2 == 0 }

  @Test func `the figures are those of the library for the same arrays`() throws {
    let result = try compare(good, poor)
    let expected = try ModelComparison(good.record().predictions, poor.record().predictions)
    #expect(result.difference == expected)
    #expect(result.pictures == 56 && result.series == 28)
    #expect(result.a.accuracy.value == 48.0 / 56 && result.b.accuracy.value == 0.5)
    #expect(abs(result.difference.accuracy.difference.value - (result.a.accuracy.value - result.b.accuracy.value)) < 1e-12)
    #expect(abs(result.difference.auc.difference.value - (result.a.auc.value - result.b.auc.value)) < 1e-12)
    #expect(result.warnings.isEmpty)
  }

  @Test func `better is said only where the interval of the difference leaves out 0`() throws {
    let clear = try compare(good, poor)
    #expect(clear.conclusions.allSatisfy { $0.hasPrefix("A is better in ") })
    #expect(try #require(clear.difference.accuracy.difference.low) > 0)
    let turned = try compare(poor, good)
    #expect(turned.conclusions.allSatisfy { $0.hasPrefix("B is better in ") })
    #expect(turned.difference.auc.difference.value == -clear.difference.auc.difference.value)
    // Wrong on as many series, but others.
    let other = PredictionFile(series: 14) { _, number in number % 7 != 5 }
    let even = try compare(good, other)
    #expect(even.conclusions.allSatisfy { $0.contains("do not show that either is better") })
    #expect(even.difference.mcNemar.onlyFirst == 8 && even.difference.mcNemar.onlySecond == 8)
    // One series less wrong is no proof.
    let little = PredictionFile(series: 14) { label, number in number % 7 != 3 || (label, number) == (0, 3) }
    let slight = try compare(little, good)
    #expect(slight.difference.accuracy.difference.value > 0)
    #expect(slight.conclusions[1].contains("do not show"))
    for text in [clear.summary, even.summary] {
      #expect(text.contains("McNemar: only A is right on") && text.contains("Research use only."))
    }
    #expect(!even.summary.contains("A is better") && !even.summary.contains("B is better"))
  }

  @Test func `with fewer than five series in a class nothing is said of the AUC, and why`() throws {
    let result = try compare(
      PredictionFile(series: 4) { _, _ in true }, PredictionFile(series: 4) { _, number in number > 1 })
    #expect(result.difference.auc.verdict == .unknown)
    #expect(result.conclusions[0].contains("no interval: 4 series"))
    #expect(result.summary.contains("no interval: 4 series"))
    // Accuracy follows the same rule, and so does McNemar's test over series.
    #expect(result.difference.accuracy.verdict == .unknown && result.conclusions[1].contains("no interval: 4 series"))
    #expect(result.difference.mcNemar.clusteredPValue == nil && result.summary.contains("no p: 4 series"))
  }

  @Test func `a class of one series gives figures without intervals, and no error`() throws {
    func single(_ right: @escaping (Int) -> Bool) -> PredictionFile {
      var file = PredictionFile(series: 6) { _, number in right(number) }
      file.rows.removeAll { $0.label == "Tumor" && $0.series != 6 }
      return file
    }
    let result = try compare(single { _ in true }, single { $0 % 2 == 0 })
    for compared in [result.difference.auc, result.difference.accuracy] {
      #expect(compared.difference.method == "no interval: 1 series" && compared.verdict == .unknown)
    }
  }

  @Test func `with repeats the first one is compared, and the comparison says so`() throws {
    var repeated = poor
    repeated.repeats = 5
    repeated.scoredBy = "folds; 5 repeats with other folds, figures are means over them"
    let result = try compare(good, repeated)
    #expect(!result.summary.contains("figures are means over them"))
    #expect(result.b.scoredBy.hasPrefix("folds; the answers of the first of 5 repeats"))
    #expect(result.a.scoredBy == "folds")
  }

  @Test func `how often a test set was opened stands in the comparison`() throws {
    var opened = poor
    opened.testSet = #""test_set":{"digest":"\#(String(repeating: "ab", count: 32))","pictures":56,"openings":3,"pictures_opened_before":56,"first_opened":"2026-01-02T03:04:05Z","model_predates_first_opening":false,"ledger_head":"\#(String(repeating: "cd", count: 32))"},"#
    let result = try compare(good, opened)
    #expect(result.summary.contains("B, when it was scored: The test set was opened 3 times, first on 2026-01-02T03:04:05Z"))
    #expect(!result.summary.contains("A, when it was scored"))
    #expect(result.b.testSet?.openings == 3 && result.a.testSet == nil)
    // B was made after the first opening: that stands on its figures and on the difference.
    #expect(result.b.accuracy.method.hasSuffix("OPENED test set") && result.b.auc.method.hasSuffix("OPENED test set"))
    #expect(!result.a.accuracy.method.contains("OPENED"))
    for difference in [result.difference.auc.difference, result.difference.accuracy.difference] {
      #expect(difference.method.hasSuffix("OPENED test set"))
    }
    #expect(result.warnings.contains { $0.hasPrefix("B: OPENED test set") })
    #expect(result.warnings.contains { $0.hasPrefix("Only B was made after") })
  }

  @Test func `a model compared with itself differs in nothing`() throws {
    let result = try compare(good, good)
    #expect(result.difference.accuracy.difference.value == 0 && result.difference.accuracy.verdict == .unknown)
    #expect(result.summary.contains("no series differs"))
    #expect(result.conclusions.count == 1 && result.conclusions[0].hasPrefix("The two gave the same answers"))
    // So it is with too few series for any interval.
    let few = PredictionFile(series: 4) { _, number in number > 0 }
    let same = try compare(few, few)
    #expect(same.conclusions == result.conclusions && !same.summary.contains("cannot be said"))
  }

  @Test func `models that are right on the same pictures do not differ in accuracy, however few the series`() throws {
    let file = PredictionFile(series: 4) { _, number in number > 0 }
    var surer = file
    for place in surer.rows.indices {
      surer.rows[place].probabilities = surer.rows[place].probabilities.map { Double($0)! > 0.5 ? "0.99" : "0.01" }
    }
    let result = try compare(file, surer)
    #expect(result.conclusions[1] == "The two are right on the same pictures: they do not differ in accuracy.")
  }

  @Test func `pictures are matched by content, whatever their order, path and number of series`() throws {
    var moved = poor
    moved.rows = moved.rows.reversed().map { row in
      var row = row
      row.content = row.path
      row.path = "elsewhere/" + row.path
      row.series = 1000 - row.series
      return row
    }
    let (plain, matched) = (try compare(good, poor), try compare(good, moved))
    #expect(matched.difference == plain.difference)
    #expect(matched.b.accuracy == plain.b.accuracy)
  }

  @Test func `classes in another order are brought into one`() throws {
    var turned = poor
    turned.classes = ["Tumor", "Normal"]
    for place in turned.rows.indices { turned.rows[place].probabilities.reverse() }
    #expect(try compare(good, turned).difference == compare(good, poor).difference)
  }

  @Test func `copies of one file are paired one to one`() throws {
    func twice(_ file: PredictionFile) -> PredictionFile {
      var file = file
      for place in [0, 1] {
        file.rows[place].content = "the same"
      }
      return file
    }
    #expect(try compare(twice(good), twice(poor)).pictures == 56)
    var once = twice(poor)
    once.rows.remove(at: 1)
    #expect(error(twice(good), once) == .differentPictures(common: 55, onlyFirst: 1, onlySecond: 0))
  }

  @Test func `other pictures, labels, classes and series are refused, and the error says what differs`() throws {
    var fewer = poor
    fewer.rows.removeLast(4)
    #expect(error(good, fewer) == .differentPictures(common: 52, onlyFirst: 4, onlySecond: 0))
    #expect("\(error(good, fewer)!)".contains("--common"))
    let common = try compare(good, fewer, common: true)
    #expect(common.pictures == 52 && common.leftOut == RecordComparison.LeftOut(a: 4, b: 0))
    #expect(common.summary.contains("left out: 4 of A, 0 of B"))

    var relabelled = poor
    relabelled.rows[5].label = "Tumor"
    let expected = ComparisonError.differentLabels(count: 1, picture: 5, first: "Normal", second: "Tumor")
    #expect(error(good, relabelled) == expected)
    #expect(error(good, relabelled, common: true) == expected)

    var renamed = poor
    renamed.classes = ["Normal", "Cyst"]
    for place in renamed.rows.indices where renamed.rows[place].label == "Tumor" { renamed.rows[place].label = "Cyst" }
    #expect(error(good, renamed) == .differentClasses(first: ["Normal", "Tumor"], second: ["Normal", "Cyst"]))

    var grouped = poor
    for place in grouped.rows.indices where grouped.rows[place].series == 1 { grouped.rows[place].series = 0 }
    #expect(error(good, grouped) == .differentSeries(first: 28, second: 27))
    let joined = try compare(good, grouped, common: true)
    #expect(joined.series == 27 && joined.seriesJoined && joined.warnings.contains { $0.contains("count as one") })

    var foreign = poor
    for place in foreign.rows.indices { foreign.rows[place].content = "other \(place)" }
    #expect(error(good, foreign, common: true) == .nothingInCommon)
  }

  @Test func `one class only cannot be compared`() throws {
    var (first, second) = (good, poor)
    first.rows.removeAll { $0.label == "Tumor" }
    second.rows.removeAll { $0.label == "Tumor" }
    #expect(throws: EvaluationError.self) { _ = try compare(first, second) }
  }

  @Test func `leakage of either stands on every figure of the result`() throws {
    var leaky = good
    leaky.method = "random"
    for (result, letter) in [(try compare(leaky, poor), "A"), (try compare(poor, leaky), "B")] {
      #expect(result.difference.auc.difference.method.hasSuffix("LEAKY split"))
      #expect(result.difference.accuracy.difference.method.hasSuffix("LEAKY split"))
      let side = letter == "A" ? result.a : result.b
      #expect(side.isLeaky && side.accuracy.method.hasSuffix("LEAKY split") && side.auc.method.hasSuffix("LEAKY split"))
      #expect(result.warnings.contains { $0.hasPrefix("\(letter): LEAKY split") })
      #expect(result.warnings.contains { $0.contains("Only \(letter) knows") })
      #expect(result.summary.contains("WARNING: \(letter): LEAKY split"))
    }
  }

  @Test func `four classes are compared by the mean over classes, and the JSON can be read again`() throws {
    let classes = ["Cyst", "Normal", "Stone", "Tumor"]
    func file(_ wrong: (Int) -> Bool) -> PredictionFile {
      PredictionFile(
        classes: classes,
        rows: (0..<48).map { place in
          let label = place % 4
          let answer = wrong(place) ? (label + 1) % 4 : label
          return .init(
            path: "\(place).png", series: place / 2 * 4 + label, label: classes[label],
            probabilities: (0..<4).map { $0 == answer ? "0.7" : "0.1" })
        })
    }
    let result = try compare(file { $0 % 11 == 5 }, file { $0 % 3 == 1 })
    #expect(result.difference.auc.pValue == nil && result.difference.auc.difference.hasInterval)
    #expect(result.summary.contains("AUC, mean over classes"))
    #expect(try JSONDecoder().decode(RecordComparison.self, from: Data(result.json().utf8)) == result)
  }
}

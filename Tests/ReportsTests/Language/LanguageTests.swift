import Evaluation
import Foundation
import Reports
import TestSupport
import Testing

struct LanguageTests {
  @Test func `every table of texts is in the list`() throws {
    var named = 0
    let folder = packageRoot.appending(path: "Sources/Reports").resolvingSymlinksInPath()
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      named += try String(contentsOf: file, encoding: .utf8).matches(of: /enum \w+: PhraseTable\b/).count
    }
    #expect(named == PhraseTables.all.count, "add a new table to PhraseTables.all")
  }

  @Test func `every text is there in both languages, and takes the same values`() {
    for (name, phrase) in PhraseTables.all.flatMap(\.self) {
      for language in Language.allCases {
        let text = phrase[language]
        #expect(!text.trimmingCharacters(in: .whitespaces).isEmpty, "\(name)")
        #expect(text.trimmingCharacters(in: .whitespacesAndNewlines) == text, "\(name) begins or ends with a space")
        #expect(!text.contains("  ") && !text.contains("\n"), "\(name)")
      }
      let used = Language.allCases.map { language in
        Set(phrase[language].matches(of: /%([1-9])/).map { String($0.1) })
      }
      #expect(used[0] == used[1], "\(name)")
      #expect(used[0].count == Phrase.valueCount(of: phrase.english), "\(name) leaves out a number")
    }
  }

  @Test func `long texts are translated, not copied`() {
    for (name, phrase) in PhraseTables.all.flatMap(\.self) where phrase.english.split(separator: " ").count > 3 {
      #expect(phrase.english != phrase.spanish, "\(name)")
    }
  }

  @Test func `values are put in once, whatever they hold`() {
    #expect(Language.english(PageText.to, "%2", "b%1") == "%2 to b%1")
    #expect(Language.spanish(PageText.interval, "95") == "intervalo del 95 %")
  }

  @Test func `numbers of things agree with their noun`() {
    #expect(Language.english.pictures(1) == "1 picture" && Language.english.pictures(0) == "0 pictures")
    #expect(Language.spanish.pictures(1) == "1 imagen" && Language.spanish.series(1) == "1 serie")
  }

  @Test(arguments: [
    ("jackknife over series", "jackknife por series"),
    ("cluster bootstrap, LEAKY split", "bootstrap por series, división CON FUGA"),
    ("no interval: 4 series", "sin intervalo: 4 series"),
    ("no interval: series do not differ", "sin intervalo: las series no difieren"),
    ("no interval: undefined in 3 of 20 resamples, LEAKY split", "sin intervalo: indefinida en 3 de 20 remuestras, división CON FUGA"),
    ("no interval: undefined in 3 of 20 sets with a series left out", "sin intervalo: indefinida en 3 de 20 conjuntos sin una serie"),
    ("Wilson over series, which do not differ", "Wilson por series, que no difieren"),
    (
      "from the ends of sensitivity and specificity, LEAKY split",
      "de los extremos de la sensibilidad y la especificidad, división CON FUGA"
    ),
    ("jackknife over series, OPENED test set", "jackknife por series, conjunto de prueba YA ABIERTO"),
    (
      "no interval: 4 series, LEAKY split, OPENED test set",
      "sin intervalo: 4 series, división CON FUGA, conjunto de prueba YA ABIERTO"
    ),
    ("a method of tomorrow", "a method of tomorrow"),
    ("a method of tomorrow, OPENED test set", "a method of tomorrow, conjunto de prueba YA ABIERTO"),
  ])
  func `methods are told in the reader's language`(method: String, spanish: String) {
    let metric = Metric(value: 0.5, low: nil, high: nil, method: method, images: 2, series: 1)
    #expect(MetricText.method(metric, in: .spanish) == spanish)
    #expect(MetricText.method(metric, in: .english) == method)
  }

  @Test func `a metric is a value with its interval, or says why not`() {
    let metric = Metric(value: 0.71, low: 0.6, high: 0.8, method: "cluster bootstrap", images: 1, series: 1)
    #expect(MetricText.value(metric, in: .spanish) == "0.710 (0.600 a 0.800)")
    #expect(MetricText.sentence(metric, in: .english) == "0.710 (0.600 to 0.800), cluster bootstrap, 1 picture, 1 series")
    let none = Metric(value: 0.71, low: nil, high: nil, method: "no interval: 2 series", images: 5, series: 2)
    #expect(MetricText.value(none, in: .english) == "0.710 (no interval: 2 series)")
    #expect(MetricText.sentence(none, in: .spanish) == "0.710 (sin intervalo: 2 series), 5 imágenes, 2 series")
  }

  @Test func `what Evaluation writes as a method is known`() throws {
    for series in [3, 8] {
      var (labels, rows, of) = ([Int](), [[Double]](), [Int]())
      for number in 0..<2 * series {
        for picture in 0..<4 {
          labels.append(number % 2)
          rows.append(picture * 2 > number % 5 ? [0.3, 0.7] : [0.7, 0.3])
          of.append(number)
        }
      }
      let report = try evaluate(
        Predictions(classes: ["a", "b"], labels: labels, probabilities: rows, series: of),
        bootstrap: BootstrapSettings(seed: 1))
      for (name, metric) in report.metrics.named {
        #expect(MetricText.method(metric, in: .spanish) != metric.method, "\(name): \(metric.method)")
      }
    }
  }
}

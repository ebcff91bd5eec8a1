import Evaluation
import Foundation
import Reports
import Testing

struct RunReportTests {
  static let fixtures = [
    RunFixture(), RunFixture(classes: ["Cyst", "Normal", "Stone", "Tumor"]), RunFixture(lastNeverPredicted: true),
    RunFixture(leaks: true, madeAfterOpening: true), RunFixture(seriesPerClass: 3),
  ]

  @Test(arguments: Language.allCases)
  func `a page is whole, needs nothing else and says what it says in one language`(language: Language) throws {
    for fixture in Self.fixtures {
      let page = try HTMLPage(fixture.run().document(in: language).html)
      #expect(page.outside.isEmpty)
      #expect(page.headings.first == 1 && page.headings.count { $0 == 1 } == 1)
      for (one, next) in zip(page.headings, page.headings.dropFirst()) { #expect(next <= one + 1) }
      #expect(page.headings.count { $0 == 2 } == 16)
      #expect(page.values(of: "alt").allSatisfy { !$0.isEmpty } && !page.values(of: "alt").isEmpty)
      #expect(page.attributes.count { $0.element == "svg" && $0.name == "aria-label" } == page.elements["svg"])
      let ids = page.values(of: "id")
      #expect(Set(ids).count == ids.count)
      #expect(
        Set(page.values(of: "href").filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }).isSubset(of: ids))
      let other = language == .english ? "Solo para investigación" : "Research use only"
      #expect(!page.text.contains(other))
      #expect(!page.text.contains("nan") || language == .spanish, "no figure is without a value")
    }
  }

  @Test func `every figure of the scores has its row`() throws {
    let run = try RunFixture().run()
    let section = try #require(run.document(in: .english).sections.first { $0.title == "Metrics" })
    let tables = section.blocks.compactMap { block in if case .table(let table) = block { table } else { nil } }
    #expect(tables.first?.rows.count == ClassificationMetrics.names.count)
  }

  /// 390 pixels less the page's and the figure's padding.
  @Test(arguments: Language.allCases)
  func `on a phone charts fit without scrolling, and tables say what stands in each cell`(language: Language) throws {
    let html = try RunFixture().run().document(in: language).html
    let widths = html.matches(of: /style="min-width:([0-9.]+)px"/).compactMap { Double($0.output.1) }
    #expect(widths.count >= 8)
    for width in widths { #expect(width <= 360) }
    let page = try HTMLPage(html)
    // Wide tables become lists there, whose entries need the heading of their column.
    let lists = page.attributes.count { $0.element == "div" && $0.name == "class" && $0.value == "wide rows" }
    #expect(lists >= 5)
    let labels = page.attributes.filter { $0.element == "td" && $0.name == "data-label" }.map(\.value)
    #expect(labels.contains(language == .english ? "method" : "método"))
  }

  @Test(arguments: Language.allCases)
  func `names of commands stand as code, not between backticks`(language: Language) throws {
    var run = try RunFixture().run()
    (run.audit, run.ladder, run.rules.measured) = (nil, nil, nil)
    let html = try run.document(in: language).html
    for command in ["nefro report", "nefro reproduce", "nefro evaluate"] {
      #expect(html.contains("<code>\(command)</code>"), "\(command)")
    }
    #expect(!html.contains("`"))
    #expect(try run.modelCard(in: language).markdown.contains("`nefro reproduce`"))
  }

  @Test(arguments: Language.allCases)
  func `the audit's and the ladder's numbers of copies say how they differ`(language: Language) throws {
    let text = try HTMLPage(RunFixture().run().document(in: language).html).text
    #expect(text.contains(language == .english ? "The ladder leaves out fewer" : "La escalera deja fuera menos"))
  }

  @Test func `every metric of scores-json stands on page and card with its interval`() throws {
    let run = try RunFixture().run()
    let page = try HTMLPage(run.document(in: .english).html).text
    let card = try run.modelCard(in: .english).markdown
    let metrics = run.report.metrics.named.map(\.metric) + run.report.perClass.flatMap { [$0.sensitivity, $0.f1] }
    for metric in metrics {
      let interval = try #require(MetricText.interval(metric, in: .english))
      for text in [page, card] {
        #expect(text.contains(MetricText.number(metric.value)) && text.contains(interval))
      }
    }
  }

  @Test func `curves' areas are those of scores-json`() throws {
    let run = try RunFixture().run()
    let caption = MetricText.number(run.report.metrics.auc.value)
    let page = try HTMLPage(run.document(in: .english).html).text
    #expect(page.contains("Area: \(caption) ("))
  }

  @Test(arguments: Language.allCases)
  func `too few series are told instead of an interval`(language: Language) throws {
    let run = try RunFixture(seriesPerClass: 3).run()
    let text = try HTMLPage(run.document(in: language).html).text
    #expect(text.contains(language == .english ? "no interval: 3 series" : "sin intervalo: 3 series"))
    #expect(
      try run.modelCard(in: language).markdown.contains(
        language == .english ? "no interval: 3 series" : "sin intervalo: 3 series"))
  }

  @Test func `thirty series of a class are not called so few`() throws {
    for (series, words) in [(29, "rest on so few"), (30, "about as far as their intervals reach")] {
      let text = try HTMLPage(RunFixture(seriesPerClass: series).run().document(in: .english).html).text
      #expect(text.contains(words), "\(series) series")
    }
  }

  @Test func `a class that is never predicted is told`() throws {
    let run = try RunFixture(lastNeverPredicted: true).run()
    for text in [try HTMLPage(run.document(in: .english).html).text, try run.modelCard(in: .english).markdown] {
      #expect(text.contains("Class Tumor was never predicted"))
    }
    #expect(try run.modelCard(in: .spanish).markdown.contains("La clase Tumor no se predijo nunca"))
  }

  @Test(arguments: Language.allCases)
  func `a leak stands in red at the top, at the split and on every figure`(language: Language) throws {
    let run = try RunFixture(leaks: true).run()
    let document = try run.document(in: language)
    let mark = language == .english ? "LEAKY split" : "división CON FUGA"
    #expect(document.facts.contains { $0.runs == [.warning(mark)] })
    let figures = document.sections.flatMap(\.blocks).flatMap { block -> [DocumentFigure] in
      if case .figures(let figures) = block { figures } else { [] }
    }
    let captions = figures.map(\.caption.plain).filter {
      $0.contains(".") && $0.contains("(") && $0.contains("jackknife")
    }
    #expect(!captions.isEmpty && captions.allSatisfy { $0.contains(mark) })
    let page = try HTMLPage(document.html)
    #expect(page.attributes.contains { $0.element == "strong" && $0.value == "warning" })
    #expect(page.attributes.contains { $0.element == "p" && $0.value == "callout warning" })
    let honest = try HTMLPage(RunFixture().run().document(in: language).html).text
    #expect(!honest.contains(mark))
  }

  @Test func `a model made after the first opening is told`() throws {
    let text = try RunFixture(madeAfterOpening: true).run().modelCard(in: .english).markdown
    #expect(text.contains("made after test pictures were first scored") && text.contains("chosen by the test set"))
    #expect(try !RunFixture().run().modelCard(in: .english).markdown.contains("chosen by the test set"))
    // It stands on every figure of tables and captions, and at the top.
    for language in Language.allCases {
      let mark = language == .english ? "OPENED test set" : "conjunto de prueba YA ABIERTO"
      let document = try RunFixture(madeAfterOpening: true).run().document(in: language)
      #expect(document.facts.contains { $0.runs == [.warning(mark)] })
      let figures = document.sections.flatMap(\.blocks).flatMap { block -> [DocumentFigure] in
        if case .figures(let figures) = block { figures } else { [] }
      }
      let captions = figures.map(\.caption.plain).filter { $0.contains("(") && $0.contains("jackknife") }
      #expect(!captions.isEmpty && captions.allSatisfy { $0.contains(mark) })
      #expect(try !RunFixture().run().document(in: language).html.contains(mark))
    }
    let both = try RunFixture(leaks: true, madeAfterOpening: true).run().modelCard(in: .english).markdown
    #expect(both.contains("LEAKY split, OPENED test set"))
  }

  @Test func `openings after the scores, and cross-validation before them, are told`() throws {
    func text(_ since: Int?, _ language: Language) throws -> String {
      try RunFixture(openedSince: since).run().modelCard(in: language).markdown
    }
    let plain = try text(0, .english)
    #expect(plain.contains("opened 2 times up to these scores") && plain.contains("(times: 3)"))
    #expect(plain.contains("scored by cross-validation") && !plain.contains("opened again"))
    #expect(try text(4, .english).contains("opened again (times: 4)"))
    #expect(try text(4, .spanish).contains("se volvieron a abrir (veces: 4)"))
    #expect(try text(nil, .english).contains("does not have the opening"))
  }

  @Test func `one probability for every picture loses no report, and is not called separation`() throws {
    let text = try RunFixture(isConstant: true).run().modelCard(in: .english).markdown
    #expect(text.contains("undefined: every picture has the same probability"))
    #expect(!text.contains("the probabilities separate the classes"))
  }

  @Test func `what a pointer over a calibration mark shows carries the mark of a leak`() throws {
    let svg = try RunFixture(leaks: true).run().document(in: .english).sections.flatMap(\.blocks)
      .flatMap { block -> [DocumentFigure] in if case .figures(let figures) = block { figures } else { [] } }
      .compactMap { figure -> String? in if case .drawing(let drawing) = figure.content { drawing.svg } else { nil } }
      .first { $0.contains("Reliability") }
    let titles = try #require(svg).components(separatedBy: "<title>").dropFirst().filter { $0.contains(" series") }
    #expect(!titles.isEmpty)
    for title in titles { #expect(title.prefix { $0 != "<" }.contains("LEAKY split"), "\(title.prefix(80))") }
  }

  @Test func `names of classes and files cannot change a page`() throws {
    let hostile = "</td><script>alert(1)</script>"
    let fixture = RunFixture(classes: ["Normal", hostile], path: "\(hostile)/\"x\" onerror=")
    for language in Language.allCases {
      let page = try HTMLPage(fixture.run().document(in: language).html)
      #expect(page.outside.isEmpty && page.text.contains(hostile))
      #expect(try !fixture.run().modelCard(in: language).markdown.contains("<script"))
    }
  }

  @Test func `a run without extras is a report as well`() throws {
    var run = try RunFixture().run()
    (run.audit, run.testSet, run.history, run.ladder) = (nil, nil, nil, nil)
    (run.mistakes, run.subgroups) = (MistakeFacts(), [])
    let page = try HTMLPage(run.document(in: .spanish).html)
    #expect(page.headings.count { $0 == 2 } == 16)
    for text in [
      "No se hizo ninguna auditoría", "ninguno se abrió", "Ninguna imagen puntuada", "No se encontró ninguna escalera",
    ] {
      #expect(page.text.contains(text), "\(text)")
    }
  }

  @Test func `the surest mistakes come first, one from each series`() throws {
    let predictions = try Predictions(
      classes: ["a", "b"], labels: [0, 0, 0, 1, 0],
      probabilities: [[0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9], [0.35, 0.65]], series: [1, 1, 2, 3, 2])
    #expect(MistakeFacts.surest(in: predictions, most: 10) == [0, 2, 1, 4])
    #expect(MistakeFacts.surest(in: predictions, most: 2) == [0, 2])
  }

  @Test func `a card for a shipped model has its purpose, its own sections and the licences`() throws {
    let card = ModelCard(
      name: "kidney",
      classes: [.init(name: "Normal", pictures: 9, series: 2), .init(name: "Tumor", pictures: 9, series: 7)],
      seriesByLook: true, facts: [.code("abc")], sections: [.init("Made", [.paragraph("By hand.")])])
    let text = card.document(in: .spanish).markdown
    for part in [
      "# Ficha del modelo: kidney", "no es un producto sanitario", "Normal, tiene 2 series", "## Made", "CC BY 4.0",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }
}

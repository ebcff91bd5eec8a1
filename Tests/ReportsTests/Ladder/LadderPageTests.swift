import Evaluation
import Foundation
import Reports
import Testing

@Suite struct LadderPageTests {
  private static let oneSeries = "class 'Tumor' has 1 series, and keeping series together takes two at least"

  private func report(_ right: Int, series: Int, mark: String?) throws -> ClassificationReport {
    let labels = (0..<40).map { $0 % 2 }
    var report = try evaluate(
      Predictions(
        classes: ["Normal", "Tumor"], labels: labels,
        probabilities: labels.indices.map { place in
          let tumor =
            (labels[place] == 1) == (place < right) ? 0.9 - 0.005 * Double(place) : 0.2 + 0.003 * Double(place)
          return [1 - tumor, tumor]
        }, series: labels.indices.map { $0 % (2 * series) }),
      bootstrap: BootstrapSettings(resamples: 100, seed: 1))
    if let mark {
      report.metrics.accuracy.method += ", " + mark
      report.metrics.macroF1.method += ", " + mark
      report.metrics.auc.method += ", " + mark
    }
    return report
  }

  private func page(series: Int = 6, placebo: Bool = true) throws -> LadderPage {
    func side(_ mean: Double) -> LadderPage.Placebo {
      LadderPage.Placebo(
        mean: Metric(value: mean, low: mean - 0.05, high: mean + 0.04, method: "t", images: 40, series: 12),
        shuffles: 10,
        holding: series < 5 ? 0 : 9, intervals: series < 5 ? 0 : 10, reason: "no interval: \(series) series")
    }
    return LadderPage(
      dataSets: [
        .init(
          name: "kidneys <x>", digest: String(repeating: "a", count: 64),
          classes: [
            .init(name: "Normal", pictures: 20, series: series), .init(name: "Tumor", pictures: 20, series: series),
          ],
          pictures: 40, series: 2 * series, isByLook: true, copyPairs: 3, removed: 2, conflicting: 1,
          rungs: [
            .init(
              kind: .random, pictures: 40, series: 12, folds: 5,
              report: try report(39, series: series, mark: "LEAKY split"), reason: ""),
            .init(
              kind: .withoutCopies, pictures: 37, series: 12, folds: 5,
              report: try report(38, series: series, mark: "LEAKY split"), reason: ""),
            .init(
              kind: .grouped, pictures: 37, series: 12, folds: 5,
              report: placebo ? try report(25, series: series, mark: nil) : nil, reason: Self.oneSeries),
          ],
          placebo: placebo ? (side(0.49), side(0.97)) : nil, placeboReason: Self.oneSeries)
      ], folds: 5, repeats: 5, seed: 1, version: "nefro test", baseDigest: String(repeating: "b", count: 64),
      preprocessing: "rgb-224x224", kernels: "avx2")
  }

  @Test(arguments: Language.allCases) func `every rung stands with its figures, intervals and mark`(language: Language)
    throws
  {
    let page = try page()
    let document = page.document(in: language)
    let html = document.html
    for rung in page.dataSets[0].rungs {
      let report = try #require(rung.report)
      for metric in [report.accuracy, report.macroF1, report.auc] {
        var plain = metric
        plain.method = plain.method.replacingOccurrences(of: ", LEAKY split", with: "")
        #expect(metric.hasInterval)
        let value = MetricText.value(plain, in: language)
          .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
        #expect(html.contains(value))
      }
    }
    let mark = language == .english ? "LEAKY split" : "división CON FUGA"
    #expect(html.ranges(of: mark).count == 2)
    #expect(html.contains("<svg") && html.contains("kidneys &lt;x&gt;") && !html.contains("kidneys <x>"))
    #expect(document.markdown.contains(mark))
    #expect(html.contains(language == .english ? "chance, as it must be" : "azar, como debe ser"))
    #expect(html.contains(language == .english ? "looks good though" : "parece buena aunque"))
  }

  /// 390 pixels less the page's and the figure's padding.
  @Test(arguments: Language.allCases) func `the chart fits a phone's screen without scrolling`(
    language: Language
  ) throws {
    let html = try page().document(in: language).html
    let widths = html.matches(of: /style="min-width:([0-9.]+)px"/).compactMap { Double($0.output.1) }
    #expect(!widths.isEmpty)
    for width in widths { #expect(width <= 340) }
  }

  @Test(arguments: Language.allCases) func `with too few series it is said that there is no interval`(
    language: Language
  ) throws {
    let html = try page(series: 4).document(in: language).html
    #expect(html.contains(language == .english ? "(no interval: 4 series)" : "(sin intervalo: 4 series)"))
  }

  @Test(arguments: Language.allCases) func `a rung that is not possible says why`(language: Language) throws {
    let html = try page(placebo: false).document(in: language).html
    let reason = language == .english ? "class &#39;Tumor&#39; has 1 series" : "series de la clase «Tumor»: 1"
    #expect(html.ranges(of: reason).count == 2)
  }

  @Test func `the placebo's verdict follows the interval`() {
    func verdict(_ low: Double?, _ high: Double?) -> LadderPage.Placebo.Verdict {
      LadderPage.Placebo(
        mean: Metric(value: 0.5, low: low, high: high, method: "", images: 1, series: 1), shuffles: 2, holding: 0,
        intervals: 0, reason: ""
      ).verdict
    }
    #expect(verdict(0.4, 0.6) == .chance && verdict(0.51, 0.6) == .above)
    #expect(verdict(0.4, 0.49) == .below && verdict(nil, nil) == .unknown)
  }
}

import Evaluation
import Foundation
import Reports
import Testing

@Suite struct LadderSectionTests {
  /// A ladder of drawn figures for data of a digest.
  static func ladder(digest: String, series: Int = 8, joinedWith other: String? = nil) throws -> LadderPage {
    let labels = (0..<8 * series).map { $0 % 2 }
    func report(_ right: Int) throws -> ClassificationReport {
      try evaluate(
        Predictions(
          classes: ["Normal", "Tumor"], labels: labels,
          probabilities: labels.indices.map { place in
            let tumor =
              (labels[place] == 1) == (place % 10 < right) ? 0.8 - 0.001 * Double(place) : 0.3 + 0.001 * Double(place)
            return [1 - tumor, tumor]
          }, series: labels.indices.map { $0 % (2 * series) }), bootstrap: BootstrapSettings(resamples: 100, seed: 1))
    }
    func rung(_ kind: LadderPage.RungKind, _ right: Int) throws -> LadderPage.Rung {
      .init(kind: kind, pictures: labels.count, series: 2 * series, folds: 5, report: try report(right), reason: "")
    }
    func part(_ digest: String) -> LadderPage.Join.Part {
      .init(name: "part \(digest.prefix(2))", digest: digest, pictures: 9)
    }
    let isJoined = other != nil
    return LadderPage(
      dataSets: [
        .init(
          name: "kidneys", digest: isJoined ? "joined" : digest,
          classes: [
            .init(name: "Normal", pictures: 4 * series, series: series),
            .init(name: "Tumor", pictures: 4 * series, series: series),
          ],
          pictures: labels.count, series: 2 * series, isByLook: true, copyPairs: 3, removed: 2, conflicting: 0,
          rungs: [try rung(.random, 10), try rung(.withoutCopies, 9), try rung(.grouped, 7)], placebo: nil,
          placeboReason: "class 'Tumor' has 1 series, and keeping series together takes two at least",
          join: other.map {
            .init(
              parts: [part(digest), part($0)], isOfCommonClasses: false, partial: ["Tumor"], preprocessing: "grey-256",
              origin: Metric(
                value: 0.571, low: 0.41, high: 0.72, method: "jackknife over series", images: 9, series: 8),
              originReason: "")
          })
      ], folds: 5, repeats: 3, seed: 1, version: "nefro test", baseDigest: "b", preprocessing: "rgb", kernels: "avx2")
  }

  private func texts(_ ladder: LadderPage, in language: Language = .english) throws -> (
    page: String, svgs: Int, card: String
  ) {
    var run = try RunFixture().run()
    run.ladder = LadderFacts(ladder, dataDigest: run.data.digest)
    let page = try HTMLPage(run.document(in: language).html)
    return (page.text, page.elements["svg"] ?? 0, try run.modelCard(in: language).markdown)
  }

  private static let own = String(repeating: "12", count: 32)

  @Test func `a ladder of the run's data stands in page and card with its chart and table`() throws {
    let ladder = try Self.ladder(digest: Self.own)
    let (page, svgs, card) = try texts(ladder)
    let bare = try HTMLPage(RunFixture().run().document(in: .english).html)
    #expect(svgs == (bare.elements["svg"] ?? 0) + 1)
    for rung in ladder.dataSets[0].rungs {
      let value = MetricText.value(try #require(rung.report).auc, in: .english)
      #expect(page.contains(value) && card.contains(value))
    }
    #expect(!page.contains("made of other data") && !page.contains("No ladder of this data"))
  }

  @Test func `a ladder of other data is shown with a warning that names both`() throws {
    let (page, _, card) = try texts(try Self.ladder(digest: String(repeating: "9", count: 64)))
    for text in [page, card] {
      #expect(
        text.contains("This ladder was made of other data: kidneys (999999999999)") && text.contains("(121212121212)"))
    }
  }

  @Test(arguments: Language.allCases)
  func `a joined ladder says of what, what is left to tell the parts apart by, and which classes that helps`(
    language: Language
  ) throws {
    let (page, _, _) = try texts(try Self.ladder(digest: Self.own, joinedWith: "ff"), in: language)
    for part in language == .english
      ? [
        "Joined from part 12 (9 pictures), part ff", "AUC of 0.571 (0.410 to 0.720)",
        "Not every part has these classes: Tumor",
      ]
      : [
        "Unión de part 12 (9 imágenes), part ff", "AUC de 0.571 (0.410 a 0.720)",
        "No todas las partes tienen estas clases: Tumor",
      ]
    { #expect(page.contains(part), "\(part)") }
    #expect(!page.contains(language == .english ? "made of other data" : "con otros datos"))
  }

  @Test func `what may be quoted follows the evidence`() throws {
    let many = try Self.ladder(digest: Self.own).dataSets[0].evidence
    #expect(many.isEnough && many.words(in: .english).hasPrefix("Quote it only with its interval"))
    let few = try Self.ladder(digest: Self.own, series: 3).dataSets[0].evidence
    #expect(!few.isEnough && few.words(in: .english).contains("Nothing here should be quoted as a performance claim"))
    #expect(few.words(in: .spanish).contains("(sin intervalo: 3 series)"))
    var guess = try #require(Self.ladder(digest: Self.own).dataSets[0].rungs[2].report)
    guess.metrics.auc.low = 0.44
    #expect(!LadderEvidence(guess).isEnough && LadderEvidence(guess).words(in: .english).contains("that of guessing"))
    let page = try texts(try Self.ladder(digest: Self.own, series: 3)).page
    #expect(page.contains("Nothing here should be quoted") && !page.contains("figure to quote"))
  }
}

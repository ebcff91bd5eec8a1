/// What a model is for and what not, and under which licences its parts stand: the same words on every page and card.
public enum PurposeSection {
  /// Below this many series of a class intervals cover less than they say (docs/validation.md): they are few.
  private static let fewSeries = 30

  /// - Parameters:
  ///   - fewest: the class with fewest series; nil where series are not known.
  ///   - seriesByLook: whether series stand in for patients.
  public static func purpose(
    classes: [String], fewest: DataFacts.ClassFacts?, seriesByLook: Bool, in language: Language
  ) -> Document.Section {
    func lines(_ texts: [PurposeText]) -> [InlineText] { texts.map { InlineText(language($0)) } }
    var limits: [InlineText] = []
    if let fewest {
      let words = fewest.series < fewSeries ? PurposeText.limitFew : .limitFewest
      limits.append(InlineText(language(words, fewest.name, language.series(fewest.series))))
    }
    if seriesByLook { limits += lines([.limitLook]) }
    limits += lines([.limitSource, .limitSeen])
    return Document.Section(
      language(PurposeText.title),
      [
        .callout(.warning, InlineText(language(PageText.researchUseOnly))),
        .paragraph(InlineText(language(PurposeText.what, classes.joined(separator: ", ")))),
        .heading(language(PurposeText.forTitle)), .list(lines([.forResearch, .forComparison, .forTeaching])),
        .heading(language(PurposeText.notTitle)), .list(lines([.notDiagnosis, .notOthers, .notWhole, .notPatients])),
        .heading(language(PurposeText.limits)), .list(limits),
      ])
  }

  public static func licences(in language: Language) -> Document.Section {
    let data = InlineText(language(PurposeText.dataSource) + ", ")
    return Document.Section(
      language(PurposeText.licences),
      [
        .table(
          DocumentTable(
            caption: language(PurposeText.licences),
            columns: [.init(language(PurposeText.part)), .init(language(PurposeText.licence)), .init(language(PurposeText.source))],
            rows: [
              [
                InlineText(language(PurposeText.program)),
                .link("Apache-2.0", to: "https://www.apache.org/licenses/LICENSE-2.0"), "LICENSE, NOTICE",
              ],
              [
                InlineText(language(PurposeText.weights)),
                .link("CC BY 4.0", to: "https://creativecommons.org/licenses/by/4.0/"),
                InlineText(language(PurposeText.weightsSource)),
              ],
              [
                InlineText(language(PurposeText.data)), InlineText(language(PurposeText.dataLicence)),
                data + .link("doi:10.1038/s41598-022-15634-4", to: "https://doi.org/10.1038/s41598-022-15634-4"),
              ],
            ]))
      ])
  }
}

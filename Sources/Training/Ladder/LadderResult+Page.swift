import Evaluation
import Foundation
import LocalFiles
import Reports

extension LadderResult {
  public static let fileName = "ladder.json"

  /// The name of the page in a language, such as "ladder.es.html".
  public static func pageName(in language: Language) -> String { "ladder.\(language.rawValue).html" }

  /// Writes `ladder.json` and a page in every language into a folder.
  ///
  /// - Throws: `LocalFileError`.
  public func write(to folder: URL) throws {
    try AtomicFile.createFolder(folder)
    try AtomicFile.write(json(), to: folder.appending(path: Self.fileName))
    for language in Language.allCases {
      try AtomicFile.write(
        page.document(in: language).html, to: folder.appending(path: Self.pageName(in: language)))
    }
  }

  public var page: LadderPage {
    LadderPage(
      dataSets: dataSets.map(\.page), folds: settings.folds, repeats: settings.repeats, seed: settings.seed,
      version: version, baseDigest: baseDigest, preprocessing: preprocessing, kernels: kernels)
  }
}

extension LadderDataSet {
  var page: LadderPage.DataSet {
    LadderPage.DataSet(
      name: name, digest: dataDigest,
      classes: counts.map { .init(name: $0.className, pictures: $0.pictures, series: $0.series) }, pictures: pictures,
      series: series, isByLook: seriesBasis == "look", copyPairs: copies.pairs, removed: copies.removed,
      conflicting: copies.conflicting,
      rungs: rungs.map { rung in
        .init(
          kind: rung.kind.onPage, pictures: rung.pictures, series: rung.series, folds: rung.folds, report: rung.report,
          reason: rung.reason ?? "")
      },
      placebo: placebo.onPage, placeboReason: placebo.reason ?? "",
      join: join.map { join in
        .init(
          parts: join.parts.map { .init(name: $0.name, digest: $0.dataDigest, pictures: $0.pictures) },
          isOfCommonClasses: join.isOfCommonClasses, partial: join.partialClasses, preprocessing: join.preprocessing,
          origin: join.origin, originReason: join.originReason ?? "")
      })
  }
}

extension LadderRung.Kind {
  fileprivate var onPage: LadderPage.RungKind {
    switch self {
    case .random: .random
    case .withoutCopies: .withoutCopies
    case .grouped: .grouped
    }
  }
}

extension LadderPlacebo {
  /// Both sides as the page shows them; nil where there is none.
  package var onPage: (grouped: LadderPage.Placebo, random: LadderPage.Placebo)? {
    guard let grouped, let random else { return nil }
    return (grouped.onPage, random.onPage)
  }
}

extension LadderPlacebo.Side {
  fileprivate var onPage: LadderPage.Placebo {
    let (holding, intervals) = holdingChance
    return LadderPage.Placebo(
      mean: mean, shuffles: shuffles.count, holding: holding, intervals: intervals,
      reason: shuffles.first { !$0.hasInterval }?.method ?? "")
  }
}

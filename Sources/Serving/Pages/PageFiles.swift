import Digests
import Foundation
import Mustache
import Reports

/// What pages are made of. All of it is within the program: no page needs a file beside it, or another server.
struct PageFiles: Sendable {
  struct Asset: Sendable {
    let bytes: [UInt8]
    let mediaType: String
    /// Of the content, so that a browser asks again and is told that nothing changed.
    let tag: String

    init(_ bytes: [UInt8], _ mediaType: String) {
      self.bytes = bytes
      self.mediaType = mediaType
      tag = "\"\(ContentDigest(of: Data(bytes)).hex.prefix(32))\""
    }
  }

  let assets: [String: Asset]
  let templates: MustacheLibrary
  /// Texts by key, the same keys in each language.
  let texts: [PageLanguage: [String: String]]
  /// The same as JSON for the pages' scripts, safe within an element of HTML.
  let scriptTexts: [PageLanguage: String]
  /// The server's own English sentences with what a page says in their place, as pairs of templates in JSON.
  let sentences: [PageLanguage: String]
  /// The same for what the cards of shipped models say.
  let cardSentences: [PageLanguage: String]

  init() throws {
    let (css, js) = ("text/css; charset=utf-8", "text/javascript; charset=utf-8")
    assets = [
      "nefro.css": Asset(PackageResources.nefro_css, css),
      "dark.css": Asset(PackageResources.dark_css, css),
      "predict.css": Asset(PackageResources.predict_css, css),
      "document.css": Asset(PackageResources.document_css, css),
      "tables.css": Asset(PackageResources.tables_css, css),
      "page.js": Asset(PackageResources.page_js, js),
      "viewer.js": Asset(PackageResources.viewer_js, js),
      "answer.js": Asset(PackageResources.answer_js, js),
      "predict.js": Asset(PackageResources.predict_js, js),
      "history.js": Asset(PackageResources.history_js, js),
      "result.js": Asset(PackageResources.result_js, js),
      "runs.js": Asset(PackageResources.runs_js, js),
      "run.js": Asset(PackageResources.run_js, js),
      "curves.js": Asset(PackageResources.curves_js, js),
      "figures.js": Asset(PackageResources.figures_js, js),
      "markdown.js": Asset(PackageResources.markdown_js, js),
      "models.js": Asset(PackageResources.models_js, js),
      "version.js": Asset(PackageResources.version_js, js),
      "promotion.js": Asset(PackageResources.promotion_js, js),
      "sentences.js": Asset(PackageResources.sentences_js, js),
      "pictures.js": Asset(PackageResources.pictures_js, js),
      "orders.js": Asset(PackageResources.orders_js, js),
      "list.js": Asset(PackageResources.list_js, js),
      "study.js": Asset(PackageResources.study_js, js),
      "kept.js": Asset(PackageResources.kept_js, js),
      "training.js": Asset(PackageResources.training_js, js),
      "csv.js": Asset(PackageResources.csv_js, js),
      "nefro.svg": Asset(PackageResources.nefro_svg, "image/svg+xml"),
    ]
    templates = try MustacheLibrary(
      templates: [
        "layout": PackageResources.layout_mustache, "sign-in": PackageResources.sign_in_mustache,
        "predict": PackageResources.predict_mustache, "history": PackageResources.history_mustache,
        "result": PackageResources.result_mustache, "answer": PackageResources.answer_mustache,
        "problem": PackageResources.problem_mustache, "runs": PackageResources.runs_mustache,
        "run": PackageResources.run_mustache, "models": PackageResources.models_mustache,
        "version": PackageResources.version_mustache, "ladder": PackageResources.ladder_mustache,
        "promotion": PackageResources.promotion_mustache,
        "training": PackageResources.training_mustache,
      ].mapValues { try MustacheTemplate(string: String(decoding: $0, as: UTF8.self)) })
    texts = try [.english: PackageResources.en_json, .spanish: PackageResources.es_json].mapValues {
      try JSONDecoder().decode([String: String].self, from: Data($0))
    }
    scriptTexts = try texts.mapValues { try Self.scriptJSON($0) }
    let phrases = RecordedSentences.phrases + ProblemText.allCases.map(\.phrase)
    sentences = [
      .spanish: try Self.scriptJSON(phrases.map { [$0.english, $0.spanish] }),
      .english: try Self.scriptJSON(ProblemText.allCases.compactMap { text in text.onPage.map { [text.phrase.english, $0] } }),
    ]
    cardSentences = [.spanish: try Self.scriptJSON(CardText.phrases.map { [$0.english, $0.spanish] })]
  }

  /// JSON that can stand within an element of a page.
  private static func scriptJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self).replacing("<", with: "\\u003c")
  }
}

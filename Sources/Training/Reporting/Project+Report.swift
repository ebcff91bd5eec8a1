import Evaluation
import Foundation
import Inference
import KidneyData
import LocalFiles
import Reports

/// What a report is to hold.
public struct ReportSettings: Sendable {
  /// Of page, card and documents.
  public var language: Language
  /// Whether the data is audited, where no audit of it is kept.
  public var audits: Bool
  /// How many mistakes are shown at most.
  public var mistakes: Int
  /// A file of `reproduce`; nil takes one of the same data from the project, if there is one.
  public var ladder: URL?
  /// What the run store knows of the model, for the documents of TDSP; nil leaves those out.
  public var teamProcess: TeamProcessFacts?

  /// - Parameters:
  ///   - language: of page, card and documents.
  ///   - audits: whether the data is audited, where no audit of it is kept.
  ///   - mistakes: how many are shown at most; 0 or more.
  ///   - ladder: a file of `reproduce`; nil takes one of the same data from the project, if there is one.
  ///   - teamProcess: what the run store knows of the model; nil leaves the documents of TDSP out.
  public init(
    language: Language = .english, audits: Bool = true, mistakes: Int = 12, ladder: URL? = nil,
    teamProcess: TeamProcessFacts? = nil
  ) {
    self.language = language
    self.audits = audits
    self.mistakes = mistakes
    self.ladder = ladder
    self.teamProcess = teamProcess
  }
}

/// The files that `report` wrote.
public struct ReportFiles: Sendable {
  /// `report.html`.
  public var page: URL
  /// `model-card.md`.
  public var card: URL
  /// The documents of TDSP, in their order; empty where they were not asked for.
  public var teamProcess: [URL] = []
}

extension Project {
  /// Writes `report.html` and `model-card.md` beside `scores.json`, and the documents of TDSP into the folder `tdsp`, from
  /// what the last evaluation left.
  ///
  /// - Parameter progress: how far the audit is.
  /// - Throws: `ReportingError` where scores, predictions and model are missing or not of one run, or a ladder is
  ///   none; `LedgerError`; what
  ///   reading pictures or writing files throws.
  public func report(
    _ settings: ReportSettings, progress: @escaping @Sendable (DataAuditor.Progress) -> Void, report: @escaping Report
  ) throws -> ReportFiles {
    let run = try runReport(settings, progress: progress, report: report)
    var files = ReportFiles(
      page: configuration.root.appending(path: "report.html"), card: configuration.root.appending(path: "model-card.md")
    )
    try AtomicFile.write(run.document(in: settings.language).html, to: files.page)
    try AtomicFile.write(run.modelCard(in: settings.language).markdown, to: files.card)
    if var facts = settings.teamProcess {
      facts.source = Self.publicSource(try openData().manifest.source)
      let folder = configuration.root.appending(path: "tdsp", directoryHint: .isDirectory)
      try AtomicFile.createFolder(folder)
      for item in try run.teamProcess(facts, in: settings.language) {
        let file = folder.appending(path: item.fileName)
        try AtomicFile.write(item.document.markdown, to: file)
        files.teamProcess.append(file)
      }
    }
    return files
  }

  /// Everything the report tells, as values.
  ///
  /// - Throws: as `report`.
  func runReport(
    _ settings: ReportSettings, progress: @escaping @Sendable (DataAuditor.Progress) -> Void, report: @escaping Report
  ) throws -> RunReport {
    let scores = try ScoresFile.load(from: configuration.scores, shown: shown(configuration.scores))
    let record = try PredictionRecord.load(from: configuration.root)
    let data = try openData()
    let file = try ModelFile(configuration.trainedModel)
    let division = try keptDivision()
    try requireOneRun(scores: scores, record: record, model: file, data: data, division: division)
    let predictions = try record.predictions
    let places = Dictionary(
      uniqueKeysWithValues: data.manifest.pictures.enumerated().map { ($1.sha256.hex + $1.path, $0) })
    let pictures = try record.pictures.map { row in
      guard let place = places[row.sha256.hex + row.path] else {
        throw ReportingError.doNotBelongTogether(
          what: "a picture", first: PredictionRecord.fileName, second: "the data set")
      }
      return place
    }
    // Looked at before the audit, which may take long.
    let ladder = try ladder(settings.ladder, dataDigest: data.manifest.digest.hex, report: report)
    let history = (try? String(contentsOf: configuration.history, encoding: .utf8)).flatMap(TrainingHistory.init(csv:))
    return RunReport(
      name: configuration.root.lastPathComponent, version: scores.version, report: scores.report,
      predictions: predictions, model: facts(of: file), data: facts(of: data, division: division),
      audit: try audit(of: data, makes: settings.audits, progress: progress).map(AuditFacts.init),
      split: facts(of: scores.split, repeats: record.repeats, division: division),
      testSet: try testSetFacts(scores.split.testSet),
      history: history?.curves,
      mistakes: mistakes(
        in: predictions, pictures: pictures, data: data, division: division, most: settings.mistakes, report: report),
      subgroups: try SubgroupFacts.all(of: pictures, in: data), ladder: ladder,
      rules: RuleFacts(of: file, scores: scores.decision))
  }

  /// A source as anybody may read it: a link without its query and credentials, a data set's name; nil for a path.
  package static func publicSource(_ source: String) -> String? {
    if source.hasPrefix("kaggle:") { return source }
    guard let parts = URLComponents(string: source), ["http", "https"].contains(parts.scheme), let host = parts.host
    else { return nil }
    return "\(parts.scheme ?? "https")://\(host)\(parts.path)"
  }

  private func keptDivision() throws -> Division {
    guard let content = try? Data(contentsOf: divisionFile),
      let division = try? JSONDecoder().decode(Division.self, from: content)
    else { throw ReportingError.damaged(path: shown(divisionFile)) }
    return division
  }

  /// A page must not set the figures of one model beside the mistakes of another.
  private func requireOneRun(
    scores: ScoresFile, record: PredictionRecord, model: ModelFile, data: DataSet, division: Division
  ) throws {
    let (file, answers) = (shown(configuration.scores), PredictionRecord.fileName)
    func require(_ what: String, _ first: String, _ one: String, _ second: String, _ other: String) throws {
      guard one == other else { throw ReportingError.doNotBelongTogether(what: what, first: first, second: second) }
    }
    try require("the model", file, scores.modelDigest, answers, record.modelDigest)
    try require("the model", file, scores.modelDigest, shown(model.url), model.digest.hex)
    try require("the data set", file, scores.dataDigest, answers, record.dataDigest)
    try require("the data set", file, scores.dataDigest, shown(configuration.dataFolder), data.manifest.digest.hex)
    try require("the split", file, scores.split.digest, answers, record.split.digest)
    try require("the split", file, scores.split.digest, shown(divisionFile), division.split.digest.hex)
    try require("the number of pictures", file, "\(scores.split.images)", answers, "\(record.pictures.count)")
    try require("the classes", file, "\(scores.classes)", answers, "\(record.classes)")
  }

  /// A mistake whose evidence cannot be drawn is shown without it: the answer is wrong all the same.
  private func mistakes(
    in predictions: Predictions, pictures: [Int], data: DataSet, division: Division, most: Int, report: @escaping Report
  ) -> MistakeFacts {
    let total = zip(predictions.predicted, predictions.labels).count { $0 != $1 }
    let surest = MistakeFacts.surest(in: predictions, most: most)
    guard !surest.isEmpty else { return MistakeFacts() }
    var evidence = MistakeFacts.Evidence.ofTheModel
    if case .groupedFolds = division.protocolKind { evidence = .ofTheFinalModel }
    var explainer: Explainer?
    do {
      explainer = Explainer(
        try Classifier(model: configuration.trainedModel, locator: BaseLocator(store: store), kernelUse: .single))
    } catch {
      evidence = .notMade
      report(.note("The evidence for mistakes is not drawn: \(error)"))
    }
    var drawing = MistakePictures(data: data, explainer: explainer)
    let predicted = predictions.predicted
    let shown = surest.map { place -> MistakeFacts.Mistake in
      let picture = pictures[place]
      let answer = predictions.classes[predicted[place]]
      var mistake = MistakeFacts.Mistake(
        picture: place, path: data.manifest.pictures[picture].path,
        series: division.series.names[division.series.seriesOf[picture]])
      do {
        (mistake.thumbnail, mistake.evidence) = try drawing.draw(picture, answer: answer)
      } catch {
        report(.note("The evidence for mistakes is not drawn: \(error)"))
        evidence = .notMade
        drawing = MistakePictures(data: data, explainer: nil)
        mistake.thumbnail = try? drawing.draw(picture, answer: answer).thumbnail
      }
      return mistake
    }
    return MistakeFacts(shown: shown, total: total, evidence: evidence)
  }
}

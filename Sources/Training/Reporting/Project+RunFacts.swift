import Inference
import KidneyData
import Reports

extension Project {
  /// How many of the ledger's last lines a report shows.
  private static let shownLines = 20

  func facts(of file: ModelFile) -> ModelFacts { ModelFacts(file, order: parameters.record.map(\.key)) }

  func facts(of data: DataSet, division: Division) -> DataFacts {
    let series = division.series.seriesPerClass(labels: data.labels, classes: data.classes.count)
    return DataFacts(
      digest: data.manifest.digest.hex,
      classes: data.classes.indices.map { label in
        .init(name: data.classes[label], pictures: data.labels.count { $0 == label }, series: series[label])
      }, pictures: data.count, series: division.series.count, setAside: data.manifest.setAside.count,
      sizes: Set(data.manifest.pictures.map { [$0.width, $0.height] }).count)
  }

  func facts(of record: Scores.SplitRecord, repeats: Int, division: Division) -> SplitFacts {
    func part(_ pictures: [Int]) -> SplitFacts.Part {
      .init(pictures: pictures.count, series: Set(pictures.map { division.series.seriesOf[$0] }).count)
    }
    let scoring: SplitFacts.Scoring =
      switch (division.split.method, division.protocolKind) {
      case (.keras, _): .kerasHead
      case (_, .heldOut): .heldOut
      case (_, .groupedFolds(let folds)): .groupedFolds(folds)
      }
    let method: SplitFacts.Method =
      switch division.split.method {
      case .series: .series
      case .random: .random
      case .keras: .keras
      }
    let validation = Set(division.split.validation)
    let basis: SplitFacts.Basis =
      switch division.series.basis {
      case .patient: .patient
      case .look: .look
      case .patientAndLook: .patientAndLook
      }
    return SplitFacts(
      method: method, basis: basis, scoring: scoring, seed: record.seed, digest: record.digest,
      training: part(division.split.training), validation: part(division.split.validation),
      scored: part(division.scored), repeats: repeats,
      chosenOn: division.protocolKind == .heldOut ? division.scored.count { validation.contains($0) } : 0,
      leak: record.leakage.map { .init(trainedOn: $0.trainedOn, ofTrainedSeries: $0.ofTrainedSeries) })
  }

  /// - Throws: `LedgerError` if the ledger was changed, cut or removed.
  func testSetFacts(_ opening: TestSetOpening?) throws -> TestSetFacts? {
    guard let opening else { return nil }
    let ledger = try openLedger()
    return TestSetFacts(
      pictures: opening.pictures, openings: opening.openings, crossValidations: opening.crossValidations,
      openedBefore: opening.picturesOpenedBefore, firstOpened: opening.firstOpened,
      modelPredatesFirstOpening: opening.modelPredatesFirstOpening, accepted: opening.acceptedBy != nil,
      openedSince: ledger.openings(since: opening),
      entries: ledger.entries.suffix(Self.shownLines).map { entry in
        let event: TestSetFacts.Event =
          switch entry.kind {
          case .model: .modelWritten
          case .opening: .opened
          case .crossValidation: .crossValidated
          }
        return .init(number: entry.number, time: entry.time, event: event, model: entry.model.short)
      })
  }
}

extension ModelFacts {
  /// - Parameter order: of the parameters; others follow by name.
  init(_ file: ModelFile, order: [String] = []) {
    let description = file.description
    let trained = description.training.parameters
    let known = order.filter { trained[$0] != nil }
    let others = trained.keys.filter { !known.contains($0) }.sorted()
    self.init(
      digest: file.digest.hex, network: description.base.network, baseDigest: description.base.digest.hex,
      trainableFrom: description.base.trainableFrom, head: description.head.kind.rawValue,
      preprocessing: description.preprocessingIdentity, epochs: description.training.epochs,
      seed: description.training.seed, parameters: (known + others).map { KeyedValue($0, trained[$0] ?? "") },
      isCalibrated: description.isCalibrated,
      abstains: description.decision?.abstention != nil,
      hasGate: description.gate != nil)
  }
}

import Digests
import Foundation
import KidneyData

/// What heads answered for pictures that they were not fitted to, as a record that other models' can be set beside.
struct HeadAnswers {
  let validation: HeadValidation
  let series: SeriesAssignment
  /// Of the shipped model, which was fitted like those that gave the answers, to all pictures.
  let model: ContentDigest
  let seed: UInt64
  let version: String

  /// - Parameters:
  ///   - answers: of one draw of the folds.
  ///   - method: what the folds hold whole; leaky where it is not whole series.
  ///   - foldOf: the fold of every picture.
  func record(_ answers: HeadValidation.Answers, method: String, foldOf: [Int]) -> PredictionRecord {
    let (data, task) = (validation.features.data, validation.task)
    let pictures = data.labels.indices.filter { validation.labels[$0] != nil }
    let rows = pictures.map { picture in
      let record = data.manifest.pictures[picture]
      return PredictionRecord.Row(
        path: record.path, sha256: record.sha256, series: series.seriesOf[picture], label: record.className,
        probabilities: answers.asTheyAre[picture], fold: foldOf[picture])
    }
    let folds = Set(foldOf).count
    return PredictionRecord(
      classes: task.classes, positiveClass: task.classes.count == 2 ? task.classes[1] : nil, modelDigest: model.hex,
      dataDigest: data.manifest.digest.hex,
      split: .init(
        method: method, seed: seed, digest: ContentDigest(of: foldOf.map(String.init).joined(separator: ",")).hex,
        scoredBy: "pooled out-of-fold answers of \(folds) folds (\(method)): heads fitted like this one, each without the fold it answers",
        images: rows.count, series: Set(rows.map(\.series)).count, seriesBasis: series.basis.rawValue, warnings: [],
        leakage: nil, testSet: nil),
      version: version, pictures: rows)
  }
}

import Digests
import Evaluation
import Foundation
import Inference
import KidneyData
import LocalFiles

/// The content of `predictions.json`: what was answered for every scored picture, beside the truth and all that is needed
/// to judge it or to compare it with another model's.
///
/// Its JSON has the keys `format`, `classes`, `positive_class`, `model_digest`, `data_digest`, `split` (as in
/// `scores.json`, with the leakage mark), `repeats`, `version` and `pictures`.
public struct PredictionRecord: Codable, Equatable, Sendable {
  /// Beside `scores.json`.
  public static let fileName = "predictions.json"
  static let currentFormat = "nefro-predictions-1"

  /// `nefro-predictions-1`.
  public var format: String
  /// In the order of the probabilities.
  public var classes: [String]
  /// The class that is looked for; nil where there is none.
  public var positiveClass: String?
  /// Of the trained model. With grouped folds the answers are those of models made like it.
  public var modelDigest: String
  /// Of the data set's manifest; 64 hexadecimal digits.
  public var dataDigest: String
  /// Which pictures these are, with the marks of leakage and of a test set that was opened.
  public var split: Scores.SplitRecord
  /// Of the cross-validation; the answers are those of the first, as the confusion matrix of the scores. 1 for a test part.
  public var repeats: Int
  /// The program's.
  public var version: String
  /// One a scored picture.
  public var pictures: [Row]

  /// One picture.
  public struct Row: Codable, Equatable, Sendable {
    /// Relative to the data set's folder.
    public var path: String
    /// Of the picture's file.
    public var sha256: ContentDigest
    /// Which series it is of; a number within this record.
    public var series: Int
    /// The true class's name.
    public var label: String
    /// One a class, in the order of `classes`; 0…1, they sum to 1.
    public var probabilities: [Double]
    /// Which fold the picture was in, 0-based; nil for a test part.
    public var fold: Int?

    /// - Parameters: as the properties of the same names.
    public init(
      path: String, sha256: ContentDigest, series: Int, label: String, probabilities: [Double], fold: Int? = nil
    ) {
      self.path = path
      self.sha256 = sha256
      self.series = series
      self.label = label
      self.probabilities = probabilities
      self.fold = fold
    }
  }

  enum CodingKeys: String, CodingKey {
    case format, classes, split, repeats, version, pictures
    case positiveClass = "positive_class"
    case modelDigest = "model_digest"
    case dataDigest = "data_digest"
  }

  /// - Parameters: as the properties of the same names; each of `pictures` has one probability a class.
  public init(
    classes: [String], positiveClass: String?, modelDigest: String, dataDigest: String, split: Scores.SplitRecord,
    repeats: Int = 1, version: String, pictures: [Row]
  ) {
    format = Self.currentFormat
    self.classes = classes
    self.positiveClass = positiveClass
    self.modelDigest = modelDigest
    self.dataDigest = dataDigest
    self.split = split
    self.repeats = repeats
    self.version = version
    self.pictures = pictures
  }

  /// - Parameters:
  ///   - scores: what was made of the same answers.
  ///   - answers: for each repeat the probabilities of each picture. Shape: [repeats][pictures][classes].
  ///   - pictures: which pictures they are for.
  ///   - foldOf: of every picture of the data set, in the first repeat; nil for a test part.
  init(
    scores: Scores, answers: [[[Double]]], pictures: [Int], foldOf: [Int]?, series: SeriesAssignment, data: DataSet
  ) {
    let rows = pictures.enumerated().map { place, picture in
      let record = data.manifest.pictures[picture]
      return Row(
        path: record.path, sha256: record.sha256, series: series.seriesOf[picture], label: record.className,
        probabilities: answers[0][place], fold: foldOf?[picture])
    }
    self.init(
      classes: data.classes, positiveClass: data.positiveClass, modelDigest: scores.model, dataDigest: scores.data,
      split: scores.split, repeats: answers.count, version: scores.version, pictures: rows)
  }

  /// Whether slices of one series were on both sides of the split.
  public var isLeaky: Bool {
    split.leakage != nil || SplitMethod(rawValue: split.method)?.keepsSeries != true
  }

  /// What stands on every figure that comes of it.
  var marks: [ScoreMark] { [isLeaky ? .leaky : nil, split.testSet?.mark].compactMap(\.self) }

  /// The answers beside the truth, checked.
  ///
  /// - Throws: `EvaluationError`; `PredictionRecordError.unknownLabel`.
  public var predictions: Predictions {
    get throws {
      let place = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      return try Predictions(
        classes: classes,
        labels: pictures.enumerated().map { index, row in
          guard let label = place[row.label] else {
            throw PredictionRecordError.unknownLabel(path: Self.fileName, picture: index, label: row.label, classes: classes)
          }
          return label
        },
        probabilities: pictures.map(\.probabilities), series: pictures.map(\.series))
    }
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: as `predictions`, before anything is written; `LocalFileError`.
  public func save(to url: URL) throws {
    _ = try predictions
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self) + Data("\n".utf8), to: url)
  }
}

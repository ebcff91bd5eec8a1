import Digests
import Foundation
import Inference
import MedicalImages

/// The answer for one picture, with all that is needed to judge it later: what the API gives, and what is kept.
public struct Prediction: Codable, Equatable, Sendable {
  /// 32 hexadecimal digits that cannot be guessed.
  public var id: String
  /// Among the pictures of its request, from 0.
  public var position: Int
  /// The class that is named; given as an answer only where `decision` is `answered`.
  public var label: String
  /// Every class's probability, calibrated if `calibrated` says so. Double, 0…1; they sum to 1.
  public var probabilities: [String: Double]
  /// How sure the label is, 0…1: its probability, with an operating point as if its threshold were moved to one half.
  public var confidence: Double
  /// Whether the label is given as an answer.
  public var decision: Answer.Decision
  /// Why this decision, in English words.
  public var reason: String
  /// Whether the model has a fitted calibration, which its probabilities have been through.
  public var calibrated: Bool
  /// Nil names the most probable class.
  public var operatingPoint: OperatingPoint?
  /// The model that answered, whichever one answers now.
  public var model: Model
  /// Identity of the preprocessing.
  public var preprocessing: String
  /// What was sent, for telling later whether a picture is the same.
  public var picture: PictureFacts
  /// Nil for a picture that stands alone.
  public var study: String?
  /// ISO 8601, UTC.
  public var time: String
  /// From the whole request to the answer.
  public var milliseconds: Double
  /// What must be shown with the answer: `Prediction.notice`.
  public var notice: String

  /// From which probability on the positive class is named.
  public struct OperatingPoint: Codable, Equatable, Sendable {
    /// One of the classes in `probabilities`.
    public var positiveClass: String
    /// Calibrated if the model is, 0…1, ends excluded.
    public var probability: Double
    /// What it was chosen for, in words, such as "sensitivity at least 0.95".
    public var rule: String
  }

  /// Which model answered.
  public struct Model: Codable, Equatable, Sendable {
    /// Of the file, without its ending, or the registered model's.
    public var name: String
    /// Such as `kidney:3`; nil for a model that is not registered.
    public var version: String?
    /// SHA-256 of the model's file.
    public var digest: ContentDigest
    /// What must stand beside the answers of a model that was trained on a split that leaks.
    public var leakage: String?
  }

  /// The picture by its content: no name, no pixels.
  public struct PictureFacts: Codable, Equatable, Sendable {
    /// As the file's first bytes say, whatever media type it was sent as.
    public var format: PictureFormat
    /// In pixels.
    public var width: Int
    /// In pixels.
    public var height: Int
    /// Of the file.
    public var sha256: ContentDigest
  }

  /// What every answer carries.
  public static let notice = "Research use only: no answer is a diagnosis."

  init(
    id: String, position: Int, answer: Answer, model: ServedModel, picture: PictureFacts, study: String?, time: Date,
    milliseconds: Double
  ) {
    self.id = id
    self.position = position
    label = answer.label
    probabilities = Dictionary(uniqueKeysWithValues: zip(answer.classes, answer.probabilities))
    confidence = answer.confidence
    decision = answer.decision
    reason = answer.reason
    let description = model.classifier.description
    calibrated = description.isCalibrated
    operatingPoint = description.decision?.operatingPoint.map {
      OperatingPoint(positiveClass: $0.positiveClass, probability: $0.probability, rule: $0.rule)
    }
    self.model = model.identity
    preprocessing = description.preprocessingIdentity
    self.picture = picture
    self.study = study
    self.time = timestamp(time)
    self.milliseconds = (milliseconds * 100).rounded() / 100
    notice = Self.notice
  }
}

/// JSON as the API writes it: names with underscores, sorted, numbers that give the same bits again.
enum APIJSON {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(timestamp(date))
    }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try encoder.encode(value)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: data)
  }
}

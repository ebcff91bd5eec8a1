import Evaluation
import Foundation
import KidneyData

extension PredictionRecord {
  /// Reads a record and checks all of it.
  ///
  /// - Parameter url: the file, or a project's folder that holds one.
  /// - Throws: `PredictionRecordError`.
  public static func load(from url: URL) throws -> PredictionRecord {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    let file = exists && isFolder.boolValue ? url.appending(path: fileName) : url
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw PredictionRecordError.missing(path: file.path, isInFolder: isFolder.boolValue)
    }
    let content: Data
    do {
      content = try Data(contentsOf: file)
    } catch {
      throw PredictionRecordError.corrupt(path: file.path, reason: error.localizedDescription)
    }
    return try PredictionRecord(json: content, path: file.path)
  }

  /// - Parameter path: what errors call the file.
  /// - Throws: `PredictionRecordError`.
  public init(json: Data, path: String) throws {
    struct Head: Decodable { var format: String? }
    let decoder = JSONDecoder()
    // What other programs write for numbers that are none is then told as such.
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      let format = try decoder.decode(Head.self, from: json).format
      guard format == Self.currentFormat else {
        throw PredictionRecordError.otherFormat(path: path, found: format)
      }
      self = try decoder.decode(PredictionRecord.self, from: json)
    } catch let error as DecodingError {
      throw PredictionRecordError.corrupt(path: path, reason: Self.words(for: error))
    }
    try check(path: path)
  }

  private func check(path: String) throws {
    do {
      _ = try predictions
    } catch let error as EvaluationError {
      throw PredictionRecordError.invalid(path: path, error)
    } catch PredictionRecordError.unknownLabel(_, let picture, let label, let classes) {
      throw PredictionRecordError.unknownLabel(path: path, picture: picture, label: label, classes: classes)
    }
    if let positiveClass, !classes.contains(positiveClass) {
      throw PredictionRecordError.invalid(path: path, .unknownClass(positiveClass, known: classes))
    }
    guard repeats >= 1 else {
      throw PredictionRecordError.corrupt(path: path, reason: "it rests on \(repeats) repeats")
    }
    var places: [CodePointKey: Int] = [:]
    for (picture, row) in pictures.enumerated() {
      if let first = places.updateValue(picture, forKey: CodePointKey(row.path)) {
        throw PredictionRecordError.repeatedPicture(path: path, first: first, second: picture)
      }
    }
  }

  private static func words(for error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      return keys.isEmpty ? "the whole" : String(keys.drop { $0 == "." })
    }
    return switch error {
    case .keyNotFound(let key, let context): "\(place(context)) lacks '\(key.stringValue)'"
    case .typeMismatch(_, let context): "\(place(context)) is of another kind than expected"
    case .valueNotFound(_, let context): "\(place(context)) is null, where a value must be"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "it is no JSON (a bare NaN is none either), or cut short" : "\(place(context)) cannot be read"
    @unknown default: "it cannot be read"
    }
  }
}

/// What is wrong with a record of predictions, and what to do about it. Pictures are named by their place in the file,
/// counted from 0: a file's name can carry a patient's.
public enum PredictionRecordError: Error, Equatable, CustomStringConvertible {
  case missing(path: String, isInFolder: Bool)
  case corrupt(path: String, reason: String)
  case otherFormat(path: String, found: String?)
  case unknownLabel(path: String, picture: Int, label: String, classes: [String])
  case repeatedPicture(path: String, first: Int, second: Int)
  /// Its content cannot be predictions.
  case invalid(path: String, EvaluationError)

  public var description: String {
    let advice = "Run `nefro evaluate` again."
    return switch self {
    case .missing(let path, let isInFolder):
      "There is no '\(path)'. \(isInFolder ? "Run `nefro evaluate` in that project, which writes it." : "Name a \(PredictionRecord.fileName), or a project's folder that holds one.")"
    case .corrupt(let path, let reason): "'\(path)' is damaged: \(reason). \(advice)"
    case .otherFormat(let path, let found):
      "'\(path)' is no record of predictions that this program reads: its format is \(found.map { "'\($0)'" } ?? "not named"), where '\(PredictionRecord.currentFormat)' is expected. \(advice)"
    case .unknownLabel(let path, let picture, let label, let classes):
      "'\(path)': picture \(picture) is of class '\(label)', which is not among \(classes.joined(separator: ", ")). \(advice)"
    case .repeatedPicture(let path, let first, let second):
      "'\(path)': pictures \(first) and \(second) have the same path, so that one would count twice. \(advice)"
    case .invalid(let path, let error): "'\(path)': \(error)"
    }
  }
}

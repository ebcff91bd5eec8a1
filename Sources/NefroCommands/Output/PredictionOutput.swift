import Foundation
import Inference

/// Writes answers to standard output, for a person or as one JSON object a line.
struct PredictionOutput {
  let json: Bool
  let model: String
  let digest: String
  /// What must stand beside the answers of a model that was trained on a split that leaks.
  let leakage: String?
  let hasGate: Bool

  init(json: Bool, model: URL, classifier: Classifier) {
    self.json = json
    self.model = model.lastPathComponent
    digest = classifier.modelDigest.hex
    leakage = classifier.description.training.leakage
    hasGate = classifier.gate != nil
    if !json {
      let mark = leakage.map { " Trained on a \($0)." } ?? ""
      Terminal.standardError("Model \(model.relativePath) (\(classifier.modelDigest.short)).\(mark) Research use only.\n")
      if let warning = classifier.gate?.record.fit.warning {
        Terminal.standardError("What is no kidney CT is told by a gate. \(warning)\n")
      }
      if !hasGate { Terminal.standardError(Self.noGate) }
      for note in classifier.description.decision?.notes ?? [] { Terminal.standardError("Decision: \(note).\n") }
    }
  }

  /// What must stand beside the answers of a model without a gate.
  static let noGate =
    "This model has no gate: nothing checks whether a picture is a kidney CT, and a photograph is answered, too.\n"

  private struct Line: Encodable {
    var path: String
    var label: String?
    var probabilities: [String: Double]?
    var confidence: Double?
    var decision: Answer.Decision?
    var reason: String?
    var milliseconds: Double?
    var model: Model?
    var error: String?

    struct Model: Encodable {
      var name: String
      var digest: String
      /// False: nothing checks whether a picture is a kidney CT.
      var gate: Bool
      var leakage: String?
    }
  }

  /// - Parameter milliseconds: time from reading to answer, shared evenly by the pictures of one batch.
  func write(_ path: String, _ answer: Answer, milliseconds: Double) throws {
    guard json else {
      let figures = zip(answer.classes, answer.probabilities).map { "\($0) \(fixed($1))" }
      let head = answer.decision.words ?? answer.label
      let tail = answer.decision == .answered ? "" : "\t\(answer.reason)"
      try Terminal.standardOutput("\(head)\t\(figures.joined(separator: "  "))\t\(path)\(tail)\n")
      return
    }
    try print(
      Line(
        path: path, label: answer.label,
        probabilities: Dictionary(uniqueKeysWithValues: zip(answer.classes, answer.probabilities)),
        confidence: answer.confidence, decision: answer.decision, reason: answer.reason,
        milliseconds: (milliseconds * 100).rounded() / 100,
        model: .init(name: model, digest: digest, gate: hasGate, leakage: leakage)))
  }

  func write(_ path: String, error: String) throws {
    guard json else {
      Terminal.standardError("error: \(error)\n")
      return
    }
    try print(Line(path: path, error: error))
  }

  private func print(_ line: Line) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try Terminal.standardOutput(String(decoding: try encoder.encode(line), as: UTF8.self) + "\n")
  }
}

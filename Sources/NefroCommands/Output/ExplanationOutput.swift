import Foundation
import Inference

/// Writes what `explain` found to standard output, for a person or as one JSON object a line.
struct ExplanationOutput {
  let json: Bool
  private let digest: String
  private let leakage: String?

  init(json: Bool, model: URL, classifier: Classifier) {
    self.json = json
    digest = classifier.modelDigest.hex
    leakage = classifier.description.training.leakage
    if !json {
      let mark = leakage.map { " Trained on a \($0)." } ?? ""
      Terminal.standardError("Model \(model.relativePath) (\(classifier.modelDigest.short)).\(mark) Research use only.\n")
      if classifier.gate == nil { Terminal.standardError(PredictionOutput.noGate) }
    }
  }

  struct Line: Encodable {
    var path: String
    var label: String?
    var probabilities: [String: Double]?
    var method: String?
    var layer: String?
    /// The class whose evidence is drawn.
    var explained: String?
    /// The largest evidence in the method's unit; 0 if there is none.
    var strength: Float?
    /// In pixels of the picture.
    var peak: EvidenceMap.Peak?
    var file: String?
    /// Whether the label is an answer, and why.
    var decision: Answer.Decision?
    var reason: String?
    var model: String?
    /// For a model that was trained on a split that leaks.
    var leakage: String?
    var error: String?
  }

  func write(_ line: Line) throws {
    guard json else {
      var text = "\(line.decision?.words ?? line.label ?? "")\t"
      if let explained = line.explained {
        text +=
          line.peak.map { "most evidence for \(explained) at row \($0.row), column \($0.column)" }
          ?? "no evidence for \(explained)"
        text += "\t"
      }
      try Terminal.standardOutput(text + "\(line.path)\t\(line.file ?? "")\n")
      return
    }
    var line = line
    line.model = digest
    line.leakage = leakage
    try print(line)
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

import Foundation
import TestSupport
import Testing

/// Answers of exported models in other programs, and of this one.
enum ExportedAnswers {
  struct Answer: Decodable {
    var probabilities: [Double]
    /// Not of a Keras model, whose only output is the probabilities.
    var label: String?
    var confidence: Double?
    var decision: String?
  }

  struct Line: Decodable {
    var label: String
    var probabilities: [String: Double]
    var confidence: Double
    var decision: String
  }

  private static let script = packageRoot.appending(path: "Tests/tools/export_answers.py")

  /// Drawn pictures, and some real slices where they are.
  static func pictures(in folder: URL, python: PythonTools) throws -> [String] {
    var slices: [String] = []
    for root in [RealSlices.twoClass, RealSlices.fourClass] {
      guard let root else { continue }
      for name in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: name).path)) ?? []
        slices += files.sorted().prefix(2).map { root.appending(path: name).appending(path: $0).path }
      }
    }
    if slices.isEmpty { print(RealSlices.absent) }
    _ = try run(python, ["pictures", "pictures"] + slices, in: folder)
    return try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "pictures").path).sorted()
      .map { "pictures/" + $0 }
  }

  /// What the script's `onnx`, `pyfunc` or `keras` answers.
  ///
  /// - Parameter environment: added to the process's own.
  static func of(
    _ python: PythonTools, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> [Answer] {
    try lines(run(python, arguments, in: folder, environment: environment), Answer.self)
  }

  private static func run(
    _ python: PythonTools, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = python.program("python")
    // TensorFlow's informative lines say nothing about the model.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"]) { $1 }.merging(environment) { $1 }
    process.arguments = [script.path] + arguments
    process.currentDirectoryURL = folder
    let output = folder.appending(path: "python.out")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try String(contentsOf: output, encoding: .utf8)
  }

  /// What the program itself answers.
  static func predicted(_ program: NefroProgram, model: String, _ pictures: [String]) throws -> [Line] {
    try lines(program.run(["predict", "--json", "--model", model] + pictures).output, Line.self)
  }

  private static func lines<Value: Decodable>(_ text: String, _ type: Value.Type) throws -> [Value] {
    try text.split(separator: "\n").filter { $0.hasPrefix("{") }
      .map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }

  /// - Returns: the largest relative error of the probabilities, max |a - b| / max |b| of a picture.
  static func compare(_ answers: [Answer], _ expected: [Line]) -> Double {
    #expect(answers.count == expected.count)
    var largest = 0.0
    for (answer, line) in zip(answers, expected) {
      // Class names are sorted in every model here.
      let wanted = line.probabilities.sorted { $0.key < $1.key }.map(\.value)
      #expect(answer.probabilities.count == wanted.count)
      let difference = zip(answer.probabilities, wanted).map { abs($0 - $1) }.max() ?? .infinity
      let error = difference / (wanted.max() ?? 0)
      #expect(error < 1e-4)
      largest = max(largest, error)
      if let label = answer.label { #expect(label == line.label) }
      if let decision = answer.decision { #expect(decision == line.decision) }
      if let confidence = answer.confidence { #expect(abs(confidence - line.confidence) < 1e-4) }
    }
    return largest
  }
}

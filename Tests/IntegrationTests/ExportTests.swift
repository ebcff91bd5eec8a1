import Foundation
import TestSupport
import Testing
import Tracking

/// Exported models against the program itself, on pictures that are decoded already: decoders of JPEG differ.
@Suite(.serialized) struct ExportTests {
  private struct Answer: Decodable {
    var probabilities: [Double]
    /// Not of a Keras model, whose only output is the probabilities.
    var label: String?
    var confidence: Double?
    var decision: String?
  }

  private struct Line: Decodable {
    var label: String
    var probabilities: [String: Double]
    var confidence: Double
    var decision: String
  }

  private static let script = packageRoot.appending(path: "Tests/tools/export_answers.py")

  @Test func `ONNX Runtime, MLflow and Keras answer what predict answers, for trained and for shipped models`() throws {
    guard let python = PythonTools.named("mlflow") else { return }
    let old = PythonTools.named("mlflow-2.7")
    // TensorFlow is too large for every run.
    let keras = TestRun.isFull ? PythonTools.named("keras") : nil
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      let pictures = try Self.pictures(in: project.folder, python: python)
      #expect(pictures.count >= 7)
      for model in ["artifacts/training/model.safetensors", "kidney-two-class", "kidney-four-class"] {
        let predicted = try project.program.run(["predict", "--json", "--model", model] + pictures).output
        let expected = try Self.lines(predicted, Line.self)
        #expect(expected.count == pictures.count)
        func compare(_ tools: PythonTools, _ arguments: String...) throws {
          let answers = try Self.answers(tools, arguments + pictures, in: project.folder)
          let largest = Self.compare(answers, expected)
          print("\(model), \(arguments[0]) of \(tools.folder.lastPathComponent): largest relative error \(largest)")
        }
        try project.program.run("export", model, "--to", "onnx", "--out", "model.onnx", expecting: 0)
        let first = try project.bytes("model.onnx")
        try compare(python, "onnx", "model.onnx")
        try project.program.run("export", model, "--to", "mlflow", "--out", "mlflow", expecting: 0)
        #expect(try project.bytes("mlflow/model.onnx") == first)
        try compare(python, "pyfunc", "mlflow")
        if let old { try compare(old, "pyfunc", "mlflow") }
        if let keras {
          try project.program.run("export", model, "--to", "keras", "--out", "model.keras", expecting: 0)
          try compare(keras, "keras", "model.keras")
        }
      }
      try Self.expectListed(project.url("mlflow"), in: folder)
    }
  }

  @Test func `what cannot be exported or written is refused in words, and nothing is left behind`() throws {
    try withTemporaryFolder { folder in
      let program = NefroProgram(folder: folder)
      func refusal(_ code: Int32, _ arguments: String...) throws -> String {
        let outcome = try program.run(["export"] + arguments)
        #expect(outcome.code == code)
        #expect(outcome.output.isEmpty)
        return outcome.error
      }
      #expect(try refusal(1, "missing.safetensors", "--to", "onnx").contains("There is no model file"))
      try "no model".write(to: folder.appending(path: "text.safetensors"), atomically: true, encoding: .utf8)
      #expect(try refusal(1, "text.safetensors", "--to", "onnx").contains("text.safetensors"))
      #expect(try refusal(64, "kidney-two-class", "--to", "pickle").contains("onnx"))
      #expect(try refusal(64, "kidney-two-class").contains("--to"))
      #expect(try refusal(64, "kidney-two-class", "--to", "onnx", "--out", "model.pb").contains("must end in .onnx"))
      #expect(try refusal(1, "kidney-two-class", "--to", "onnx", "--out", "text.safetensors/a.onnx").contains("Cannot write"))
      let full = folder.appending(path: "full")
      try FileManager.default.createDirectory(at: full, withIntermediateDirectories: true)
      try "mine".write(to: full.appending(path: "notes.txt"), atomically: true, encoding: .utf8)
      #expect(try refusal(1, "kidney-two-class", "--to", "mlflow", "--out", "full").contains("holds 'notes.txt'"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: full.path) == ["notes.txt"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["full", "text.safetensors"])
    }
  }

  // MARK: -

  /// Drawn pictures, and some real slices where they are.
  private static func pictures(in folder: URL, python: PythonTools) throws -> [String] {
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

  /// As one of a run's artifacts an exported folder is a model to the mirror, which tells the server of it.
  private static func expectListed(_ exported: URL, in folder: URL) throws {
    let store = try RunStore(at: folder.appending(path: "store"))
    let recorder = try store.begin(.train, name: "exported")
    for file in try FileManager.default.contentsOfDirectory(at: exported, includingPropertiesForKeys: nil) {
      try recorder.add(file, as: "model/" + file.lastPathComponent)
    }
    try recorder.finish()
    let models = RunMirror.models(try store.details(of: recorder.id))
    #expect(models.map(\.folder) == ["model"])
    let description = try String(contentsOf: exported.appending(path: "MLmodel"), encoding: .utf8)
    #expect(RunMirror.flavors(description).keys.sorted() == ["onnx", "python_function"])
  }

  private static func answers(_ python: PythonTools, _ arguments: [String], in folder: URL) throws -> [Answer] {
    try lines(run(python, arguments, in: folder), Answer.self)
  }

  private static func run(_ python: PythonTools, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = python.program("python")
    // TensorFlow's informative lines say nothing about the model.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"]) { $1 }
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

  private static func lines<Value: Decodable>(_ text: String, _ type: Value.Type) throws -> [Value] {
    try text.split(separator: "\n").filter { $0.hasPrefix("{") }
      .map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }

  /// - Returns: the largest relative error of the probabilities, max |a - b| / max |b| of a picture.
  private static func compare(_ answers: [Answer], _ expected: [Line]) -> Double {
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

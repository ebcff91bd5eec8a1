import Foundation
import TestSupport
import Testing
import Tracking

/// Exported models against the program itself, on pictures that are decoded already: decoders of JPEG differ.
@Suite(.serialized) struct ExportTests {
  @Test func `ONNX Runtime, MLflow and Keras answer what predict answers, for trained and for shipped models`() throws {
    guard let python = PythonTools.named("mlflow") else { return }
    let old = PythonTools.named("mlflow-2.7")
    // TensorFlow is too large for every run.
    let keras = TestRun.isFull ? PythonTools.named("keras") : nil
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      let pictures = try ExportedAnswers.pictures(in: project.folder, python: python)
      #expect(pictures.count >= 7)
      for model in ["artifacts/training/model.safetensors", "kidney-two-class", "kidney-four-class"] {
        let expected = try ExportedAnswers.predicted(project.program, model: model, pictures)
        #expect(expected.count == pictures.count)
        func compare(_ tools: PythonTools, _ arguments: String...) throws {
          let answers = try ExportedAnswers.of(tools, arguments + pictures, in: project.folder)
          let largest = ExportedAnswers.compare(answers, expected)
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
}

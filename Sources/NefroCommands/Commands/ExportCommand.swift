import ArgumentParser
import BuildInformation
import Foundation
import Inference
import LocalFiles

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model for other programs, preprocessing included.",
    discussion: """
      onnx is a file that takes decoded pictures of any size and gives probabilities, label and decision, as predict \
      does; keras is a .keras file of Keras 3 that gives probabilities; mlflow is a folder that MLflow loads as an \
      onnx and as a python_function model. Research use only: no answer is a diagnosis.
      """)

  enum Target: String, ExpressibleByArgument, CaseIterable {
    case onnx, keras, mlflow
  }

  @Option(name: .long, help: "The format: \(Target.allCases.map(\.rawValue).joined(separator: ", ")).")
  var to: Target

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The file, or for mlflow the folder, to write; without it one named like the model, here.", valueName: "path"),
    completion: .file())
  var out: String?

  @Argument(
    help: ArgumentHelp("The model file, or the name of a shipped model.", valueName: "model"),
    completion: .file())
  var model: String

  func validate() throws {
    if let out, to != .mlflow, (out as NSString).pathExtension != to.rawValue {
      throw ValidationError("--out \(out): the name of such a file must end in .\(to.rawValue).")
    }
  }

  mutating func run() throws {
    let url = try ModelLocator(explicit: URL(filePath: model)).locate()
    let export = ModelExport(try Classifier(model: url, kernelUse: .single), version: BuildInformation.current.version)
    let stem = url.deletingPathExtension().lastPathComponent
    switch to {
    case .onnx, .keras:
      let target = URL(filePath: out ?? "\(stem).\(to.rawValue)")
      let data = try to == .onnx ? export.onnx() : export.keras()
      try AtomicFile.write(data, to: target)
      print("\(target.relativePath): \(data.count) bytes")
    case .mlflow:
      let folder = URL(filePath: out ?? stem + "-mlflow", directoryHint: .isDirectory)
      let bytes = try export.write(mlflowTo: folder)
      print("\(folder.relativePath): \(bytes) bytes")
    }
  }
}

import Foundation
import LocalFiles

extension ModelExport {
  /// The files of an MLflow model, by name: one that MLflow 2.7 and later load as `onnx` and as `python_function`.
  ///
  /// `mlflow.pyfunc.load_model(folder).predict(pictures)` takes an array of the shape of `Tensors.pictures` and returns
  /// the ONNX model's outputs by name. Nothing in the files depends on time or place, so that the same model makes the
  /// same files.
  ///
  /// - Returns: names relative to the folder, and contents; `MLmodel` comes last, so that a folder that has it is whole.
  /// - Throws: as `onnx()`.
  public func mlflow() throws -> [(name: String, content: Data)] {
    let texts: [(String, String)] = [
      ("requirements.txt", Self.requirements.map { $0 + "\n" }.joined()),
      ("conda.yaml", Self.condaEnvironment),
      ("python_env.yaml", Self.pythonEnvironment),
      ("input_example.json", Self.inputExample),
      ("MLmodel", mlModel),
    ]
    return [("model.onnx", try onnx())] + texts.map { ($0, Data($1.utf8)) }
  }

  /// Writes an MLflow model into a folder, which is made if it is not there.
  ///
  /// - Returns: the bytes written.
  /// - Throws: `InferenceError.folderInUse` for a folder with other files; `LocalFileError`; as `onnx()`.
  @discardableResult
  public func write(mlflowTo folder: URL) throws -> Int {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
      let found =
        isFolder.boolValue
        ? try FileManager.default.contentsOfDirectory(atPath: folder.path) : [folder.lastPathComponent]
      let foreign = isFolder.boolValue ? found.filter { !Self.mlflowFileNames.contains($0) } : found
      if let first = foreign.sorted().first { throw InferenceError.folderInUse(path: folder.path, file: first) }
    }
    let files = try mlflow()
    for (name, content) in files { try AtomicFile.write(content, to: folder.appending(path: name)) }
    return files.reduce(0) { $0 + $1.content.count }
  }

  /// The flavours that `MLmodel` names.
  public static let mlflowFlavors = ["onnx", "python_function"]

  private static let mlflowFileNames: Set<String> = [
    "model.onnx", "requirements.txt", "conda.yaml", "python_env.yaml", "input_example.json", "MLmodel",
  ]

  /// Opset 17 needs ONNX 1.12 and ONNX Runtime 1.12.
  private static let requirements = ["mlflow>=2.7.1", "numpy", "onnx>=1.12", "onnxruntime>=1.12"]

  private static var condaEnvironment: String {
    """
    channels:
    - conda-forge
    dependencies:
    - python>=3.9
    - pip
    - pip:
    \(requirements.map { "  - \($0)\n" }.joined())name: nefro

    """
  }

  private static let pythonEnvironment = """
    python: 3.11.0
    build_dependencies:
    - pip
    - setuptools
    - wheel
    dependencies:
    - -r requirements.txt

    """

  /// A small grey ramp, in the form of TensorFlow Serving, as MLflow keeps arrays.
  private static var inputExample: String {
    let rows = (0..<8).map { row in
      let pixels = (0..<8).map { column in
        "[" + [String](repeating: "\(32 * row + 4 * column)", count: 3).joined(separator: ", ") + "]"
      }
      return "[" + pixels.joined(separator: ", ") + "]"
    }
    return "{\"inputs\": [[\(rows.joined(separator: ", "))]]}\n"
  }

  private var mlModel: String {
    """
    flavors:
      onnx:
        code: null
        data: model.onnx
        onnx_session_options: null
        onnx_version: 1.12.0
        providers:
        - CPUExecutionProvider
      python_function:
        data: model.onnx
        env:
          conda: conda.yaml
          virtualenv: python_env.yaml
        loader_module: mlflow.onnx
        python_version: 3.11.0
    metadata:
    \(metadataLines)model_uuid: \(classifier.modelDigest.hex.prefix(32))
    saved_input_example_info:
      artifact_path: input_example.json
      format: tf-serving
      type: ndarray
    signature:
      inputs: '[\(Self.tensor("uint8", "-1, -1, -1, 3"))]'
      outputs: '[\(signatureOutputs.joined(separator: ", "))]'

    """
  }

  /// The model file's whole description is in the ONNX file alone. Texts are in JSON's form, which YAML takes whatever
  /// they hold.
  private var metadataLines: String {
    metadata.filter { $0.key != "nefro.description" }.map { "  \($0): \(Self.json($1))\n" }.joined()
  }

  private var signatureOutputs: [String] {
    let rows = "-1, \(classifier.classes.count)"
    var outputs = [
      Self.tensor("float32", rows, name: Tensors.probabilities),
      Self.tensor("float32", rows, name: Tensors.logits),
    ]
    if classifier.gate != nil {
      outputs += [
        Self.tensor("float32", "-1", name: Tensors.gateDistance),
        Self.tensor("float32", "-1", name: Tensors.gateColour),
      ]
    }
    return outputs + [
      Self.tensor("object", "-1", name: Tensors.label), Self.tensor("float32", "-1", name: Tensors.confidence),
      Self.tensor("object", "-1", name: Tensors.decision),
    ]
  }

  /// MLflow's form of a tensor in a signature.
  private static func tensor(_ type: String, _ shape: String, name: String? = nil) -> String {
    let key = name.map { "\"name\": \"\($0)\", " } ?? ""
    return "{\(key)\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"\(type)\", \"shape\": [\(shape)]}}"
  }
}

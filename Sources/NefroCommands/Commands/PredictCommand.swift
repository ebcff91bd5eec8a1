import ArgumentParser
import Foundation
import Inference
import KidneyData
import MedicalImages
import ParallelWork

struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Answer for pictures: the most probable class and every class's probability.",
    discussion: """
      Not every picture gets an answer: a model may be too unsure ("uncertain, refer"), or the picture may be no kidney CT. \
      Both are results with the reason beside them; the exit code is 0 then, and 2 only if a file could not be read. \
      Without --model the first of these is used: NEFRO_MODEL, artifacts/training/model.safetensors here, the shipped \
      model. Research use only: no answer is a diagnosis.
      """)

  @Option(name: .long, help: ArgumentHelp("The model file.", valueName: "file"), completion: .file())
  var model: String?

  @Flag(name: .long, help: "Print one JSON object a line.")
  var json = false

  @Argument(
    help: ArgumentHelp("Pictures, and folders that are searched for pictures.", valueName: "path"),
    completion: .file())
  var paths: [String]

  func validate() throws {
    if paths.isEmpty { throw ValidationError("Name at least one picture or folder.") }
  }

  mutating func run() async throws {
    let url = try ModelLocator(explicit: model.map { URL(filePath: $0) }).locate()
    let files = PictureFiles.find(paths)
    let classifier = try Classifier(model: url, kernelUse: files.count > Self.worthPacking ? .repeated : .single)
    let output = PredictionOutput(json: json, model: url, classifier: classifier)
    let progress = ProgressLine()
    var failures = 0
    for start in stride(from: 0, to: files.count, by: Self.batchSize) {
      let batch = Array(files[start..<min(start + Self.batchSize, files.count)])
      failures += try Self.answer(batch, classifier: classifier, output: output)
      if files.count > Self.batchSize {
        progress.show("Predicting", done: start + batch.count, total: files.count, unit: "images")
      }
    }
    if failures > 0 {
      Terminal.standardError(
        "\(failures) of \(files.count) could not be read"
          + (failures < files.count ? "; the others were answered.\n" : ".\n"))
      throw ExitCode(2)
    }
  }

  private static let batchSize = 16
  /// Up to so many pictures are answered sooner, and in less memory, when no weights are packed for later ones:
  /// packing takes about what transforming them again for four batches does.
  private static let worthPacking = 64

  /// - Returns: how many of the files could not be answered.
  private static func answer(_ files: [String], classifier: Classifier, output: PredictionOutput) throws -> Int {
    let start = DispatchTime.now()
    let decoded = parallelMap(files.count) { place in
      Result { try PictureFiles.read(files[place]) }
    }
    let pictures = decoded.compactMap { try? $0.get() }
    let answers = pictures.isEmpty ? [] : try classifier.answers(for: pictures)
    let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e6
    let milliseconds = elapsed / Double(files.count)
    var next = answers.makeIterator()
    var failures = 0
    for (path, picture) in zip(files, decoded) {
      switch picture {
      case .success:
        if let answer = next.next() { try output.write(path, answer, milliseconds: milliseconds) }
      case .failure(let error):
        failures += 1
        try output.write(path, error: describe(error))
      }
    }
    return failures
  }
}

/// Finds the pictures that paths name.
enum PictureFiles {
  /// Files as they are named, whatever they are called; of folders every picture file in them, sorted.
  ///
  /// A path that does not exist, or a folder without pictures, is kept: reading it will say so.
  static func find(_ paths: [String]) -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        files.append(path)
        continue
      }
      let inside = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
        .filter { name in
          !name.split(separator: "/").contains { $0.hasPrefix(".") }
            && ["jpg", "jpeg", "png"].contains((name as NSString).pathExtension.lowercased())
        }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      // Kept as it is: reading it will say that it holds none.
      guard !inside.isEmpty else {
        files.append(path)
        continue
      }
      files += inside.map { (path.hasSuffix("/") ? path : path + "/") + $0 }
    }
    return files
  }
}

extension PictureFiles {
  /// - Throws: `CommandError.noPictures` for a folder, which `find` keeps if it holds none; `MedicalImageError`.
  static func read(_ path: String) throws -> Picture {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw CommandError.noPictures(folder: path)
    }
    return try PictureReader.read(URL(filePath: path)).picture
  }
}

import ArgumentParser
import Foundation
import Inference
import LocalFiles
import MedicalImages
import NeuralNetworks

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Draw where in pictures the evidence for an answer lies.",
    discussion: """
      gradcam is one pass through the network; occlusion covers one place after the other and takes some hundred; \
      contributions adds up what each place gives to a linear head on statistics of layers, such as the shipped models'; \
      activations shows all channels of a layer. Evidence is what the model looks at, right or wrong: it is no proof \
      that a finding is there. On drawn tumours the shipped two-class model's evidence peaks in the tumour no more often \
      than chance. Research use only.
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case gradcam, occlusion, contributions, activations
  }

  @Option(
    name: .long, help: ArgumentHelp("The model file; without it the one predict would use.", valueName: "file"),
    completion: .file())
  var model: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How: \(Method.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "method"))
  var method = Method.gradcam

  @Option(
    name: .long,
    help: ArgumentHelp("A layer of the base; without it the last convolution.", valueName: "name"))
  var layer: String?

  @Option(
    name: [.customLong("class")],
    help: ArgumentHelp("The class whose evidence is drawn; without it the most probable.", valueName: "name"))
  var className: String?

  @Option(name: .long, help: ArgumentHelp("The opacity of the largest evidence, 0 to 1.", valueName: "share"))
  var opacity: Float = 0.6

  @Option(
    name: .long, help: ArgumentHelp("The folder to write PNG files to.", valueName: "folder"),
    completion: .directory)
  var out: String

  @Flag(name: .long, help: "Print one JSON object a line.")
  var json = false

  @Argument(
    help: ArgumentHelp("Pictures, and folders that are searched for pictures.", valueName: "path"),
    completion: .file())
  var paths: [String]

  func validate() throws {
    if paths.isEmpty { throw ValidationError("Name at least one picture or folder.") }
    guard (0...1).contains(opacity) else { throw ValidationError("--opacity \(opacity): must be 0 to 1.") }
    if method == .occlusion || method == .contributions, layer != nil {
      throw ValidationError(
        "--layer belongs to gradcam and activations; \(method.rawValue) looks at "
          + (method == .occlusion ? "the picture itself." : "all layers that the model does."))
    }
    if method == .activations, className != nil {
      throw ValidationError("--class belongs to the other methods; activations are the same for every class.")
    }
  }

  mutating func run() async throws {
    let url = try ModelLocator(explicit: model.map { URL(filePath: $0) }).locate()
    let explainer = Explainer(try Classifier(model: url))
    let classes = explainer.classifier.classes
    if let className, !classes.contains(className) {
      throw CommandError.unknownClass(name: className, known: classes)
    }
    if method == .contributions, !explainer.hasContributions {
      throw CommandError.noContributions(model: url.relativePath)
    }
    if method == .gradcam, explainer.hasContributions {
      Terminal.standardError(
        "This model's head is linear on statistics of several layers, of which Grad-CAM sees only what goes through one; "
          + "--method contributions draws all of it.\n")
    }
    let layer = layer ?? explainer.defaultLayer
    guard explainer.layerNames.contains(layer) else { throw explainer.refusal(of: layer) }
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let output = ExplanationOutput(json: json, model: url, classifier: explainer.classifier)
    var names = UniqueNames()
    var failures = 0
    let files = PictureFiles.find(paths)
    for file in files {
      do {
        let picture = try PictureFiles.read(file)
        let line = try explain(picture, file, by: explainer, method, layer: layer, into: folder, names: &names)
        try output.write(line)
      } catch let error where error is MedicalImageError || error is CommandError {
        failures += 1
        try output.write(file, error: describe(error))
      }
    }
    if failures > 0 {
      Terminal.standardError("\(failures) of \(files.count) could not be read.\n")
      throw ExitCode(2)
    }
  }

  private func explain(
    _ picture: Picture, _ file: String, by explainer: Explainer, _ method: Method, layer: String, into folder: URL,
    names: inout UniqueNames
  ) throws -> ExplanationOutput.Line {
    let pixels = explainer.pixels(of: picture)
    let classifier = explainer.classifier
    let answer = try classifier.answers(for: [picture])[0]
    let explained = className ?? answer.label
    let index = classifier.classes.firstIndex(of: explained) ?? 0
    let drawn: Picture
    var map: EvidenceMap?
    switch method {
    case .gradcam:
      map = try explainer.gradCAM(of: pixels, classIndex: index, layer: layer)
    case .occlusion:
      let progress = ProgressLine()
      map = try explainer.occlusion(of: pixels, classIndex: index) { done, total in
        progress.show("Covering \(file)", done: done, total: total, unit: "places")
      }
    case .contributions:
      map = try explainer.contributions(of: pixels, classIndex: index)
    case .activations: break
    }
    if let map {
      drawn = EvidenceOverlay.draw(map, over: picture, opacity: opacity)
    } else {
      drawn = try explainer.activations(of: pixels, layer: layer)
    }
    let name = names.unique((file as NSString).lastPathComponent as NSString, method.rawValue)
    let target = folder.appending(path: name)
    try AtomicFile.write(PictureWriter.png(drawn), to: target)
    let peak = map?.resized(height: picture.height, width: picture.width).peak
    return ExplanationOutput.Line(
      path: file, label: answer.label,
      probabilities: Dictionary(uniqueKeysWithValues: zip(answer.classes, answer.probabilities)),
      method: method.rawValue, layer: method == .gradcam || method == .activations ? layer : nil, explained: map == nil ? nil : explained,
      strength: map?.strength, peak: peak, file: target.relativePath, decision: answer.decision, reason: answer.reason)
  }
}

/// File names that do not repeat within one run: pictures of two folders may be called alike.
struct UniqueNames {
  private var used: Set<String> = []

  /// - Returns: `name.method.png`, with a number before the method if that is taken.
  mutating func unique(_ file: NSString, _ method: String) -> String {
    let stem = file.deletingPathExtension
    var name = "\(stem).\(method).png"
    var number = 2
    while !used.insert(name).inserted {
      name = "\(stem).\(number).\(method).png"
      number += 1
    }
    return name
  }
}

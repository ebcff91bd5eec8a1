import Digests
import Evaluation
import Foundation
import RandomStreams
import Tracking

/// Runs of all kinds and sizes, drawn from a seed; some leave models, which are registered.
struct RandomRuns {
  let store: RunStore
  let folder: URL
  let seed: UInt64

  /// The registered model's name.
  var model: String { "kidney-\(seed)" }

  /// In place of the program's own, which wants a network: the folder holds the model's text.
  static let packager = ModelPackager(flavors: ["onnx", "python_function"]) { model in
    let text = try String(contentsOf: model, encoding: .utf8)
    return [
      ("model.onnx", Data("packed \(text)".utf8)),
      ("MLmodel", Data("flavors:\n  onnx:\n    data: \(text.prefix(20))\n".utf8)),
    ]
  }

  /// Records one run.
  ///
  /// - Parameter parent: the run it is a part of.
  func record(_ index: Int, parent: RunID? = nil) throws -> RunID {
    var draw = RandomStream(seed: seed, UInt64(index))
    func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &draw) < share }
    var parameters = ["EPOCHS": "\(index)", "LEARNING_RATE": "0.01", "empty": "", "módulo: ñ": "á\"/\\\n☃"]
    for number in 0..<Int.random(in: 0...130, using: &draw) { parameters["p/\(number)"] = "\(draw.next())" }
    if chance(0.3) { parameters["long"] = String(repeating: "ñá☃ ", count: 300) }
    var tags = [
      "git.commit": "0123abcd", "seed": "\(seed)", "data.training.digest": String(repeating: "a1", count: 32),
    ]
    for number in 0..<Int.random(in: 0...110, using: &draw) { tags["t.\(number)"] = "\(number)" }
    if chance(0.2) { tags["log"] = String(repeating: "x", count: 9001) }
    let isModel = chance(0.3)
    // Some have the folder that MLflow loads among their artifacts, of some it is made when they are sent.
    let isPacked = isModel && chance(0.5)
    let recorder = try store.begin(
      isPacked ? .train : RunKind.allCases.randomElement(using: &draw)!, name: "run \(index)", parent: parent,
      parameters: parameters,
      tags: tags)
    let start = Date().timeIntervalSince1970
    for epoch in 1...Int.random(in: chance(0.1) ? 300...500 : 1...20, using: &draw) {
      try recorder.log(
        ["loss", "val loss", "val/auc", "learning rate (%)"].map {
          let value = chance(0.02) ? Double.nan : chance(0.02) ? -.infinity : Double.random(in: 0..<1, using: &draw)
          return MetricPoint(
            key: $0, step: epoch, time: Date(timeIntervalSince1970: start + Double(epoch)), value: value)
        })
    }
    try recorder.log(figures: [
      "auc": Metric(
        value: Double.random(in: 0..<1, using: &draw), low: 0.1, high: 0.9, method: "jackknife", images: 47, series: 12),
      "loss": Metric(value: 0.3, low: nil, high: nil, method: "no interval: 3 series", images: 47, series: 3),
    ])
    for (path, text) in [("scores/scores.json", "{\"run\":\(index)}"), ("curvas/pérdida 1%.svg", "<svg/>")] {
      try add(text, as: path, to: recorder)
    }
    let weights = String(repeating: "weights \(index) ", count: 40_000)
    if isPacked {
      try add(weights, as: RunArtifact.model, to: recorder)
    } else if isModel {
      try add(
        "flavors:\n  onnx:\n    data: model.onnx\n  python_function:\n    env: x\nrun_id: \(index)\n",
        as: "model/MLmodel", to: recorder)
      try add(weights, as: "model/model.onnx", to: recorder)
    }
    let isFinished = chance(0.8)
    try recorder.finish(isFinished ? .finished : .failed, failure: nil)
    if isModel, isFinished { try register(weights, run: recorder.id) }
    return recorder.id
  }

  private func register(_ content: String, run: RunID) throws {
    let file = folder.appending(path: UUID().uuidString)
    try Data(content.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let registry = ModelRegistry(store: store)
    let version = try registry.register(
      [.model: file], as: model, identity: ContentDigest(of: content), run: run
    ).version
    try registry.promote(version, to: ModelAlias.challenger, passed: true, reasons: [])
  }

  private func add(_ text: String, as path: String, to recorder: RunRecorder) throws {
    let file = folder.appending(path: UUID().uuidString)
    try Data(text.utf8).write(to: file)
    try recorder.add(file, as: path)
    try FileManager.default.removeItem(at: file)
  }
}

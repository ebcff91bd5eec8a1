import Evaluation
import Foundation
import RandomStreams
import Tracking

/// Runs of all kinds and sizes, drawn from a seed.
struct RandomRuns {
  let store: RunStore
  let folder: URL
  let seed: UInt64

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
    if isModel {
      tags[MirrorTags.registeredModel] = "kidney-\(seed)"
      tags[MirrorTags.modelAliases] = "challenger"
    }
    let recorder = try store.begin(
      RunKind.allCases.randomElement(using: &draw)!, name: "run \(index)", parent: parent, parameters: parameters,
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
    if isModel {
      try add(
        "flavors:\n  onnx:\n    data: model.onnx\n  python_function:\n    env: x\nrun_id: \(index)\n",
        as: "model/MLmodel", to: recorder)
      try add(String(repeating: "weights \(index) ", count: 40_000), as: "model/model.onnx", to: recorder)
    }
    try recorder.finish(chance(0.8) ? .finished : .failed, failure: nil)
    return recorder.id
  }

  private func add(_ text: String, as path: String, to recorder: RunRecorder) throws {
    let file = folder.appending(path: UUID().uuidString)
    try Data(text.utf8).write(to: file)
    try recorder.add(file, as: path)
    try FileManager.default.removeItem(at: file)
  }
}

import Foundation
import Inference
import MedicalImages
import Serving
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PredictionQueueTests {
  private static func queue(batch: Int = 8) -> (queue: PredictionQueue, measurements: ServingMeasurements) {
    var limits = ServingLimits()
    limits.batch = batch
    let measurements = ServingMeasurements(started: Date())
    return (PredictionQueue(limits: limits, measurements: measurements), measurements)
  }

  private static func passes(_ measurements: ServingMeasurements, _ model: ServedModel) -> (count: Int, pictures: Int) {
    let text = measurements.text(queue: 0, capacity: 0, memory: 0, model: model.identity)
    func value(_ name: String) -> Int {
      text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Int($0.split(separator: " ")[1]) } ?? -1
    }
    return (value("nefro_batch_pictures_count"), value("nefro_batch_pictures_sum"))
  }

  @Test func `what waits while a pass runs shares the next one, and nobody's answers are mixed up`() async throws {
    let (queue, measurements) = Self.queue()
    let model = try ServedModel(SmallModels.classifier(), name: "a")
    let pictures = (0..<40).map { SmallModels.picture($0) }
    let expected = try model.classifier.answers(for: pictures)
    // The network is busy until all have come.
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let busy = await BusyNetwork(queue)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for first in stride(from: 0, to: 40, by: 4) {
        group.addTask {
          let answers = try await queue.answers(for: Array(pictures[first..<first + 4]), by: model)
          #expect(answers == Array(expected[first..<first + 4]))
        }
      }
      group.addTask {
        while queue.waiting < 40 { try await Task.sleep(for: .milliseconds(1)) }
        open.finish()
      }
      for await _ in gate {}
      try await busy.goOn()
      try await group.waitForAll()
    }
    let passes = Self.passes(measurements, model)
    #expect(passes.count == 5 && passes.pictures == 40)
    #expect(queue.waiting == 0)
  }

  @Test func `one slice does not wait for somebody's three hundred`() async throws {
    let (queue, measurements) = Self.queue(batch: 4)
    let model = try ServedModel(SmallModels.classifier(), name: "a")
    let busy = await BusyNetwork(queue)
    async let many = queue.answers(for: (0..<300).map { SmallModels.picture($0 % 50) }, by: model)
    try await BusyNetwork.until("three hundred wait") { queue.waiting == 300 }
    async let one = queue.answers(for: [SmallModels.picture(7)], by: model)
    try await BusyNetwork.until("and one more") { queue.waiting == 301 }
    // After the next pass, the network is busy once more.
    let second = Task { await BusyNetwork(queue) }
    try await BusyNetwork.until("the second one waits for its turn") { queue.worksWaiting == 1 }
    try await busy.goOn()
    _ = try await one
    let stop = await second.value
    let passes = Self.passes(measurements, model)
    #expect(passes.count == 1 && passes.pictures == 4)
    try await stop.goOn()
    #expect(try await many.count == 300)
  }

  @Test func `a request is answered to its end by the model it began with`() async throws {
    let (queue, _) = Self.queue(batch: 3)
    let models = try [1, 2].map { try ServedModel(SmallModels.classifier(seed: $0), name: "model \($0)") }
    let pictures = (0..<10).map { SmallModels.picture($0) }
    let expected = try models.map { try $0.classifier.answers(for: pictures) }
    #expect(expected[0] != expected[1])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask {
          let answers = try await queue.answers(for: pictures, by: models[number % 2])
          #expect(answers == expected[number % 2])
        }
      }
      try await group.waitForAll()
    }
  }
}

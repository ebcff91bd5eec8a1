import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct PredictTests {
  struct Line: Decodable {
    var path: String
    var label: String?
    var probabilities: [String: Double]?
    var decision: String?
    var reason: String?
    var milliseconds: Double?
    var error: String?
    var model: Model?

    struct Model: Decodable {
      var name: String
      var digest: String
      var gate: Bool
    }
  }

  private func lines(_ text: String) throws -> [Line] {
    try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test func `pictures and folders are answered one JSON line each, and one that cannot be read does not stop the rest`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)

      let all = try project.program.run("predict", "--json", "hospital", expecting: 0)
      let answers = try lines(all.output)
      #expect(answers.count > 30)
      for answer in answers {
        let probabilities = try #require(answer.probabilities)
        #expect(Set(probabilities.keys) == ["Normal", "Tumor"])
        #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-9)
        #expect(answer.label == probabilities.max { $0.value < $1.value }?.key)
        #expect(answer.decision == "answered")
        #expect(answer.reason?.isEmpty == false)
        #expect(try #require(answer.milliseconds) > 0)
        #expect(answer.model?.digest.count == 64 && answer.model?.gate == false)
      }
      let plain = try project.program.run("predict", answers[0].path, expecting: 0)
      #expect(plain.error.contains("no gate: nothing checks whether a picture is a kidney CT"))

      try "no picture".write(to: project.url("text.jpg"), atomically: true, encoding: .utf8)
      let first = answers[0].path
      let mixed = try project.program.run("predict", "--json", first, "text.jpg", "missing.png", first)
      #expect(mixed.code == 2)
      let found = try lines(mixed.output)
      #expect(found.map(\.path) == [first, "text.jpg", "missing.png", first])
      #expect(found[0].probabilities == answers[0].probabilities)
      #expect(found[3].probabilities == answers[0].probabilities)
      #expect(found[1].error?.contains("text.jpg") == true)
      #expect(found[2].error?.contains("missing.png") == true)
      #expect(found[1].label == nil)

      // From another folder, by name and by environment.
      let elsewhere = NefroProgram(folder: folder, environment: ["NEFRO_MODEL": "project/model/model.safetensors"])
      let model = project.url("artifacts/training/model.safetensors").path
      let named = try NefroProgram(folder: folder).run("predict", "--json", "--model", model, "project/\(first)", expecting: 0)
      #expect(try lines(named.output)[0].probabilities == answers[0].probabilities)
      let environment = try elsewhere.run("predict", "--json", "project/\(first)", expecting: 0)
      #expect(try lines(environment.output)[0].probabilities == answers[0].probabilities)
      // Without either the model answers that is shipped with the program.
      let shipped = try NefroProgram(folder: folder).run("predict", "project/\(first)")
      #expect(shipped.code == 0)
      #expect(shipped.error.contains("Models/kidney-two-class.safetensors") && !shipped.error.contains("no gate"))
      let empty = try NefroProgram(folder: folder).run("predict", "--model", model, "project/config")
      #expect(empty.code == 2)
      #expect(empty.error.contains("There is no picture"))
    }
  }

  @Test func `a damaged, foreign or unfitting model is refused`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      let whole = try project.bytes("artifacts/training/model.safetensors")
      let picture = "hospital/Normal/Normal- (1).jpg"
      func refusal(_ bytes: Data) throws -> String {
        try bytes.write(to: project.url("changed.safetensors"))
        let outcome = try project.program.run("predict", "--model", "changed.safetensors", picture)
        #expect(outcome.code == 1)
        #expect(outcome.output.isEmpty)
        return outcome.error
      }
      #expect(try refusal(whole.prefix(whole.count - 1)).contains("changed.safetensors"))
      #expect(try refusal(whole.prefix(100)).contains("changed.safetensors"))
      #expect(try refusal(Data("no model".utf8)).contains("changed.safetensors"))
      var flipped = whole
      flipped[flipped.count - 5] ^= 1
      #expect(try refusal(flipped).contains("is damaged or was changed"))
      let text = String(decoding: whole, as: UTF8.self)
      #expect(text.contains("imagenet"))
      let header = try #require(whole.range(of: Data("-imagenet-v1".utf8)))
      #expect(try refusal(whole.replacing(header, with: Data("-imagenet-v9".utf8))).contains("is damaged or was changed"))
      #expect(try refusal(project.bytes("artifacts/prepare_base_model/base_model.safetensors")).contains("is not a Nefro model"))

      // A base with other weights does not fit.
      let lonely = folder.appending(path: "lonely")
      try FileManager.default.createDirectory(at: lonely, withIntermediateDirectories: true)
      try whole.write(to: lonely.appending(path: "model.safetensors"))
      let store = NefroProgram(folder: folder, environment: ["XDG_CACHE_HOME": folder.appending(path: "empty").path])
      let outcome = try store.run("predict", "--model", "lonely/model.safetensors", "project/\(picture)")
      #expect(outcome.code == 1)
      #expect(outcome.error.contains("Run `nefro weights fetch vgg16`"))
    }
  }
}

extension Data {
  func replacing(_ range: Range<Int>, with other: Data) -> Data {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

import Digests
import Foundation
import Inference
import NeuralNetworks
import TestSupport
import Testing

/// Files that are no models, or no longer the ones that were written.
@Suite struct ModelDamageTests {
  /// Opens changed bytes of a model and hands over what was thrown.
  private func error(_ change: (inout Data) throws -> Void) throws -> (any Error)? {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      var bytes = try Data(contentsOf: url)
      try change(&bytes)
      try bytes.write(to: url)
      return #expect(throws: (any Error).self) { try ModelFile(url) }
    }
  }

  /// Writes a model of which the description or the metadata are not as they should be, and opens it.
  private func refusal(
    _ description: ModelDescription = Models.description(), metadata: ([String: String]) -> [String: String] = { $0 }
  ) throws -> InferenceError? {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try ModelFile.write(Models.network(), description: description, to: url)
      let file = try SafetensorsFile(url)
      try SafetensorsFile.write(
        to: url, tensors: file.names.map { ($0, try file.tensor($0)) }, metadata: metadata(file.metadata))
      return #expect(throws: InferenceError.self) { try ModelFile(url) }
    }
  }

  @Test func `a model cut at any offset is refused with its path`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      let whole = try Data(contentsOf: url)
      for count in 0..<whole.count {
        try whole.prefix(count).write(to: url)
        let error = #expect(throws: (any Error).self, "\(count) bytes") { try ModelFile(url) }
        #expect("\(try #require(error))".contains(url.path), "\(count) bytes")
      }
      try whole.write(to: url)
      _ = try ModelFile(url)
    }
  }

  @Test func `a model with any one byte changed is refused with its path`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      let whole = try Data(contentsOf: url)
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= 1 << UInt8(place % 8)
        try bytes.write(to: url)
        let error = #expect(throws: (any Error).self, "byte \(place), bit \(place % 8)") { try ModelFile(url) }
        #expect("\(try #require(error))".contains(url.path), "byte \(place)")
      }
    }
  }

  @Test func `a changed weight is damage, and the error tells both digests and what to do`() throws {
    let error = try #require(try error { $0[$0.count - 1] ^= 1 } as? InferenceError)
    guard case .damaged(_, let expected, let actual) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(expected != actual)
    #expect(error.description.contains(expected.prefix(12)) && error.description.contains(actual.prefix(12)))
    #expect(error.description.contains("Restore it from a copy, or train again"))
  }

  @Test func `bytes behind the last tensor are refused`() throws {
    #expect(try error { $0.append(0) } is NeuralNetworkError)
  }

  @Test func `an edited description is damage`() throws {
    let refusal = try refusal { metadata in
      metadata.mapValues { $0.replacingOccurrences(of: "Tumor", with: "Tumour") }
    }
    guard case .damaged = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
  }

  @Test(arguments: ["nefro.format", "nefro.description", "nefro.digest"])
  func `a safetensors file that lacks what a model says of itself is no model`(key: String) throws {
    let refusal = try refusal { metadata in metadata.filter { $0.key != key } }
    guard case .notAModel(_, let reason) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(reason.contains(key))
  }

  @Test func `another format is refused by name`() throws {
    let refusal = try refusal { $0.merging(["nefro.format": "nefro-model-2"]) { $1 } }
    #expect(refusal?.description.contains("'nefro-model-2', this version reads 'nefro-model-1'") == true)
  }

  @Test func `a preprocessing that this program would do otherwise is refused`() throws {
    var description = Models.description()
    description.preprocessingIdentity = "rgb-8x8-bilinear-imagenet-v2"
    let refusal = try refusal(description)
    guard
      case .unknownPreprocessing(_, "rgb-8x8-bilinear-imagenet-v2", "rgb-8x8-bilinear-imagenet-v1") = refusal
    else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(refusal?.description.contains("train again") == true)
  }

  @Test func `a preprocessing that this program has never heard of is refused`() throws {
    let text = try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      return try #require(try SafetensorsFile(url).metadata["nefro.description"])
    }
    // With a right digest, as a newer version would write it.
    let newer = text.replacingOccurrences(of: "\"imagenet\"", with: "\"caffe\"")
    #expect(newer != text)
    let refusal = try refusal { metadata in
      var metadata = metadata
      metadata["nefro.description"] = newer
      metadata["nefro.digest"] = Self.digest(description: newer, of: try? Models.network()).hex
      return metadata
    }
    guard case .notAModel(_, let reason) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(reason.contains("its description cannot be read") && reason.contains("caffe"))
  }

  @Test(arguments: [[], ["Tumor"], ["Tumor", "Tumor"]])
  func `a model without two different classes is refused`(classes: [String]) throws {
    let refusal = try refusal(Models.description(classes: classes))
    #expect(refusal?.description.contains("names \(classes.count) classes") == true)
  }

  @Test(
    arguments: [
      (1.5, 0.8, 0.1, "least confidence"), (-0.1, 0.8, 0.1, "least confidence"), (0.7, 2, 0.1, "coverage"),
      (0.7, 0.8, -1, "risk"), (nil, 0.8, 0.1, "no least confidence"),
    ] as [(Double?, Double, Double?, String)])
  func `an abstention whose numbers cannot be is refused`(
    least: Double?, coverage: Double, risk: Double?, words: String
  ) throws {
    var description = Models.description()
    description.decision = DecisionRule(
      operatingPoint: nil,
      abstention: .init(leastConfidence: least, rule: "a rule", coverage: coverage, risk: risk, images: 60, series: 12),
      notes: [])
    let refusal = try refusal(description)
    guard case .notAModel(_, let reason) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(reason.contains("abstention") && reason.contains(words))
  }

  @Test func `a file that is not there is missing, and one of another kind is named`() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appending(path: "none.safetensors")
      #expect(throws: InferenceError.missingModel(path: missing.path)) { try ModelFile(missing) }

      let text = folder.appending(path: "model.txt")
      try Data("This is not a model, but long enough to be one.".utf8).write(to: text)
      #expect(throws: NeuralNetworkError.self) { try ModelFile(text) }

      let base = folder.appending(path: "base.safetensors")
      try Models.storeBase(Models.baseDigest, at: base)
      let error = #expect(throws: InferenceError.self) { try ModelFile(base) }
      #expect(error?.description.contains("is not a Nefro model") == true)
    }
  }

  /// The digest as the format defines it: the format's name, the description, then each tensor's name, shape and bytes.
  private static func digest(description: String, of network: ClassifierNetwork?) -> ContentDigest {
    var content = Data("nefro-model-1\n\(description)\n".utf8)
    for parameter in (network?.head.parameters ?? []).sorted(by: { $0.name < $1.name }) {
      content.append(Data("\(parameter.name) \(parameter.shape)\n".utf8))
      parameter.value.withUnsafeValues { content.append(Data(UnsafeRawBufferPointer($0))) }
    }
    return ContentDigest(of: content)
  }
}

import Foundation
import Inference
import NeuralNetworks
import TestSupport
import Testing

/// Models whose gate is not as it should be, though their digest is right.
@Suite struct GateDamageTests {
  private static let gate = Gate(
    record: .init(
      layer: "block1_pool", features: 5, directions: 2, residualVariance: 0.5, threshold: 3, largestColour: 2,
      fit: .init(
        images: 40, series: 8, changedImages: 0, wantedRefusals: 0.015, heldOutRefusals: 0.02, folds: 4, warning: nil)),
    mean: [1, 2, 3, 4, 5], directions: [1, 0, 0, 0, 0, 0, 1, 0, 0, 0], variances: [2, 1])

  private func write(_ gate: Gate, to url: URL) throws {
    var description = Models.description()
    description.gate = gate.record
    try ModelFile.write(Models.network(), description: description, gate: gate, to: url)
  }

  /// Writes a model, changes its tensors, gives it the digest of what it holds now, and opens it.
  private func refusal(_ change: (inout [String: Tensor]) -> Void) throws -> InferenceError? {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try write(Self.gate, to: url)
      try Models.rewrite(url, change)
      return #expect(throws: InferenceError.self) { try ModelFile(url) }
    }
  }

  @Test func `a gate comes back as it was written`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try write(Self.gate, to: url)
      #expect(try ModelFile(url).gate == Self.gate)
      try Models.rewrite(url) { _ in }
      #expect(try ModelFile(url).gate == Self.gate, "writing it again changes nothing")
    }
  }

  @Test(arguments: ["gate/mean", "gate/directions", "gate/variances"])
  func `a gate's tensor that is missing, cut or of another shape is named with both shapes`(name: String) throws {
    for shape in [nil, [1], [5, 2], [2, 5, 1]] as [[Int]?] {
      let error = try refusal { $0[name] = shape.map { Tensor(shape: $0) } }
      guard case .wrongTensor(_, name, let expected, shape) = error else {
        Issue.record("\(String(describing: shape)): \(String(describing: error))")
        continue
      }
      #expect(expected == (name == "gate/mean" ? [5] : name == "gate/variances" ? [2] : [2, 5]))
      #expect(error?.description.contains("'\(name)'") == true)
    }
  }

  @Test(
    arguments: ["gate/mean", "gate/directions", "gate/variances"], [Float.nan, .infinity, -.infinity])
  func `a number that is not finite is refused with its tensor`(name: String, number: Float) throws {
    let error = try refusal { tensors in
      let tensor = tensors[name]!
      var values = tensor.values
      values[values.count - 1] = number
      tensors[name] = Tensor(shape: tensor.shape, values: values)
    }
    guard case .notAModel(let path, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path.hasSuffix("model.safetensors") && reason.contains("'\(name)' has numbers that are not finite"))
  }

  @Test(arguments: [Float(0), -1]) func `a variance that is not above 0 is refused`(variance: Float) throws {
    let error = try refusal { $0["gate/variances"] = Tensor(shape: [2], values: [1, variance]) }
    #expect(error?.description.contains("variance that is not above 0") == true)
  }

  @Test func `a gate's tensors without a gate in the description are refused when the model is loaded`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      try Models.rewrite(url) { $0["gate/mean"] = Tensor(shape: [5]) }
      let file = try ModelFile(url)
      #expect(file.gate == nil)
      let error = #expect(throws: InferenceError.self) { try file.load(into: Models.network()) }
      #expect(error?.description.contains("'gate/mean' that its description does not explain") == true)
    }
  }

  @Test(
    arguments: [
      (2, 0.5, 0, 2), (2, 0.5, -3, 2), (2, 0, 3, 2), (2, -0.5, 3, 2), (2, 0.5, 3, -1), (5, 0.5, 3, 2),
    ] as [(Int, Double, Double, Double)])
  func `a gate whose record cannot be is refused`(
    directions: Int, variance: Double, threshold: Double, colour: Double
  ) throws {
    try withTemporaryFolder { folder in
      var record = Self.gate.record
      (record.directions, record.residualVariance, record.threshold, record.largestColour) =
        (directions, variance, threshold, colour)
      let url = folder.appending(path: "model.safetensors")
      try write(
        Gate(
          record: record, mean: Self.gate.mean, directions: [Float](repeating: 0, count: directions * 5),
          variances: [Float](repeating: 1, count: directions)), to: url)
      let error = #expect(throws: InferenceError.self) { try ModelFile(url) }
      #expect(error?.description.contains("its gate") == true)
    }
  }

  @Test func `a model with a gate that is cut is refused with its path`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try write(Self.gate, to: url)
      let whole = try Data(contentsOf: url)
      for count in stride(from: 0, to: whole.count, by: 5) {
        try whole.prefix(count).write(to: url)
        let error = #expect(throws: (any Error).self, "\(count) bytes") { try ModelFile(url) }
        #expect("\(try #require(error))".contains(url.path), "\(count) bytes")
      }
    }
  }
}

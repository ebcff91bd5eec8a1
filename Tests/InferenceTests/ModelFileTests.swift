import Digests
import Foundation
import Inference
import NeuralNetworks
import TestSupport
import Testing

@Suite struct ModelFileTests {
  @Test(arguments: HeadKind.trainable)
  func `a model that is written and read again is the same`(head: HeadKind) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let written = try Models.network(head)
      let description = Models.description(head)
      let digest = try ModelFile.write(written, description: description, to: url)

      let file = try ModelFile(url)
      #expect(file.description == description)
      #expect(file.digest == digest)
      let read = try ClassifierNetwork(
        base: Models.base(seed: 1), headKind: head, dropout: 0.5, classCount: 2, seed: 99)
      #expect(read.head.parameters.map(\.value) != written.head.parameters.map(\.value))
      try file.load(into: read)
      #expect(read.head.parameters.map(\.name) == written.head.parameters.map(\.name))
      #expect(read.head.parameters.map(\.value) == written.head.parameters.map(\.value))
    }
  }

  @Test func `a model holds its head alone when the base was frozen, and the layers that were trained else`() throws {
    try withTemporaryFolder { folder in
      let network = try Models.network()
      func tensors(trainableFrom: String?) throws -> [String] {
        let url = folder.appending(path: "model.safetensors")
        try ModelFile.write(network, description: Models.description(trainableFrom: trainableFrom), to: url)
        return try SafetensorsFile(url).names
      }
      let head = ["head/bias", "head/kernel", "standardization/mean", "standardization/scale"]
      #expect(try tensors(trainableFrom: nil) == head)
      #expect(try tensors(trainableFrom: "block1_conv1") == ["block1_conv1/bias", "block1_conv1/kernel"] + head)
    }
  }

  @Test func `layers of the base that were trained come from the model, not from the base`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let trained = try Models.network()
      try ModelFile.write(trained, description: Models.description(trainableFrom: "block1_conv1"), to: url)
      let fresh = try ClassifierNetwork(
        base: Models.base(seed: 2), headKind: .pooled, dropout: 0.5, classCount: 2, seed: 0)
      #expect(fresh.base.parameters.map(\.value) != trained.base.parameters.map(\.value))
      try ModelFile(url).load(into: fresh)
      #expect(fresh.base.parameters.map(\.value) == trained.base.parameters.map(\.value))
    }
  }

  @Test func `the same model has the same bytes, and every part of it is in the digest`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "first"), folder.appending(path: "second"))
      let digest = try Models.write(to: first)
      #expect(try Models.write(to: second) == digest)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))

      var otherRecord = Models.description()
      otherRecord.training.epochs += 1
      #expect(try ModelFile.write(Models.network(), description: otherRecord, to: second) != digest)
      #expect(try ModelFile.write(Models.network(seed: 8), description: Models.description(), to: second) != digest)
      let shifted = try Models.network()
      shifted.standardization?.mean.update { $0[4] += 1 }
      #expect(try ModelFile.write(shifted, description: Models.description(), to: second) != digest)
    }
  }

  @Test func `a failed write leaves the old model`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "missing/model.safetensors")
      try Data("a file where a folder is needed".utf8).write(to: folder.appending(path: "missing"))
      #expect(throws: (any Error).self) { try Models.write(to: url) }
      #expect(
        try String(contentsOf: folder.appending(path: "missing"), encoding: .utf8) == "a file where a folder is needed")
    }
  }

  // MARK: - Networks it does not fit

  @Test func `a network with another number of classes is refused`() throws {
    try expectWrongTensor("head/kernel", expected: [5, 3], actual: [5, 2], into: Models.network(classCount: 3))
  }

  @Test func `a network with another head is refused`() throws {
    try expectWrongTensor("head/kernel", expected: [80, 2], actual: [5, 2], into: Models.network(.flatten))
  }

  @Test func `a description that names more than the file holds is refused`() throws {
    try withTemporaryFolder { folder in
      // Written from a network whose base has no such layer, so that the file lacks its tensors.
      let url = folder.appending(path: "model.safetensors")
      let bare = try ClassifierNetwork(
        base: Network(
          inputShape: [8, 8, 5], layers: [MaxPooling2D(name: "block1_pool", window: 2)]),
        headKind: .pooled, dropout: 0.5, classCount: 2, seed: 0)
      try ModelFile.write(bare, description: Models.description(trainableFrom: "block1_conv1"), to: url)
      let file = try ModelFile(url)
      let error = #expect(throws: InferenceError.self) { try file.load(into: Models.network()) }
      #expect(
        error
          == .wrongTensor(path: url.path, name: "block1_conv1/kernel", expected: [3, 3, 3, 5], actual: nil))
      #expect(error?.description.contains("is not there") == true)
    }
  }

  @Test func `a file that holds more than its description names is refused`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      let file = try ModelFile(url)
      let flat = try ClassifierNetwork(
        base: Network(
          inputShape: [1, 1, 5], layers: [MaxPooling2D(name: "pool", window: 1)]),
        headKind: .flatten, dropout: 0, classCount: 2, seed: 0)
      let error = #expect(throws: InferenceError.self) { try file.load(into: flat) }
      guard case .notAModel(url.path, let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(reason.contains("standardization/mean"))
    }
  }

  private func expectWrongTensor(
    _ name: String, expected: [Int], actual: [Int], into network: ClassifierNetwork
  ) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try Models.write(to: url)
      let file = try ModelFile(url)
      let error = #expect(throws: InferenceError.self) { try file.load(into: network) }
      #expect(error == .wrongTensor(path: url.path, name: name, expected: expected, actual: actual))
      #expect(error?.description.contains("another number of classes") == true)
    }
  }
}

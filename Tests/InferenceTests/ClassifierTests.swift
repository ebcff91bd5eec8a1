import Backbones
import Digests
import Foundation
import Inference
import MedicalImages
import NeuralNetworks
import TensorKernels
import TestSupport
import Testing

@Suite struct ClassifierTests {
  private static let side = 32

  /// A VGG-16 of drawn weights in a file, beside a model of a drawn head.
  private func withModel(
    classes: [String] = ["Normal", "Tumor"], _ body: (_ model: URL, _ base: URL) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let base = folder.appending(path: "base_model.safetensors")
      let stored = try StoredWeights.drawn(seed: 3, to: base)
      let model = folder.appending(path: "model.safetensors")
      let network = try ClassifierNetwork(
        base: VGG16.convolutionBase(weights: stored.file(), inputShape: [Self.side, Self.side, 3]), headKind: .pooled,
        dropout: 0.5, classCount: 2, seed: 5)
      let description = Models.description(
        classes: classes, side: Self.side, baseDigest: stored.digest)
      try ModelFile.write(network, description: description, to: model)
      try body(model, base)
    }
  }

  /// Without the user's own store.
  private func open(
    _ model: URL, candidates: [URL] = [], use: KernelUse = .repeated, threads: Int? = nil
  ) throws -> Classifier {
    let store = WeightStore(folder: model.deletingLastPathComponent().appending(path: "store"))
    return try Classifier(
      model: model, locator: BaseLocator(store: store, candidates: candidates), kernelUse: use,
      pool: threads.map { ThreadPool(threads: $0) } ?? .shared)
  }

  @Test func `a model on a base that this program does not build is refused by the base's name`() throws {
    try withTemporaryFolder { folder in
      let model = folder.appending(path: "model.safetensors")
      try ModelFile.write(Models.network(), description: Models.description(network: "resnet50"), to: model)
      #expect(throws: BackboneError.unknownNetwork(name: "resnet50", known: WeightStore.networks)) { try open(model) }
    }
  }

  @Test func `a model from disk answers each picture alike, alone, in a batch, and on any number of threads`() throws {
    try withModel { model, _ in
      let classifier = try open(model)
      #expect(classifier.classes == ["Normal", "Tumor"])
      #expect(try classifier.modelDigest == ModelFile(model).digest)
      let pictures = [Models.picture(0), Models.picture(3, side: 57), Models.picture(8, side: Self.side)]
      let probabilities = try classifier.probabilities(of: pictures)
      #expect(probabilities.count == 3)
      #expect(Set(probabilities.map { $0[0] }).count == 3)
      for (picture, row) in zip(pictures, probabilities) {
        #expect(row.count == 2 && row.allSatisfy { (0...1).contains($0) })
        #expect(abs(row.reduce(0, +) - 1) < 1e-12)
        #expect(try classifier.probabilities(of: [picture]) == [row])
        #expect(try open(model, threads: 1).probabilities(of: [picture]) == [row])
      }
      let answers = try classifier.answers(for: pictures)
      #expect(answers == probabilities.map { Answer(probabilities: $0, classes: classifier.classes) })
    }
  }

  @Test func `pictures go through the preprocessing that the model names`() throws {
    try withModel { model, base in
      let classifier = try open(model)
      let picture = Models.picture(2)
      let specification = PreprocessingSpecification(height: Self.side, width: Self.side, scaling: .imagenet)
      let pixels = Tensor(shape: [1, Self.side, Self.side, 3], values: specification.tensorValues(of: picture))
      let network = try VGG16.convolutionBase(
        weights: SafetensorsFile(base), inputShape: [Self.side, Self.side, 3])
      let head = try ClassifierNetwork(base: network, headKind: .pooled, dropout: 0.5, classCount: 2, seed: 5).head
      let expected = softmax(try head(network(pixels))).values
      let answered = try #require(try classifier.probabilities(of: [picture]).first)
      #expect(relativeError(answered.map(Float.init), expected) < 1e-6)
    }
  }

  @Test func `a model is refused when the base beside it is another`() throws {
    try withModel { model, base in
      let digest = try StoredWeights(reading: base).digest
      try Models.storeBase(ContentDigest(of: "another base"), at: base)
      let error = #expect(throws: InferenceError.self) { try open(model) }
      guard case .baseNotFound(model.path, "vgg16", digest, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: [KernelUse.single, .repeated])
  func `a base with one flipped bit gives no answer`(use: KernelUse) throws {
    try withModel { model, base in
      var bytes = try Data(contentsOf: base)
      let digest = try StoredWeights(reading: base).digest
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: base)
      let classifier = try open(model, use: use)
      let error = #expect(throws: BackboneError.self) { try classifier.answers(for: [Models.picture(1)]) }
      guard case .changed(_, digest.hex, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: base)
      #expect(try open(model, use: use).answers(for: [Models.picture(1)]).count == 1)
    }
  }

  @Test func `kernels for single use change no bit of an answer`() throws {
    try withModel { model, _ in
      let pictures = (0..<3).map { Models.picture($0) }
      let repeated = try open(model).probabilities(of: pictures)
      #expect(try open(model, use: .single).probabilities(of: pictures) == repeated)
      #expect(try pictures.map { try open(model, use: .single).probabilities(of: [$0])[0] } == repeated)
    }
  }

  @Test func `a model that names more classes than its head has outputs is refused`() throws {
    try withModel(classes: ["Cyst", "Normal", "Tumor"]) { model, _ in
      #expect(
        throws: InferenceError.wrongTensor(
          path: model.path, name: "head/kernel", expected: [512, 3], actual: [512, 2])
      ) { try open(model) }
    }
  }

  @Test func `probabilities are the softmax of the logits, and large logits do not overflow`() {
    let rows = Classifier.rows(of: Tensor(shape: [3, 2], values: [0, 0, 1000, 1001, -3, 1]))
    #expect(rows[0] == [0.5, 0.5])
    #expect(relativeError(rows[1], [0.268941421369995, 0.731058578630005]) < 1e-12)
    #expect(relativeError(rows[2], [0.017986209962092, 0.982013790037908]) < 1e-12)
  }
}

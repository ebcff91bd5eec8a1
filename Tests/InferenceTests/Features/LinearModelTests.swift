import Digests
import Foundation
import Inference
import NeuralNetworks
import RandomStreams
import TestSupport
import Testing

@Suite struct LinearModelTests {
  @Test func `a model that is written and read again answers the same`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let written = try FeatureModels.network()
      try ModelFile.write(written, description: FeatureModels.description(), to: url)
      let file = try ModelFile(url)
      #expect(file.description == FeatureModels.description())
      #expect(try SafetensorsFile(url).names == ["head/bias", "head/kernel"])
      let read = try ClassifierNetwork(
        base: FeatureModels.base(), features: try #require(file.description.features), classCount: 3)
      try file.load(into: read)
      let pixels = FeatureModels.pixels(3)
      #expect(try read.logits(of: pixels).values == written.logits(of: pixels).values)
      #expect(Set(try read.logits(of: pixels).values).count == 9)
    }
  }

  @Test func `a head and features that do not fit each other are refused`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      for description in [
        FeatureModels.description(recipe: nil), FeatureModels.description(head: .pooled),
      ] {
        try ModelFile.write(FeatureModels.network(), description: description, to: url)
        #expect(throws: InferenceError.self) { try ModelFile(url) }
      }
    }
  }

  @Test func `features of another number are refused with both shapes`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try ModelFile.write(FeatureModels.network(), description: FeatureModels.description(), to: url)
      let fewer = FeatureRecipe(blocks: [.init(layer: "pool1", statistic: .mean)])
      let error = #expect(throws: InferenceError.self) {
        try ModelFile(url).load(into: FeatureModels.network(recipe: fewer))
      }
      #expect(
        error
          == .wrongTensor(
            path: url.path, name: "head/kernel", expected: [4, 3], actual: [FeatureModels.count, 3]))
    }
  }

  @Test func `probabilities have the same bits alone and in a batch`() throws {
    let classifier = try FeatureModels.classifier()
    let pictures = (0..<5).map { Models.picture($0) }
    let together = try classifier.probabilities(of: pictures)
    #expect(Set(together.map { "\($0)" }).count == 5)
    for (picture, row) in zip(pictures, together) {
      #expect(try classifier.probabilities(of: [picture]) == [row])
      #expect(abs(row.reduce(0, +) - 1) < 1e-12)
    }
  }
}

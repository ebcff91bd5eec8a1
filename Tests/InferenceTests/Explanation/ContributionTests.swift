import Digests
import Foundation
import Inference
import NeuralNetworks
import Testing

@Suite struct ContributionTests {
  private let pixels = FeatureModels.pixels(1)

  @Test(arguments: 0..<3)
  func `contributions add up to the log odds less what the bias adds`(classIndex: Int) throws {
    let explainer = Explainer(try FeatureModels.classifier())
    let network = explainer.classifier.network
    let logits = try network.logits(of: pixels).values.map(Double.init)
    let bias = try network.head.parameter(named: "head/bias").value.values.map(Double.init)
    // The others' weights are their probabilities without the class, which may leave them next to nothing with it.
    let largest = logits.indices.filter { $0 != classIndex }.map { logits[$0] }.max()!
    let others = logits.indices.map { $0 == classIndex ? 0 : exp(logits[$0] - largest) }
    let total = others.reduce(0, +)
    func logOdds(_ values: [Double]) -> Double {
      values.indices.reduce(0) { $0 + values[$1] * ($1 == classIndex ? 1 : -others[$1] / total) }
    }
    let shares = try explainer.contributionShares(of: pixels, classIndex: classIndex, baseline: .nothing)
    #expect(shares.map(\.layer) == ["pool1", "conv2", "pool2"])
    #expect(shares.map { [$0.height, $0.width] } == [[6, 6], [6, 6], [3, 3]])
    let sum = shares.reduce(0) { $0 + $1.values.reduce(0, +) }
    let expected = logOdds(logits) - logOdds(bias)
    #expect(abs(sum - expected) < 1e-3 * max(1, abs(expected)), "\(sum), \(expected)")
  }

  @Test func `a place's contribution is what its own features add`() throws {
    let recipe = FeatureRecipe(blocks: [.init(layer: "pool2", statistic: .positions)])
    let network = try FeatureModels.network(recipe: recipe, classes: 2)
    let explainer = Explainer(
      Classifier(
        description: FeatureModels.description(recipe: recipe), modelDigest: ContentDigest(of: "places"), network: network))
    let extractor = try #require(network.features)
    let features = try extractor(pixels).values
    let kernel = try network.head.parameter(named: "head/kernel").value.values
    let shares = try explainer.contributionShares(of: pixels, classIndex: 1, baseline: .nothing)
    for place in 0..<9 {
      let expected = (0..<5).reduce(0.0) { sum, channel in
        let feature = place * 5 + channel
        return sum + Double(features[feature] * (kernel[feature * 2 + 1] - kernel[feature * 2]))
      }
      #expect(abs(shares[0].values[place] - expected) < 1e-4)
    }
  }

  @Test func `a mean over places adds nothing beside the average place`() throws {
    let recipe = FeatureRecipe(blocks: [.init(layer: "pool1", statistic: .mean)])
    let explainer = Explainer(
      Classifier(
        description: FeatureModels.description(recipe: recipe), modelDigest: ContentDigest(of: "mean"),
        network: try FeatureModels.network(recipe: recipe)))
    let shares = try explainer.contributionShares(of: pixels, classIndex: 0, baseline: .averagePlace)
    #expect(abs(shares[0].values.reduce(0, +)) < 1e-4)
    #expect(shares[0].values.contains { abs($0) > 1e-3 })
  }

  @Test func `the map has the input's size, depends on class and weights, and averaging keeps it within its range`() throws {
    let classifier = try FeatureModels.classifier()
    let explainer = Explainer(classifier)
    #expect(explainer.hasContributions)
    let maps = try (0..<3).map { try explainer.contributions(of: pixels, classIndex: $0, side: 4) }
    #expect(maps.allSatisfy { $0.height == 12 && $0.width == 12 })
    #expect(maps[0] != maps[1] && maps.contains { $0.strength > 0 })
    let sharp = try explainer.contributions(of: pixels, classIndex: 0, side: 1)
    #expect(maps[0].strength <= sharp.strength * 1.0001)
    let kernel = try classifier.network.head.parameter(named: "head/kernel")
    try kernel.assign(Tensor(shape: kernel.value.shape, values: kernel.value.values.reversed()))
    #expect(try explainer.contributions(of: pixels, classIndex: 0, side: 4) != maps[0])
  }
}

import Inference
import NeuralNetworks
import TensorKernels
import TestSupport
import Testing

@Suite struct FeatureExtractorTests {
  /// A base that hands its input on: one channel of a plane of four by three.
  private func extractor(_ statistic: FeatureRecipe.Statistic, height: Int = 4, width: Int = 3) throws -> FeatureExtractor {
    let base = try Network(inputShape: [height, width, 1], layers: [ReLU(name: "plane"), ReLU(name: "behind")])
    return try FeatureExtractor(FeatureRecipe(blocks: [.init(layer: "plane", statistic: statistic)]), base: base)
  }

  private static let plane: [Float] = [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11]

  private func squares(_ statistic: FeatureRecipe.Statistic) throws -> [Float] {
    let pixels = Tensor(shape: [1, 4, 3, 1], values: Self.plane)
    return try extractor(statistic)(pixels).values.map { $0 * $0 }
  }

  @Test func `the statistics are those computed by hand`() throws {
    // 0...11 have the mean 5.5 and the variance (12² - 1) / 12.
    #expect(relativeError(try squares(.mean), [5.5]) < 1e-6)
    #expect(relativeError(try squares(.deviation), [(143.0 / 12).squareRoot()]) < 1e-6)
    #expect(relativeError(try squares(.positions), Self.plane) < 1e-6)
    // Rows 0-1 and 2-3; columns 0 and 1-2.
    #expect(relativeError(try squares(.cells(2)), [1, 7, 2, 8]) < 1e-6)
    // 1, 7, 2, 8 about 4.5: 12.25, 6.25, 6.25, 12.25.
    #expect(relativeError(try squares(.cellDeviation(2)), [Float(9.25).squareRoot()]) < 1e-6)
  }

  @Test func `a channel that never varies has no deviation`() throws {
    let even = Tensor(shape: [1, 4, 3, 1], repeating: 3)
    #expect(try extractor(.deviation)(even).values == [0])
    #expect(try extractor(.cellDeviation(3))(even).values == [0])
  }

  @Test func `blocks lie one behind the other, each as it is alone`() throws {
    let base = try FeatureModels.base()
    let pixels = FeatureModels.pixels(2)
    let whole = try FeatureExtractor(FeatureModels.recipe, base: base)
    #expect(whole.count == FeatureModels.count)
    let values = try whole(pixels)
    #expect(values.shape == [2, FeatureModels.count])
    var start = 0
    for block in FeatureModels.recipe.blocks {
      let alone = try FeatureExtractor(FeatureRecipe(blocks: [block]), base: base)
      let own = try alone(pixels).values
      for row in 0..<2 {
        let place = row * whole.count + start
        let (within, expected): ([Float], [Float]) = (
          Array(values.values[place..<place + alone.count]), Array(own[row * alone.count..<(row + 1) * alone.count])
        )
        #expect(within == expected)
      }
      start += alone.count
    }
    #expect(start == whole.count)
  }

  @Test func `a picture has the same bits alone, in a batch, and on any number of threads`() throws {
    let extractor = try FeatureExtractor(FeatureModels.recipe, base: FeatureModels.base())
    let pixels = FeatureModels.pixels(7)
    let together = try extractor(pixels).values
    for threads in [1, 2, 5] {
      let pool = ThreadPool(threads: threads)
      #expect(try extractor(pixels, pool: pool).values == together)
      for row in [0, 3, 6] {
        let one = Tensor(shape: [1, 12, 12, 3], values: Array(pixels.values[row * 432..<(row + 1) * 432]))
        let expected: [Float] = Array(together[row * extractor.count..<(row + 1) * extractor.count])
        #expect(try extractor(one, pool: pool).values == expected)
      }
    }
  }

  @Test func `nothing behind the last layer looked at is run or packed`() throws {
    let base = try FeatureModels.base()
    let extractor = try FeatureExtractor(FeatureModels.recipe, base: base)
    #expect(extractor.network.layers.map(\.name) == ["conv1", "pool1", "conv2", "pool2"])
    _ = try extractor(FeatureModels.pixels(1))
    let packed = base.layers.compactMap { $0 as? Convolution2D }.map(\.holdsPreparedWeights)
    #expect(packed.last == false)
    #expect(packed.contains(true))
  }

  @Test func `recipes that the base cannot give are refused`() throws {
    let base = try FeatureModels.base()
    func refusal(_ blocks: [FeatureRecipe.Block]) -> String? {
      do {
        _ = try FeatureExtractor(FeatureRecipe(blocks: blocks), base: base)
        return nil
      } catch { return "\(error)" }
    }
    #expect(refusal([])?.contains("at least one block") == true)
    #expect(refusal([.init(layer: "pool9", statistic: .mean)])?.contains("pool9") == true)
    #expect(refusal([.init(layer: "pool2", statistic: .cells(4))])?.contains("3 x 3") == true)
    let flat = try Network(inputShape: [2, 2, 1], layers: [Flatten(name: "flat")])
    #expect(throws: InferenceError.self) {
      try FeatureExtractor(FeatureRecipe(blocks: [.init(layer: "flat", statistic: .mean)]), base: flat)
    }
    let extractor = try FeatureExtractor(FeatureModels.recipe, base: base)
    #expect(throws: NeuralNetworkError.self) { try extractor(Tensor(shape: [1, 12, 11, 3])) }
  }
}

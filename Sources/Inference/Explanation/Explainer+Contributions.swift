import NeuralNetworks
import TensorKernels

extension Explainer {
  /// Whether `contributions` can explain the model: it has a linear head on statistics of layers.
  public var hasContributions: Bool { classifier.network.features != nil }

  /// Contributions: how much each place adds to the log odds of a class, through the statistics that a linear head
  /// looks at.
  ///
  /// Grad-CAM gives each channel one weight, the mean of its gradient over places; for a deviation over places that
  /// mean is zero, so that Grad-CAM cannot see it. Here each value is multiplied by its own gradient, as in Draelos and
  /// Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations" (2020), with each layer's own features alone.
  ///
  /// - Parameters:
  ///   - pixels: shape [1, height, width, 3], preprocessed.
  ///   - classIndex: the class whose evidence is looked for.
  ///   - baseline: what a value is compared with.
  ///   - side: of the square over which the map is averaged, in pixels of the network's input; 1 leaves it as it is.
  /// - Returns: a map of the input's size; its strength is in log odds a pixel.
  /// - Throws: `InferenceError.noSuchFeatures` for a model without such a head; `InferenceError.notFinite`;
  ///   `BackboneError.changed` if the base's file is damaged.
  public func contributions(
    of pixels: Tensor, classIndex: Int, baseline: ContributionBaseline = .averagePlace, side: Int = 32
  ) throws -> EvidenceMap {
    let shares = try contributionShares(of: pixels, classIndex: classIndex, baseline: baseline)
    let (height, width) = (pixels.shape[1], pixels.shape[2])
    var evidence = [Double](repeating: 0, count: height * width)
    for share in shares {
      for row in 0..<height {
        for column in 0..<width {
          let place = row * share.height / height * share.width + column * share.width / width
          evidence[row * width + column] += share.values[place] * Double(share.values.count) / Double(height * width)
        }
      }
    }
    let smooth = Self.averaged(evidence, height: height, width: width, side: side).map(Float.init)
    try classifier.checkBase()
    try requireFinite(smooth, of: shares.last?.layer ?? "")
    return EvidenceMap(height: height, width: width, evidence: smooth)
  }

  /// What one layer's places add.
  package struct ContributionShare {
    package var layer: String
    package var height: Int
    package var width: Int
    /// In log odds. Shape: [height, width].
    package var values: [Double]
  }

  /// The same for each layer that is looked at, before negative values are cut off.
  ///
  /// Every statistic grows in proportion to the values and the features are roots, so that with the baseline
  /// `.nothing` the sum over all places and layers is the log odds less what the head's bias adds.
  package func contributionShares(
    of pixels: Tensor, classIndex: Int, baseline: ContributionBaseline
  ) throws -> [ContributionShare] {
    guard let extractor = classifier.network.features else {
      throw InferenceError.noSuchFeatures(reason: "the model's head is not linear in statistics of layers")
    }
    precondition(classifier.classes.indices.contains(classIndex), "there is no class \(classIndex)")
    let features = try extractor(pixels, pool: pool)
    let weights = try classifier.network.head.inputGradient(at: features, pool: pool) { logits in
      Self.logOddsGradient(of: logits, classIndex: classIndex)
    }
    let outputs = try extractor.network.outputs(at: extractor.layers, of: pixels, pool: pool)
    return zip(extractor.layers, outputs).map { layer, output in
      var gradient = Tensor(shape: output.shape)
      extractor.addOwnGradient(of: layer, at: output, weights: weights, to: &gradient)
      return Self.share(of: layer, output, gradient, baseline)
    }
  }

  /// The derivative of log(p / (1 - p)) of a class by the logits: one for it, less the others in proportion to their
  /// probabilities.
  private static func logOddsGradient(of logits: Tensor, classIndex: Int) -> Tensor {
    var others = logits
    others.withUnsafeMutableValues { $0[classIndex] = -.infinity }
    let rows = Classifier.rows(of: others)[0]
    return Tensor(shape: logits.shape, values: rows.indices.map { $0 == classIndex ? 1 : Float(-rows[$0]) })
  }

  private static func share(
    of layer: String, _ output: Tensor, _ gradient: Tensor, _ baseline: ContributionBaseline
  ) -> ContributionShare {
    let (height, width, channels) = (output.shape[1], output.shape[2], output.shape[3])
    let places = height * width
    var values = [Double](repeating: 0, count: places)
    output.withUnsafeValues { output in
      gradient.withUnsafeValues { gradient in
        var base = [Double](repeating: 0, count: channels)
        if baseline == .averagePlace {
          for place in 0..<places {
            for channel in 0..<channels { base[channel] += Double(output[place * channels + channel]) / Double(places) }
          }
        }
        for place in 0..<places {
          for channel in 0..<channels {
            let index = place * channels + channel
            // A root's value is twice its slope times its argument.
            values[place] += 2 * Double(gradient[index]) * (Double(output[index]) - base[channel])
          }
        }
      }
    }
    return ContributionShare(layer: layer, height: height, width: width, values: values)
  }

  /// The mean over a square around each place; at the edge over what there is of it.
  private static func averaged(_ values: [Double], height: Int, width: Int, side: Int) -> [Double] {
    guard side > 1 else { return values }
    // Sums of all values above and to the left.
    var sums = [Double](repeating: 0, count: (height + 1) * (width + 1))
    for row in 0..<height {
      var line = 0.0
      for column in 0..<width {
        line += values[row * width + column]
        sums[(row + 1) * (width + 1) + column + 1] = sums[row * (width + 1) + column + 1] + line
      }
    }
    var means = values
    for row in 0..<height {
      let (top, bottom) = (max(0, row - side / 2), min(height, row - side / 2 + side))
      for column in 0..<width {
        let (left, right) = (max(0, column - side / 2), min(width, column - side / 2 + side))
        let sum =
          sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
          - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left]
        means[row * width + column] = sum / Double((bottom - top) * (right - left))
      }
    }
    return means
  }
}

/// What a place is compared with when its contribution is counted.
public enum ContributionBaseline: Sendable, CaseIterable {
  /// With a layer that puts out zeros everywhere: contributions then add up to the log odds less the bias.
  case nothing
  /// With the mean over the picture's places, so that only what differs from the rest of the picture counts.
  case averagePlace
}

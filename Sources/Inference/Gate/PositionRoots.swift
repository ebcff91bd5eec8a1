import NeuralNetworks

/// What a gate looks at: the square root of each channel's mean over all positions of one layer. The root makes strong
/// channels weigh less; means below zero count as zero.
public enum PositionRoots {
  /// - Parameters:
  ///   - part: what the layer gave for some samples. Shape of one: [height, width, channels].
  ///   - body: gets each sample's place in the batch and its features. Shape: [channels].
  package static func forEach(of part: LayerOutput, _ body: (Int, [Float]) -> Void) {
    guard let channels = part.shape.last, let start = part.values.baseAddress else { return }
    let positions = part.shape.dropLast().reduce(1, *)
    for (number, sample) in part.samples.enumerated() {
      body(sample, roots(of: start + number * positions * channels, positions: positions, channels: channels))
    }
  }

  private static func roots(of plane: UnsafePointer<Float>, positions: Int, channels: Int) -> [Float] {
    let sums = [Double](unsafeUninitializedCapacity: channels) { sums, count in
      sums.initialize(repeating: 0)
      for position in 0..<positions {
        let row = plane + position * channels
        for channel in 0..<channels { sums[channel] += Double(row[channel]) }
      }
      count = channels
    }
    return sums.map { Float(max($0 / Double(positions), 0).squareRoot()) }
  }
}

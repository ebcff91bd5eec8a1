import MedicalImages
import NeuralNetworks

/// The patch that occlusion moves over a picture, in pixels of the network's input.
public struct OcclusionPatch: Equatable, Sendable {
  public var side: Int
  /// From one place to the next.
  public var step: Int

  public init(side: Int = 32, step: Int = 16) {
    precondition(side > 0 && step > 0, "a patch has a size and moves on")
    self.side = side
    self.step = step
  }
}

extension Explainer {
  /// Occlusion: how much a class's probability falls when a patch of the picture is covered with the picture's mean.
  ///
  /// A pixel's evidence is the mean over the patches that cover it; where covering raises the probability there is none.
  /// Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), section 4.2.
  ///
  /// - Parameters:
  ///   - pixels: shape [1, height, width, 3], preprocessed.
  ///   - progress: gets the number of covered pictures answered, and of all.
  /// - Returns: a map of the input's size; its strength is the largest mean fall of the probability, 0…1.
  public func occlusion(
    of pixels: Tensor, classIndex: Int, patch: OcclusionPatch = OcclusionPatch(),
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> EvidenceMap {
    let (height, width) = (pixels.shape[1], pixels.shape[2])
    let whole = try classifier.probabilities(preprocessed: pixels)[0][classIndex]
    let values = pixels.values
    let mean = Self.channelMeans(values)
    let places = Self.starts(height, patch).flatMap { top in Self.starts(width, patch).map { (top: top, left: $0) } }
    var falls = [Float](repeating: 0, count: height * width)
    var covers = [Float](repeating: 0, count: height * width)
    let batchSize = 16
    for start in stride(from: 0, to: places.count, by: batchSize) {
      let batch = places[start..<min(start + batchSize, places.count)]
      var covered = Tensor(shape: [batch.count, height, width, 3])
      covered.withUnsafeMutableValues { target in
        for (index, place) in batch.enumerated() {
          let picture = UnsafeMutableBufferPointer(rebasing: target[index * values.count..<(index + 1) * values.count])
          _ = picture.update(from: values)
          for row in place.top..<min(place.top + patch.side, height) {
            for column in place.left..<min(place.left + patch.side, width) {
              for channel in 0..<3 { picture[(row * width + column) * 3 + channel] = mean[channel] }
            }
          }
        }
      }
      for (place, answer) in zip(batch, try classifier.probabilities(preprocessed: covered)) {
        for row in place.top..<min(place.top + patch.side, height) {
          for column in place.left..<min(place.left + patch.side, width) {
            falls[row * width + column] += Float(whole - answer[classIndex])
            covers[row * width + column] += 1
          }
        }
      }
      progress(start + batch.count, places.count)
    }
    return EvidenceMap(height: height, width: width, evidence: zip(falls, covers).map { $0 / max(1, $1) })
  }

  /// Every `step` pixels, and one patch at the far edge so that each pixel is covered.
  private static func starts(_ length: Int, _ patch: OcclusionPatch) -> [Int] {
    let last = max(0, length - patch.side)
    var starts = Array(stride(from: 0, to: last, by: patch.step))
    starts.append(last)
    return starts
  }

  private static func channelMeans(_ values: [Float]) -> [Float] {
    var sums = [Double](repeating: 0, count: 3)
    for (index, value) in values.enumerated() { sums[index % 3] += Double(value) }
    return sums.map { Float($0 / Double(values.count / 3)) }
  }
}

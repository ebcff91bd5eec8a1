import MedicalImages
import NeuralNetworks

extension Explainer {
  /// A layer's channels as small grey pictures beside each other, white where the layer's largest value is;
  /// brightness goes with the square root, or all but a few channels would be black.
  ///
  /// - Parameters:
  ///   - pixels: shape [1, height, width, 3], preprocessed.
  ///   - cell: the side of one channel's picture, in pixels, at least 16.
  /// - Throws: `NeuralNetworkError.unknownLayer` naming the layers there are; `InferenceError.notFinite`;
  ///   `BackboneError.changed` if the base's file is damaged.
  public func activations(of pixels: Tensor, layer: String, cell: Int = 56) throws -> Picture {
    let output = try output(of: layer, for: pixels)
    let (height, width, channels) = (output.shape[1], output.shape[2], output.shape[3])
    try classifier.checkBase()
    try requireFinite(output.values, of: layer)
    let largest = output.values.max() ?? 0
    let smallest = min(0, output.values.min() ?? 0)
    let range = largest > smallest ? largest - smallest : 1
    let pictures = output.withUnsafeValues { values in
      (0..<channels).map { channel in
        let pixels = (0..<height * width).map { place in
          UInt8((((values[place * channels + channel] - smallest) / range).squareRoot() * 255).rounded())
        }
        return (Picture(width: width, height: height, channels: 1, pixels: pixels), caption: String(channel))
      }
    }
    return ContactSheet.make(
      pictures: pictures, columns: Int(Double(channels).squareRoot().rounded(.up)), cell: cell,
      title: "\(layer): \(channels) channels of \(height) x \(width), white = \(largest)")
  }
}

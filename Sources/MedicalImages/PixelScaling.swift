/// How pixel values become a network's input.
public enum PixelScaling: String, Codable, Sendable, CaseIterable {
  /// As VGG-16 was trained (Keras's "caffe" mode): blue, green, red, less the means 103.939, 116.779 and 123.68.
  case imagenet
  /// Red, green, blue, times the Float32 nearest to 1/255, as Keras's `rescale=1./255` does; the product differs from a
  /// division in the last bit for 126 of the 256 values.
  case divide255 = "divide_255"

  /// Writes the scaled values of `pixels`, both of shape [pixels, 3]; the pixels in the order red, green, blue, 0…255.
  func apply(_ pixels: UnsafeBufferPointer<Float>, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(pixels.count == values.count && pixels.count % 3 == 0, "three values a pixel, as many out as in")
    switch self {
    case .divide255:
      let factor: Float = 1 / 255
      for index in 0..<pixels.count { values[index] = pixels[index] * factor }
    case .imagenet:
      for index in stride(from: 0, to: pixels.count, by: 3) {
        let (red, green, blue) = (pixels[index], pixels[index + 1], pixels[index + 2])
        values[index] = blue - Self.means.blue
        values[index + 1] = green - Self.means.green
        values[index + 2] = red - Self.means.red
      }
    }
  }

  /// The same from 8-bit pixels of shape [pixels, channels]; grey stands for three equal channels.
  func apply(_ pixels: UnsafeBufferPointer<UInt8>, channels: Int, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(values.count * channels == pixels.count * 3, "three values a pixel, as many out as in")
    let (first, last) = self == .imagenet ? (channels - 1, 0) : (0, channels - 1)
    let middle = channels / 2
    for index in 0..<pixels.count / channels {
      let pixel = pixels.baseAddress! + index * channels
      let (a, b, c) = (Float(pixel[first]), Float(pixel[middle]), Float(pixel[last]))
      switch self {
      case .divide255:
        let factor: Float = 1 / 255
        values[3 * index] = a * factor
        values[3 * index + 1] = b * factor
        values[3 * index + 2] = c * factor
      case .imagenet:
        values[3 * index] = a - Self.means.blue
        values[3 * index + 1] = b - Self.means.green
        values[3 * index + 2] = c - Self.means.red
      }
    }
  }

  /// How much the channels of scaled pixels differ: the mean over pixels and channels of the distance from the pixel's mean.
  ///
  /// - Parameter values: Shape: [pixels, 3], scaled.
  /// - Returns: grey levels, 0…170; 0 for a grey picture but for rounding.
  package func colour(of values: UnsafeBufferPointer<Float>) -> Double {
    let isImagenet = self == .imagenet
    let (a, b, c) = isImagenet ? (Self.means.blue, Self.means.green, Self.means.red) : (0, 0, 0)
    var sum = 0.0
    for first in stride(from: 0, to: values.count - 2, by: 3) {
      let (x, y, z) = (values[first] + a, values[first + 1] + b, values[first + 2] + c)
      let mean = (x + y + z) / 3
      sum += Double(abs(x - mean) + abs(y - mean) + abs(z - mean))
    }
    return sum / Double(max(1, values.count)) * (isImagenet ? 1 : 255)
  }

  /// The same as numbers, for a graph that repeats it: whether red and blue change places, what is then taken from each
  /// channel, and what all are multiplied by. Float32.
  package var arithmetic: (reversesChannels: Bool, means: [Float], factor: Float) {
    switch self {
    case .imagenet: (true, [Self.means.blue, Self.means.green, Self.means.red], 1)
    case .divide255: (false, [0, 0, 0], 1 / 255)
    }
  }

  /// The mean colour of ImageNet's training pictures.
  private static let means: (blue: Float, green: Float, red: Float) = (103.939, 116.779, 123.68)
}

/// Some pictures ready for a network.
public struct PictureBatch: Sendable {
  /// The pictures' places in the manifest.
  public let indices: [Int]
  /// Their classes.
  public let labels: [Int]
  /// [pictures, height, width, 3].
  public let shape: [Int]
  /// The scaled values. Shape: `shape`, Float32.
  public let buffer: PixelBuffer

  /// A copy of the values. Shape: `shape`, Float32.
  public var pixels: [Float] { Array(buffer.values) }
}

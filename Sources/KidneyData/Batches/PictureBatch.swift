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

/// Memory for a batch's values, aligned to 64 bytes, freed with the object.
public final class PixelBuffer: @unchecked Sendable {
  // Written by the feeder's threads, each its own part, before anyone else sees the object; only read afterwards.
  let mutableValues: UnsafeMutableBufferPointer<Float>

  /// Valid as long as this object.
  public var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(mutableValues) }

  init(count: Int) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    mutableValues = memory.bindMemory(to: Float.self)
  }

  deinit {
    UnsafeMutableRawBufferPointer(mutableValues).deallocate()
  }
}

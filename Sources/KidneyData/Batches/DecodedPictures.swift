import Digests
import Foundation
import MedicalImages
import Synchronization

/// Keeps pictures that were decoded and resized, up to a budget, so that later epochs need not decode them again.
///
/// What does not fit any more is decoded each time: an epoch takes every picture once, so throwing out the oldest would
/// throw out just the next one needed.
public final class DecodedPictures: Sendable {
  struct Key: Hashable {
    var content: ContentDigest
    /// Its identity.
    var preprocessing: String
  }

  /// Where a picture's pixels are, as long as the object that keeps them lives. Shape: [height, width, channels]. A
  /// place that was written is never written again.
  struct Place: @unchecked Sendable {
    var channels: Int
    var pixels: UnsafeBufferPointer<UInt8>
  }

  private struct State: @unchecked Sendable {
    var places: [Key: Place] = [:]
    var bytes = 0
    /// Memory that pictures are put into one behind the other. It comes from the system, since pictures that stay,
    /// between those that decoding takes and gives back, would leave the C library's memory full of holes.
    var slabs: [UnsafeMutableRawBufferPointer] = []
    var slabUsed = 0
  }

  /// In bytes.
  public let budget: Int
  private let state = Mutex(State())
  private static let slabBytes = 2 << 20

  /// - Parameter budget: in bytes; a grey picture of 224 x 224 takes 49 KiB, one in colours 147 KiB. 0 keeps nothing.
  public init(budget: Int = 128 << 20) {
    self.budget = budget
  }

  deinit {
    for slab in state.withLock({ $0.slabs }) { munmap(slab.baseAddress!, slab.count) }
  }

  /// What is kept, in bytes.
  public var bytes: Int { state.withLock { $0.bytes } }

  /// - Returns: nil if the picture is not kept.
  func place(of key: Key) -> Place? { state.withLock { $0.places[key] } }

  func keep(_ picture: Picture, as key: Key) {
    let count = picture.pixels.count
    state.withLock { state in
      guard state.bytes + count <= budget, state.places[key] == nil else { return }
      if state.slabs.isEmpty || state.slabUsed + count > state.slabs[state.slabs.count - 1].count {
        guard let slab = Self.slab(holding: count) else { return }
        state.slabs.append(slab)
        state.slabUsed = 0
      }
      let room = UnsafeMutableRawBufferPointer(
        rebasing: state.slabs[state.slabs.count - 1][state.slabUsed..<state.slabUsed + count])
      room.copyBytes(from: picture.pixels)
      state.places[key] = Place(
        channels: picture.channels, pixels: UnsafeBufferPointer(room.bindMemory(to: UInt8.self)))
      state.slabUsed += count
      state.bytes += count
    }
  }

  /// - Returns: nil if the system has no memory left: then pictures are decoded each time.
  private static func slab(holding count: Int) -> UnsafeMutableRawBufferPointer? {
    let size = max(count, slabBytes)
    let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { return nil }
    return UnsafeMutableRawBufferPointer(start: pages, count: size)
  }
}

extension Picture {
  /// A grey picture in place of one in colours whose three channels are equal, as scanners' JPEG files often have them:
  /// it stands for the same values in a third of the memory.
  var withoutEqualChannels: Picture {
    guard channels == 3 else { return self }
    let count = width * height
    var areEqual = true
    let grey = [UInt8](unsafeUninitializedCapacity: count) { grey, written in
      pixels.withUnsafeBufferPointer { pixels in
        while areEqual, written < count {
          // Colours are asked for once a row: a question at each pixel takes longer than the pixel.
          var difference: UInt8 = 0
          for index in written..<written + width {
            let red = pixels[3 * index]
            difference |= (red ^ pixels[3 * index + 1]) | (red ^ pixels[3 * index + 2])
            grey[index] = red
          }
          areEqual = difference == 0
          written += width
        }
      }
    }
    return areEqual ? Picture(width: width, height: height, channels: 1, pixels: grey) : self
  }
}

/// A counter-based random generator: Philox 4x32 with ten rounds (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011).
///
/// A stream is named by a seed and up to two stream numbers, such as `(epoch, picture)`, so that
/// whoever draws gets the same numbers in any order, on any number of threads, and after a resume.
/// Two streams that differ in any of the three are independent.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let streamWords: (UInt32, UInt32)
  private var counter: UInt64 = 0
  private var buffered: UInt64?

  /// - Parameters:
  ///   - seed: the user's seed; it becomes the generator's key.
  ///   - path: numbers that name this stream under the seed, such as an epoch and a picture.
  public init(seed: UInt64, _ path: UInt64...) {
    self.init(seed: seed, path: path)
  }

  /// The same, for a path whose length is known only at run time.
  public init(seed: UInt64, path: [UInt64]) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    // The path is folded into 64 bits with SplitMix64's mixer; its length goes in too, so that
    // (1) and (1, 0) differ.
    var folded = UInt64(path.count)
    for number in path { folded = Self.mix(folded &+ 0x9E37_79B9_7F4A_7C15 &+ Self.mix(number)) }
    streamWords = (UInt32(truncatingIfNeeded: folded), UInt32(truncatingIfNeeded: folded >> 32))
  }

  /// The number of a stream that has a name: FNV-1a, 64 bits, of its UTF-8 bytes.
  public static func number(of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  public mutating func next() -> UInt64 {
    if let value = buffered {
      buffered = nil
      return value
    }
    let block = Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
        streamWords.0, streamWords.1
      ), key: key)
    counter &+= 1
    buffered = UInt64(block.2) | UInt64(block.3) << 32
    return UInt64(block.0) | UInt64(block.1) << 32
  }

  /// One block of Philox 4x32-10.
  package static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let first = UInt64(c0) &* 0xD251_1F53
      let second = UInt64(c2) &* 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: first)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

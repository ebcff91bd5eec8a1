import Digests
import Foundation
import MedicalImages
import NeuralNetworks
import TestSupport
import Testing
import Training

@Suite struct FeatureShelfTests {
  private let key = FeatureKey(
    baseDigest: ContentDigest(of: "base"), layer: "block5_pool",
    preprocessing: PreprocessingSpecification(height: 32, width: 32, scaling: .imagenet), augmentation: nil)

  private func picture(_ number: Int) -> ContentDigest { ContentDigest(of: "picture \(number)") }

  @Test func `what was kept is there again, with its own shape alone`() throws {
    try withTemporaryFolder { folder in
      let features = Tensor(shape: [1, 1, 3], values: [1, 2, 3])
      let shelf = try FeatureCache(folder: folder).shelf(for: key)
      try shelf.add(features, of: picture(1))
      #expect(shelf.features(of: picture(1), shape: [1, 1, 3]) == features)
      try shelf.flush()
      let again = try FeatureCache(folder: folder).shelf(for: key)
      for shelf in [shelf, again] {
        #expect(shelf.features(of: picture(1), shape: [1, 1, 3]) == features)
        #expect(shelf.features(of: picture(1), shape: [3]) == nil)
        #expect(shelf.features(of: picture(2), shape: [1, 1, 3]) == nil)
      }
    }
  }

  @Test func `features are there while their file is written, and the file is whole`() throws {
    try withTemporaryFolder { folder in
      // Each is as large as a file, so that it is written while the next one is added.
      let shape = [512, 4096]
      let features = (0..<4).map { Tensor(shape: shape, repeating: Float($0)) }
      let shelf = try FeatureCache(folder: folder).shelf(for: key)
      for (number, tensor) in features.enumerated() {
        try shelf.add(tensor, of: picture(number))
        for earlier in 0...number {
          #expect(shelf.features(of: picture(earlier), shape: shape) == features[earlier])
        }
      }
      try shelf.flush()
      let again = try FeatureCache(folder: folder).shelf(for: key)
      for (number, tensor) in features.enumerated() {
        #expect(again.features(of: picture(number), shape: shape) == tensor)
      }
    }
  }

  @Test func `a write that failed is told by the next one`() throws {
    try withTemporaryFolder { folder in
      let cache = folder.appending(path: "cache")
      let shelf = try FeatureCache(folder: cache).shelf(for: key)
      try FileManager.default.removeItem(at: cache)
      try Data().write(to: cache)
      let large = Tensor(shape: [3 << 20])
      #expect(throws: Never.self) { try shelf.add(large, of: picture(1)) }
      #expect(throws: (any Error).self) { try shelf.add(large, of: picture(2)) }
      for number in 1...2 { #expect(shelf.features(of: picture(number), shape: [3 << 20]) == nil) }
    }
  }

  @Test func `after a write that failed nothing more is gathered or tried`() throws {
    try withTemporaryFolder { folder in
      let cache = folder.appending(path: "cache")
      let shelf = try FeatureCache(folder: cache).shelf(for: key)
      // A file in the folder's place, as good as a full disk.
      try FileManager.default.removeItem(at: cache)
      try Data().write(to: cache)
      let large = Tensor(shape: [3 << 20])
      #expect(throws: Never.self) { try shelf.add(large, of: picture(1)) }
      #expect(throws: (any Error).self) { try shelf.flush() }
      #expect(throws: Never.self) { try shelf.add(large, of: picture(2)) }
      for number in 1...2 { #expect(shelf.features(of: picture(number), shape: [3 << 20]) == nil) }
      #expect(throws: Never.self) { try shelf.flush() }
    }
  }
}

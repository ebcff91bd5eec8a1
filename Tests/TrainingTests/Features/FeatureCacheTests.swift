import Digests
import Foundation
import MedicalImages
import NeuralNetworks
import TestSupport
import Testing
import Training

@Suite struct FeatureCacheTests {
  private static func key(_ layer: String = "block5_pool") -> FeatureKey {
    FeatureKey(
      baseDigest: ContentDigest(of: "base"), layer: layer,
      preprocessing: PreprocessingSpecification(height: 32, width: 32, scaling: .imagenet), augmentation: nil)
  }

  private static func picture(_ number: Int) -> ContentDigest { ContentDigest(of: "picture \(number)") }

  private static func features(_ number: Int, count: Int) -> Tensor {
    Tensor(shape: [1, 1, count], values: (0..<count).map { Float(number * count + $0) })
  }

  private struct File {
    /// Of its key.
    var folder: String
    var bytes: Int
  }

  private func files(of cache: FeatureCache) throws -> [File] {
    let files = FileManager.default
    var found: [File] = []
    for folder in try files.contentsOfDirectory(atPath: cache.folder.path) {
      let path = cache.folder.appending(path: folder).path
      for name in try files.contentsOfDirectory(atPath: path) {
        let attributes = try files.attributesOfItem(atPath: "\(path)/\(name)")
        found.append(File(folder: folder, bytes: try #require(attributes[.size] as? Int)))
      }
    }
    return found
  }

  @Test func `trimming removes the keys used longest ago until the rest fits, and no more`() throws {
    try withTemporaryFolder { folder in
      let layers = ["a", "b", "c", "d"]
      let count = 5000
      let url = folder.appending(path: "features")
      let whole = FeatureCache(folder: url)
      var folders: [String: String] = [:]
      for (age, layer) in layers.enumerated() {
        let before = Set(folders.values)
        let shelf = try whole.shelf(for: Self.key(layer))
        try shelf.add(Self.features(age, count: count), of: Self.picture(age))
        try shelf.flush()
        let new = try files(of: whole).map(\.folder).filter { !before.contains($0) }
        try #require(new.count == 1)
        folders[layer] = new[0]
        // The first was used longest ago.
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: Double(1000 * (age - 10)))],
          ofItemAtPath: url.appending(path: new[0]).path)
      }
      whole.trim()
      #expect(try files(of: whole).count == 4)
      // Using a key makes it the youngest.
      let used = try whole.shelf(for: Self.key("a"))
      let removed = try whole.shelf(for: Self.key("b"))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -9000)],
        ofItemAtPath: url.appending(path: try #require(folders["b"])).path)
      let limit = try files(of: whole).map(\.bytes).reduce(0, +) * 5 / 8
      FeatureCache(folder: url, maximumBytes: Int64(limit)).trim()
      let left = try files(of: whole)
      #expect(Set(left.map(\.folder)) == Set([folders["a"], folders["d"]].compactMap { $0 }))
      #expect(left.map(\.bytes).reduce(0, +) <= limit)
      // Whoever had taken a shelf still has what was on it.
      for (shelf, number) in [(used, 0), (removed, 1)] {
        #expect(
          shelf.features(of: Self.picture(number), shape: [1, 1, count]) == Self.features(number, count: count))
      }
    }
  }

  /// Pictures 0 to 39 of the first, 20 to 59 of the second, two at a time on a shelf that is taken anew.
  private static func write(_ writer: Int, in folder: URL) throws {
    try Data().write(to: folder.appending(path: "ready-\(writer)"))
    let other = folder.appending(path: "ready-\(1 - writer)").path
    let deadline = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: other) {
      try #require(Date() < deadline, "the other process did not come")
      Thread.sleep(forTimeInterval: 0.001)
    }
    let cache = FeatureCache(folder: folder.appending(path: "features"))
    for first in stride(from: 20 * writer, to: 20 * writer + 40, by: 2) {
      let shelf = try cache.shelf(for: key())
      for number in first..<first + 2 { try shelf.add(features(number, count: 3000), of: picture(number)) }
      try shelf.flush()
    }
  }

  @Test func `two processes that write at once lose nothing and leave no part of a file`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      await withTaskGroup(of: Void.self) { group in
        for writer in 0..<2 {
          group.addTask {
            await #expect(processExitsWith: .success) { [path = path as String, writer = writer as Int] in
              try FeatureCacheTests.write(writer, in: URL(filePath: path))
            }
          }
        }
      }
      let cache = FeatureCache(folder: folder.appending(path: "features"))
      let shelf = try cache.shelf(for: Self.key())
      for number in 0..<60 {
        #expect(
          shelf.features(of: Self.picture(number), shape: [1, 1, 3000]) == Self.features(number, count: 3000),
          "picture \(number)")
      }
      // Twenty of each, and no temporary one.
      #expect(try files(of: cache).count == 40)
    }
  }
}

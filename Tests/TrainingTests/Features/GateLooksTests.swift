import Foundation
import Inference
import KidneyData
import NeuralNetworks
import TestSupport
import Testing
import Training

/// What a gate looks at is gathered while a network is trained, and kept in the feature cache.
@Suite struct GateLooksTests {
  /// Three of four pictures are trained on: 60 of 10 series.
  private func data(_ folder: URL) throws -> DataSet {
    try DrawnData.make(in: folder.appending(path: "data"), patients: 5, slices: 8)
  }

  private func gate(
    _ data: DataSet, cache: FeatureCache?, more: String = ""
  ) throws -> (gate: Gate, refusals: [Bool]) {
    let parameters = try DrawnData.parameters("GATE: true\nEPOCHS: 2\n" + more)
    let trainer = try Trainer(
      network: DrawnData.network(parameters), parameters: parameters, data: data, baseDigest: DrawnData.baseDigest,
      cache: cache, decoded: DecodedPictures())
    let training = data.labels.indices.filter { $0 % 4 != 0 }
    let validation = data.labels.indices.filter { $0 % 4 == 0 }
    _ = try trainer.train(training: training, validation: validation)
    let gate = try trainer.gate(training: training, seriesOf: data.labels.indices.map { $0 / 8 }, epochs: 2)
    return (gate, try trainer.refusals(of: validation, by: gate))
  }

  /// The cache's files of the gate's looks.
  private func kept(_ folder: URL) throws -> [URL] {
    let files = FileManager.default.enumerator(at: folder.appending(path: "cache"), includingPropertiesForKeys: nil)
    return try (files?.compactMap { $0 as? URL } ?? []).filter {
      try $0.pathExtension == "safetensors"
        && SafetensorsFile($0).metadata["key"]?.contains("roots of means of block3_pool") == true
    }
  }

  @Test func `a second training takes its looks from the cache and needs no picture`() throws {
    try withTemporaryFolder { folder in
      let data = try data(folder)
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      let first = try gate(data, cache: cache)
      #expect(first.gate.record.fit.images == 60 && first.gate.record.fit.series == 10)
      #expect(try !kept(folder).isEmpty)
      try FileManager.default.removeItem(at: data.root)
      let second = try gate(data, cache: cache)
      #expect(second.gate == first.gate && second.refusals == first.refusals)
    }
  }

  @Test func `unchanged looks that augmentation never shows are computed once for all folds`() throws {
    try withTemporaryFolder { folder in
      let data = try data(folder)
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      let parameters = try DrawnData.parameters("GATE: true\nEPOCHS: 2\nAUGMENTATION: true")
      func gate() throws -> Gate {
        // A fold's own trainer, before it is trained: as augmented pictures are trained on, no pass gives unchanged looks.
        let trainer = try Trainer(
          network: DrawnData.network(parameters), parameters: parameters, data: data, baseDigest: DrawnData.baseDigest,
          cache: cache, decoded: DecodedPictures())
        return try trainer.gate(
          training: data.labels.indices.filter { $0 % 4 != 0 }, seriesOf: data.labels.indices.map { $0 / 8 }, epochs: 2)
      }
      let first = try gate()
      #expect(first.record.fit.images == 60 && first.record.fit.changedImages == 120)
      try FileManager.default.removeItem(at: data.root)
      #expect(try gate() == first)
    }
  }

  @Test(arguments: ["", "AUGMENTATION: true", "TRAINABLE_FROM: block5_conv3"])
  func `the cache changes no bit of a gate`(more: String) throws {
    try withTemporaryFolder { folder in
      let data = try data(folder)
      let without = try gate(data, cache: nil, more: more)
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      for time in 1...2 {
        let with = try gate(data, cache: cache, more: more)
        #expect(with.gate == without.gate && with.refusals == without.refusals, "time \(time)")
      }
    }
  }

  @Test(arguments: ["cut", "header", "numbers", "gone"])
  func `a damaged cache is as good as none`(damage: String) throws {
    try withTemporaryFolder { folder in
      let data = try data(folder)
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      let first = try gate(data, cache: cache)
      let files = try kept(folder)
      try #require(!files.isEmpty)
      for url in files {
        var bytes = try Data(contentsOf: url)
        switch damage {
        case "cut": try bytes.prefix(bytes.count / 2).write(to: url)
        case "header":
          bytes[12] ^= 0x55
          try bytes.write(to: url)
        case "numbers":
          let file = try SafetensorsFile(url)
          let tensors = try file.names.map { name in
            (name, Tensor(shape: try file.tensor(name).shape, values: try file.tensor(name).values.map { _ in .nan }))
          }
          let metadata = file.metadata
          _ = try SafetensorsFile.write(to: url, tensors: tensors, metadata: metadata)
        default: try FileManager.default.removeItem(at: url)
        }
      }
      let second = try gate(data, cache: cache)
      #expect(second.gate == first.gate && second.refusals == first.refusals)
    }
  }
}

import Backbones
import Digests
import Foundation
import Inference
import NeuralNetworks
import TestSupport
import Testing

@Suite struct BaseLocatorTests {
  private let other = ContentDigest(of: "another base")

  /// Looks for the base of a model in `FOLDER/training/model.safetensors`.
  private func locate(
    in folder: URL, candidates: [URL] = [], network: String = "vgg16"
  ) throws -> String {
    let locator = BaseLocator(store: WeightStore(folder: folder.appending(path: "store")), candidates: candidates)
    return try locator.base(
      of: Models.description(network: network), model: folder.appending(path: "training/model.safetensors")
    ).url.standardizedFileURL.path
  }

  private static let places = [
    "candidate.safetensors", "training/base_model.safetensors", "prepare_base_model/base_model.safetensors",
    "store/vgg16.safetensors",
  ]

  @Test func `the first place whose base has the model's digest wins, in a fixed order`() throws {
    try withTemporaryFolder { folder in
      let places = Self.places.map { folder.appending(path: $0) }
      for place in places { try Models.storeBase(Models.baseDigest, at: place) }
      for place in places {
        #expect(try locate(in: folder, candidates: [places[0]]) == place.standardizedFileURL.path)
        try FileManager.default.removeItem(at: place)
      }
    }
  }

  @Test func `a base with another digest is passed over, and so is a file that is none`() throws {
    try withTemporaryFolder { folder in
      let places = Self.places.map { folder.appending(path: $0) }
      try Data("no weights".utf8).write(to: places[0])
      try Models.storeBase(other, at: places[1])
      try Models.storeBase(other, at: places[2])
      try Models.storeBase(Models.baseDigest, at: places[3])
      #expect(try locate(in: folder, candidates: [places[0]]) == places[3].standardizedFileURL.path)
    }
  }

  @Test func `without the right base the error names digest, every place tried and the command that helps`() throws {
    try withTemporaryFolder { folder in
      try Models.storeBase(other, at: folder.appending(path: "store/vgg16.safetensors"))
      let error = #expect(throws: InferenceError.self) {
        try locate(in: folder, candidates: [folder.appending(path: "candidate.safetensors")])
      }
      guard case .baseNotFound(_, "vgg16", Models.baseDigest, let tried) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(tried.count == 4)
      #expect(tried.last?.contains(other.short) == true)
      let text = error?.description ?? ""
      #expect(tried.allSatisfy(text.contains))
      #expect(text.contains(Models.baseDigest.short) && text.contains("nefro weights fetch vgg16"))
    }
  }

  @Test func `a network that this program does not know is not found`() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: InferenceError.self) { try locate(in: folder, network: "resnet50") }
      guard case .baseNotFound(_, "resnet50", _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

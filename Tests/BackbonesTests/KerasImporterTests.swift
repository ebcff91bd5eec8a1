import Backbones
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct KerasImporterTests {
  static let layouts: [(file: String, importer: String, hasTop: Bool)] = [
    ("keras1-notop.h5", "keras-hdf5", false), ("keras1-full.h5", "keras-hdf5", true),
    ("keras2-notop.h5", "keras-hdf5", false), ("keras2-model.h5", "keras-hdf5", false),
    ("keras3-model.h5", "keras-hdf5", false), ("keras3-nested-model.h5", "keras-hdf5", false),
    ("keras3-named.weights.h5", "keras3-hdf5", true), ("keras3-numbered.weights.h5", "keras3-hdf5", true),
    ("keras3-nested.weights.h5", "keras3-hdf5", false),
  ]

  @Test(arguments: layouts) func `every layout of Keras gives the same tensors`(
    _ layout: (file: String, importer: String, hasTop: Bool)
  ) throws {
    let weights = try readWeights(golden(layout.file))
    let expected = Tiny.convolutions + (layout.hasTop ? Tiny.top : [])
    #expect(weights.importer == layout.importer)
    #expect(weights.tensors.map(\.name) == expected.map(\.0))
    for (actual, expected) in zip(weights.tensors, expected) {
      #expect(actual.tensor == expected.1, "\(layout.file): \(actual.name)")
    }
  }

  @Test func `the digest of the base is the same from every file, and the whole one tells the top apart`() throws {
    let all = try Self.layouts.map { try readWeights(golden($0.file)) }
    #expect(Set(all.map(\.baseDigest)).count == 1)
    #expect(Set(all.map(\.wholeDigest)).count == 2)
  }

  @Test func `a missing layer is named with its shape and with what there is`() throws {
    let path = golden("wrong-missing.h5").path
    let error = try #require(throws: BackboneError.self) { try readWeights(golden("wrong-missing.h5")) }
    guard case .missingTensor(path, "block2_conv1/kernel", [3, 3, 3, 4], let found) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(found.contains("/block1_conv2/block1_conv2/kernel:0"))
    #expect(error.description.contains("[3, 3, 3, 4]"))
  }

  @Test func `a misshapen layer is named with its place and both shapes`() throws {
    let url = golden("wrong-shape.h5")
    #expect(
      throws: BackboneError.tensorShape(
        path: url.path, key: "block1_conv2/kernel", location: "/block1_conv2/block1_conv2/kernel:0",
        expected: [3, 3, 2, 3], actual: [3, 2, 3, 3])
    ) { try readWeights(url) }
  }

  @Test func `a declared size of terabytes is judged before anything is read`() throws {
    let url = golden("wrong-huge.h5")
    #expect(
      throws: BackboneError.tensorShape(
        path: url.path, key: "block1_conv1/bias", location: "/block1_conv1/block1_conv1/bias:0", expected: [2],
        actual: [1 << 40])
    ) { try readWeights(url) }
  }

  @Test func `a layer that is there twice is refused`() throws {
    let url = golden("wrong-twice.h5")
    #expect(
      throws: BackboneError.ambiguousTensor(
        path: url.path, key: "block1_conv1/kernel",
        locations: ["/block1_conv1/block1_conv1/kernel:0", "/copy/block1_conv1/kernel:0"])
    ) { try readWeights(url) }
  }

  @Test func `a value that is not a number is refused`() throws {
    let url = golden("wrong-nan.h5")
    #expect(throws: BackboneError.notFinite(path: url.path, key: "block2_conv1/bias", position: 2)) {
      try readWeights(url)
    }
  }

  @Test(arguments: ["wrong-links.h5", "wrong-external.h5"])
  func `links out of the file are not followed`(_ file: String) throws {
    let error = try #require(throws: BackboneError.self) { try readWeights(golden(file)) }
    guard case .missingTensor = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `a group that holds itself ends the reading`() throws {
    let error = try #require(throws: BackboneError.self) { try readWeights(golden("wrong-cycle.h5")) }
    guard case .unreadable(_, let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("nested"))
  }

  @Test func `weights of another network of the family are refused`() throws {
    let wider = VGGArchitecture(name: "wider", blocks: [[2, 3], [5]], topUnits: [5, 4, 3], topInputSide: 8)
    #expect(throws: BackboneError.self) { try readWeights(golden("keras2-notop.h5"), architecture: wider) }
    let deeper = VGGArchitecture(name: "deeper", blocks: [[2, 3], [4, 4]], topUnits: [5, 4, 3], topInputSide: 8)
    #expect(throws: BackboneError.self) { try readWeights(golden("keras3-numbered.weights.h5"), architecture: deeper) }
  }

  @Test func `a file cut short anywhere is an error or whole, and never a crash`() throws {
    let whole = try Data(contentsOf: golden("keras1-notop.h5"))
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "cut.h5")
      var errors = 0
      for count in stride(from: 0, to: whole.count, by: 151) {
        try whole.prefix(count).write(to: url)
        #expect(throws: BackboneError.self, "\(count) bytes") { try readWeights(url) }
        errors += 1
      }
      #expect(errors > 75)
    }
  }
}

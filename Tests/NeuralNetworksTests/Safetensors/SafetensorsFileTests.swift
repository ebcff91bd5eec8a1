import Foundation
import LocalFiles
import NeuralNetworks
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  private let tensors: [(name: String, tensor: Tensor)] = [
    ("block1/kernel", ramp([2, 3], step: 0.5)), ("a \"quoted\"\\ name\n\u{1}é", ramp([1, 1, 4], from: -2)),
    ("empty", Tensor(shape: [3, 0])), ("number", Tensor(shape: [], values: [7])),
  ]
  private let metadata = ["format": "pt", "labels": "[\"Normal\",\"Tumor\"]", "": "línea\t2"]

  @Test func `what is written is read back`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "new/model.safetensors")
      let size = try SafetensorsFile.write(to: url, tensors: tensors, metadata: metadata)
      #expect(try Data(contentsOf: url).count == size)
      let file = try SafetensorsFile(url)
      #expect(file.metadata == metadata)
      #expect(file.names == tensors.map(\.name).sorted())
      for (name, tensor) in tensors {
        #expect(try file.tensor(name) == tensor)
        #expect(try file.shape(of: name) == tensor.shape)
      }
    }
  }

  @Test func `tensors are views of the mapped file and outlive it`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafetensorsFile.write(to: url, tensors: tensors, metadata: [:])
      let tensor = try SafetensorsFile(url).tensor("block1/kernel")
      #expect(tensor.isView)
      #expect(tensor == tensors[0].tensor)
    }
  }

  @Test func `the bytes depend on names, tensors and metadata alone`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "1"), folder.appending(path: "2"))
      try SafetensorsFile.write(to: first, tensors: tensors, metadata: metadata)
      try SafetensorsFile.write(to: second, tensors: tensors.reversed(), metadata: metadata)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }
  }

  @Test func `the bytes are the documented ones and tensors begin at a multiple of eight`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafetensorsFile.write(
        to: url, tensors: [("b", Tensor(shape: [1], values: [1])), ("a", Tensor(shape: [2, 1]))],
        metadata: ["x": "1", "k": "v"])
      let json =
        #"{"__metadata__":{"k":"v","x":"1"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
      let padded = json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
      var expected = Data([UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0])
      expected += Data(padded.utf8) + Data(repeating: 0, count: 8) + Data([0, 0, 0x80, 0x3F])
      #expect(try Data(contentsOf: url) == expected)
      #expect(padded.utf8.count % 8 == 0)
    }
  }

  /// The golden files come from the format's reference writer.
  @Test(arguments: ["layers", "losses", "optimizers", "training"])
  func `a file of the reference writer is written again byte by byte`(name: String) throws {
    let golden = Bundle.module.bundleURL.appending(path: "Golden/\(name).safetensors")
    let file = try SafetensorsFile(golden)
    #expect(file.metadata == ["keras": "3.15.1"])
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "again.safetensors")
      let tensors = try file.names.map { ($0, try file.tensor($0)) }
      #expect(tensors.count > 10)
      try SafetensorsFile.write(to: url, tensors: tensors, metadata: file.metadata)
      #expect(try Data(contentsOf: url) == Data(contentsOf: golden))
    }
  }

  @Test func `a tensor that is missing or of another type is named`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try encoded(#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, data: 4).write(to: url)
      let file = try SafetensorsFile(url)
      #expect(file.names == ["a"])
      #expect(throws: NeuralNetworkError.tensorNotFound(path: url.path, name: "b")) { try file.tensor("b") }
      #expect(throws: NeuralNetworkError.unsupportedElementType(path: url.path, name: "a", type: "F16")) {
        try file.tensor("a")
      }
    }
  }

  @Test func `elements that are not aligned in the file are read all the same`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      for padding in 0..<8 {
        let json =
          #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#
          + String(repeating: " ", count: padding)
        var data = encoded(json, data: 0) + [9]
        for value: Float in [1.5, -2] { data += withUnsafeBytes(of: value) { Data($0) } }
        try data.write(to: url)
        #expect(try SafetensorsFile(url).tensor("b").values == [1.5, -2])
      }
    }
  }

  @Test func `a name given twice or reserved is not written, and what was there stays`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      try SafetensorsFile.write(to: url, tensors: tensors, metadata: [:])
      let before = try Data(contentsOf: url)
      for names in [["a", "b", "a"], ["__metadata__"]] {
        #expect(throws: NeuralNetworkError.self) {
          try SafetensorsFile.write(to: url, tensors: names.map { ($0, ramp([1])) }, metadata: [:])
        }
      }
      #expect(try Data(contentsOf: url) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.safetensors"])
    }
  }

  @Test func `a file that is not there is the file's error`() {
    let url = URL(filePath: "/nonexistent/model.safetensors")
    #expect(throws: LocalFileError.self) { try SafetensorsFile(url) }
  }
}

/// A file with a header and so many bytes of zeros behind it.
func encoded(_ json: String, data count: Int) -> Data {
  withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Data($0) } + Data(json.utf8) + Data(count: count)
}

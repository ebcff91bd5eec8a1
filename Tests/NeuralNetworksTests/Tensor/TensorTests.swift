import LocalFiles
import NeuralNetworks
import Synchronization
import TestSupport
import Testing

@Suite struct TensorTests {
  @Test func `a tensor holds its values in row-major order`() {
    let tensor = ramp([2, 3])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.count == 6)
    #expect(tensor.values == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [0, 1, 5, 100_000, 400_000, 2_000_000])
  func `memory of any size is aligned to 64 bytes and filled`(count: Int) {
    for value in [Float(0), 3] {
      let tensor = Tensor(shape: [count], repeating: value)
      tensor.withUnsafeValues {
        #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0)
        #expect($0.count == count && $0.allSatisfy { $0 == value })
      }
    }
  }

  @Test func `an empty shape is a single number and a zero in it is none`() {
    #expect(Tensor(shape: [], values: [4]).values == [4])
    #expect(Tensor(shape: [3, 0, 2]).values == [])
  }

  @Test func `a copy keeps its values when the other is written`() {
    let first = ramp([4])
    var second = first
    second.withUnsafeMutableValues { $0[0] = 9 }
    #expect(first.values == [0, 1, 2, 3])
    #expect(second.values == [9, 1, 2, 3])
  }

  @Test func `a tensor that nobody shares is written in place`() {
    var tensor = ramp([4])
    let before = tensor.withUnsafeValues { $0.baseAddress! }
    tensor.withUnsafeMutableValues { $0[0] = 9 }
    #expect(tensor.withUnsafeValues { $0.baseAddress! } == before)
  }

  @Test func `a reshaped tensor shares memory until it is written`() {
    let tensor = ramp([2, 3])
    var flat = tensor.reshaped([6])
    #expect(flat.shape == [6])
    #expect(flat.withUnsafeValues { $0.baseAddress! } == tensor.withUnsafeValues { $0.baseAddress! })
    flat.withUnsafeMutableValues { $0[5] = 0 }
    #expect(tensor.values.last == 5)
  }

  @Test func `a view reads its owner's memory, keeps it alive and copies before a write`() {
    let living = Living()
    var view: Tensor?
    do {
      let owner = MemoryOwner([1, 2], living)
      view = Tensor(shape: [2], viewing: owner.memory, owner: owner)
    }
    #expect(living.count == 1)
    #expect(view?.isView == true)
    #expect(view?.values == [1, 2])
    let unchanged = view
    view?.withUnsafeMutableValues { $0[0] = 7 }
    #expect(view?.values == [7, 2])
    #expect(view?.isView == false)
    #expect(unchanged?.values == [1, 2])
    #expect(living.count == 1)
    withExtendedLifetime(unchanged) {}
  }

  @Test func `equality wants shape and every element`() {
    #expect(ramp([2, 3]) == ramp([2, 3]))
    #expect(ramp([2, 3]) != ramp([3, 2]))
    #expect(ramp([2]) != Tensor(shape: [2], values: [0, 2]))
    #expect(Tensor(shape: [1], values: [.nan]) != Tensor(shape: [1], values: [.nan]))
  }

  @Test func `elements are counted without overflow`() {
    #expect(elementCount(of: [2, 3, 4]) == 24)
    #expect(elementCount(of: []) == 1)
    #expect(elementCount(of: [1 << 40, 1 << 40]) == nil)
    #expect(elementCount(of: [1 << 40, 1 << 40, 0]) == nil)
    #expect(elementCount(of: [0, 1 << 40, 1 << 40]) == 0)
    #expect(elementCount(of: [2, -1]) == nil)
  }

  @Test func `pages of a mapped tensor can be dropped and come back`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "weights.safetensors")
      try SafetensorsFile.write(to: url, tensors: [("a", ramp([100_000]))], metadata: [:])
      let tensor = try SafetensorsFile(url).tensor("a")
      #expect(tensor.isView)
      tensor.dropMappedPages()
      #expect(tensor == ramp([100_000]))
      let own = ramp([10])
      own.dropMappedPages()
      #expect(own == ramp([10]))
    }
  }
}

/// Counts the objects that are alive.
private final class Living: Sendable {
  private let counter = Mutex(0)
  var count: Int { counter.withLock { $0 } }
  func add(_ change: Int) { counter.withLock { $0 += change } }
}

/// Owns floats outside of any tensor. Unchecked because it holds a pointer that is written only here.
private final class MemoryOwner: @unchecked Sendable {
  let memory: UnsafePointer<Float>
  private let living: Living

  init(_ values: [Float], _ living: Living) {
    let floats = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
    floats.initialize(from: values, count: values.count)
    memory = UnsafePointer(floats)
    self.living = living
    living.add(1)
  }

  deinit {
    UnsafeMutablePointer(mutating: memory).deallocate()
    living.add(-1)
  }
}

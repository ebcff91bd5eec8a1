import LocalFiles

/// An array of Float32 with a shape: row-major, channels last, 64-byte aligned.
///
/// A value: a copy shares memory until one of the two is written. The first dimension of what goes through a network is
/// the batch, as in `[batch, height, width, channels]`.
public struct Tensor: Sendable {
  /// The dimensions, outermost first; empty for a single number.
  public let shape: [Int]
  private var storage: TensorStorage

  /// - Parameters:
  ///   - shape: dimensions of zero or more; their product must fit in an `Int`.
  ///   - value: what every element is.
  public init(shape: [Int], repeating value: Float = 0) {
    self.init(shape: shape, storage: TensorStorage(count: Self.count(of: shape), zeroed: true))
    if value != 0 { UnsafeMutableBufferPointer(start: storage.start, count: storage.count).update(repeating: value) }
  }

  /// - Parameter values: the elements, row-major; as many as the shape says.
  public init(shape: [Int], values: [Float]) {
    self.init(uninitialized: shape)
    precondition(values.count == storage.count, "\(values.count) values for a tensor of shape \(shape)")
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { storage.start.update(from: start, count: source.count) }
    }
  }

  /// A tensor in memory of someone else, such as a mapped file. It is copied when it is first written to.
  ///
  /// - Parameters:
  ///   - start: the first of as many elements as the shape says; they must not change while `owner` lives.
  ///   - owner: what keeps that memory alive.
  public init(shape: [Int], viewing start: UnsafePointer<Float>, owner: any AnyObject & Sendable) {
    self.init(
      shape: shape, storage: TensorStorage(viewing: start, count: Self.count(of: shape), owner: owner))
  }

  /// A tensor whose elements are undefined until they are written.
  package init(uninitialized shape: [Int]) {
    self.init(shape: shape, storage: TensorStorage(count: Self.count(of: shape), zeroed: false))
  }

  private init(shape: [Int], storage: TensorStorage) {
    self.shape = shape
    self.storage = storage
  }

  private static func count(of shape: [Int]) -> Int {
    guard let count = elementCount(of: shape) else { preconditionFailure("no tensor can have shape \(shape)") }
    return count
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// A copy of the elements, row-major.
  public var values: [Float] { withUnsafeValues { Array($0) } }

  /// The same elements under another shape of as many elements; nothing is copied.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(Self.count(of: shape) == count, "\(self.shape) cannot be read as \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  /// - Parameter body: gets the elements; the pointer must not leave it.
  public func withUnsafeValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.start, count: storage.count))
  }

  /// - Parameter body: gets the elements to change in place; the pointer must not leave it.
  public mutating func withUnsafeMutableValues<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if storage.owner != nil || !isKnownUniquelyReferenced(&storage) {
      let copy = TensorStorage(count: storage.count, zeroed: false)
      copy.start.update(from: storage.start, count: storage.count)
      dropMappedPages()  // The copy replaces what was read of a file.
      storage = copy
    }
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.start, count: storage.count))
  }

  /// Whether the elements lie in memory that belongs to someone else, such as a mapped file.
  public var isView: Bool { storage.owner != nil }

  /// Lets the system take back the memory pages of a mapped file behind this tensor; they are read again when touched.
  /// Nothing happens to a tensor that is not a view of a mapped file.
  public func dropMappedPages() {
    guard let file = storage.owner as? MappedFile, let base = file.bytes.baseAddress, count > 0 else { return }
    let first = UnsafeRawPointer(storage.start) - base
    file.drop(first..<first + count * MemoryLayout<Float>.stride)
  }
}

extension Tensor: Equatable {
  /// Equal shapes and equal elements, by the rules of `Float`: NaN equals nothing.
  public static func == (first: Tensor, second: Tensor) -> Bool {
    guard first.shape == second.shape else { return false }
    return first.withUnsafeValues { a in second.withUnsafeValues { b in a.elementsEqual(b) } }
  }
}

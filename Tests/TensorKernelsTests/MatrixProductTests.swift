import TensorKernels
import TestSupport
import Testing

struct MatrixProductTests {
  struct Size: CustomStringConvertible, Sendable {
    let m, n, k: Int
    init(_ m: Int, _ n: Int, _ k: Int) {
      self.m = m
      self.n = n
      self.k = k
    }
    var description: String { "\(m) x \(n), sum over \(k)" }
  }

  static let sizes: [Size] = [
    .init(1, 1, 1), .init(1, 2, 700), .init(6, 16, 32), .init(7, 17, 33), .init(5, 15, 255), .init(13, 31, 256),
    .init(100, 40, 257), .init(97, 130, 9), .init(16, 300, 40), .init(200, 3, 16),
  ]

  @Test(arguments: sizes, KernelPath.supported)
  func `a product agrees with its definition, transposed or not, added or not`(_ size: Size, path: KernelPath) {
    let (m, n, k) = (size.m, size.n, size.k)
    for aTransposed in [false, true] {
      for bTransposed in [false, true] {
        for accumulate in [false, true] {
          // Rows are further apart than they are long, and what is between them stays.
          let aRow = (aTransposed ? m : k) + 3
          let bRow = (bTransposed ? k : n) + 2
          let cRow = n + 1
          let a = GuardedFloats(count: (aTransposed ? k : m) * aRow - 3, seed: 1)
          let b = GuardedFloats(count: (bTransposed ? n : k) * bRow - 2, seed: 2)
          let c = GuardedFloats(count: m * cRow - 1, seed: 3)
          var expected = c.values.map(Double.init)
          for i in 0..<m {
            for j in 0..<n {
              var sum = accumulate ? expected[i * cRow + j] : 0
              for l in 0..<k {
                sum +=
                  Double(a.pointer[aTransposed ? l * aRow + i : i * aRow + l])
                  * Double(b.pointer[bTransposed ? j * bRow + l : l * bRow + j])
              }
              expected[i * cRow + j] = sum
            }
          }
          matrixProduct(
            rows: m, columns: n, inner: k, a: a.pointer, aRowStride: aRow, aTransposed: aTransposed, b: b.pointer,
            bRowStride: bRow, bTransposed: bTransposed, c: c.pointer, cRowStride: cRow, accumulate: accumulate,
            pool: fiveThreads, path: path)
          #expect(
            relativeError(c.values.map(Double.init), expected) < 2e-6,
            "A transposed: \(aTransposed), B transposed: \(bTransposed), added: \(accumulate)")
        }
      }
    }
  }

  @Test func `a hand-made product`() {
    let a = GuardedFloats([1, 2, 3, 4, 5, 6])
    let b = GuardedFloats([7, 8, 9, 10, 11, 12])
    let c = GuardedFloats(count: 4)
    matrixProduct(
      rows: 2, columns: 2, inner: 3, a: a.pointer, aRowStride: 3, aTransposed: false, b: b.pointer, bRowStride: 2,
      bTransposed: false, c: c.pointer, cRowStride: 2, accumulate: false, pool: singleThread)
    #expect(c.values == [58, 64, 139, 154])
  }

  @Test func `a sum over nothing is zero`() {
    let nothing = GuardedFloats(count: 1)
    let c = GuardedFloats([1, 2, 3, 4])
    func product(accumulate: Bool) {
      matrixProduct(
        rows: 2, columns: 2, inner: 0, a: nothing.pointer, aRowStride: 0, aTransposed: false, b: nothing.pointer,
        bRowStride: 2, bTransposed: false, c: c.pointer, cRowStride: 2, accumulate: accumulate, pool: singleThread)
    }
    product(accumulate: true)
    #expect(c.values == [1, 2, 3, 4])
    product(accumulate: false)
    #expect(c.values == [0, 0, 0, 0])
  }

  @Test func `columns are summed`() {
    let ramp = GuardedFloats((0..<12).map(Float.init))
    let sums = GuardedFloats(count: 3)
    columnSums(rows: 4, columns: 3, input: ramp.pointer, output: sums.pointer, pool: singleThread)
    #expect(sums.values == [18, 22, 26])

    // A chain of a million additions of 0.1 in single precision would be off by a percent.
    let tenths = GuardedFloats(count: 1_000_000, repeating: 0.1)
    let sum = GuardedFloats(count: 1)
    columnSums(rows: 1_000_000, columns: 1, input: tenths.pointer, output: sum.pointer, pool: fiveThreads)
    #expect(relativeError(sum.values, [100_000]) < 1e-5)
  }
}

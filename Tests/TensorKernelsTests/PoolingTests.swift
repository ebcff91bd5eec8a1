import TensorKernels
import TestSupport
import Testing

struct PoolingTests {
  static let shapes: [PoolingShape] = [
    .init(4, 4, 8, window: (2, 2), stride: (2, 2)),
    .init(7, 9, 19, window: (2, 2), stride: (2, 2)),
    .init(8, 7, 5, window: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
    .init(6, 6, 16, window: (3, 3), stride: (1, 1), padding: (0, 1, 2, 1)),
    .init(7, 7, 33, window: (7, 7), stride: (7, 7)),
    .init(5, 11, 3, window: (1, 4), stride: (1, 3), padding: (0, 2, 0, 3)),
    .init(9, 5, 1, window: (2, 3), stride: (4, 4)),
  ]

  /// Pixels of the window at a result, in the order that a window is read.
  private func window(_ shape: PoolingShape, _ n: Int, _ oy: Int, _ ox: Int, _ c: Int) -> [Int] {
    (0..<shape.windowHeight).flatMap { i in
      (0..<shape.windowWidth).compactMap { j in
        let y = oy * shape.strideHeight + i - shape.paddingTop
        let x = ox * shape.strideWidth + j - shape.paddingLeft
        guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { return nil }
        return ((n * shape.inputHeight + y) * shape.inputWidth + x) * shape.channels + c
      }
    }
  }

  private func forEachResult(_ shape: PoolingShape, batch: Int, _ body: (_ output: Int, _ window: [Int]) -> Void) {
    for n in 0..<batch {
      for oy in 0..<shape.outputHeight {
        for ox in 0..<shape.outputWidth {
          for c in 0..<shape.channels {
            body(
              ((n * shape.outputHeight + oy) * shape.outputWidth + ox) * shape.channels + c, window(shape, n, oy, ox, c)
            )
          }
        }
      }
    }
  }

  @Test(arguments: shapes)
  func `maximum pooling and its gradient agree with their definition`(_ shape: PoolingShape) {
    let batch = 2
    // Few different values, so that maxima are often shared.
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
    for index in 0..<input.count { input.pointer[index] = (input.pointer[index] * 3).rounded() }
    let given = GuardedFloats(count: batch * shape.outputCount, seed: 2)
    let output = GuardedFloats(count: batch * shape.outputCount)
    let gradient = GuardedFloats(count: batch * shape.inputCount)
    maxPool(shape: shape, input: input.pointer, output: output.pointer, batch: batch, pool: fiveThreads)
    maxPoolGradient(
      shape: shape, input: input.pointer, outputGradient: given.pointer, inputGradient: gradient.pointer,
      batch: batch, pool: fiveThreads)
    var expected = [Float](repeating: .nan, count: output.count)
    var expectedGradient = [Float](repeating: 0, count: gradient.count)
    forEachResult(shape, batch: batch) { index, window in
      var first = window[0]
      for place in window where input.pointer[place] > input.pointer[first] { first = place }
      expected[index] = input.pointer[first]
      expectedGradient[first] += given.pointer[index]
    }
    #expect(output.values == expected)
    #expect(gradient.values == expectedGradient)
  }

  @Test(arguments: shapes)
  func `average pooling and its gradient do not count padding`(_ shape: PoolingShape) {
    let batch = 2
    let input = GuardedFloats(count: batch * shape.inputCount, seed: 1)
    let given = GuardedFloats(count: batch * shape.outputCount, seed: 2)
    let output = GuardedFloats(count: batch * shape.outputCount)
    let gradient = GuardedFloats(count: batch * shape.inputCount)
    averagePool(shape: shape, input: input.pointer, output: output.pointer, batch: batch, pool: fiveThreads)
    averagePoolGradient(
      shape: shape, outputGradient: given.pointer, inputGradient: gradient.pointer, batch: batch, pool: fiveThreads)
    var expected = [Double](repeating: .nan, count: output.count)
    var expectedGradient = [Double](repeating: 0, count: gradient.count)
    forEachResult(shape, batch: batch) { index, window in
      expected[index] = window.reduce(0) { $0 + Double(input.pointer[$1]) } / Double(window.count)
      for place in window { expectedGradient[place] += Double(given.pointer[index]) / Double(window.count) }
    }
    #expect(relativeError(output.values.map(Double.init), expected) < 1e-6)
    #expect(relativeError(gradient.values.map(Double.init), expectedGradient) < 1e-6)
  }

  @Test func `a ramp is pooled`() {
    let shape = PoolingShape(4, 4, 1, window: (2, 2), stride: (2, 2))
    let ramp = GuardedFloats((0..<16).map(Float.init))
    let output = GuardedFloats(count: 4)
    maxPool(shape: shape, input: ramp.pointer, output: output.pointer, batch: 1, pool: singleThread)
    #expect(output.values == [5, 7, 13, 15])
    averagePool(shape: shape, input: ramp.pointer, output: output.pointer, batch: 1, pool: singleThread)
    #expect(output.values == [2.5, 4.5, 10.5, 12.5])
  }

  @Test func `the first of equal maxima gets the whole gradient`() {
    let shape = PoolingShape(2, 2, 1, window: (2, 2), stride: (2, 2))
    let input = GuardedFloats([3, 7, 7, 7])
    let given = GuardedFloats([2])
    let gradient = GuardedFloats(count: 4)
    maxPoolGradient(
      shape: shape, input: input.pointer, outputGradient: given.pointer, inputGradient: gradient.pointer, batch: 1,
      pool: singleThread)
    #expect(gradient.values == [0, 2, 0, 0])
  }

  @Test(arguments: [1, 7, 8, 40_001])
  func `ReLU and its gradient`(count: Int) {
    let input = GuardedFloats(count: count, seed: 1)
    input.pointer[0] = 0
    let given = GuardedFloats(count: count, seed: 2)
    let output = GuardedFloats(count: count)
    let gradient = GuardedFloats(count: count)
    relu(input: input.pointer, output: output.pointer, count: count, pool: fiveThreads)
    reluGradient(
      output: output.pointer, outputGradient: given.pointer, inputGradient: gradient.pointer, count: count,
      pool: fiveThreads)
    #expect(output.values == input.values.map { max(0, $0) })
    #expect(gradient.values == zip(input.values, given.values).map { $0 > 0 ? $1 : 0 })
  }

  @Test func `ReLU does not hide what is not a number`() {
    let input = GuardedFloats([.nan, -1])
    let output = GuardedFloats(count: 2)
    relu(input: input.pointer, output: output.pointer, count: 2, pool: singleThread)
    #expect(output.values[0].isNaN)
    #expect(output.values[1] == 0)
  }
}

extension PoolingShape {
  init(
    _ height: Int, _ width: Int, _ channels: Int, window: (Int, Int), stride: (Int, Int),
    padding: (top: Int, left: Int, bottom: Int, right: Int) = (0, 0, 0, 0)
  ) {
    self.init(
      inputHeight: height, inputWidth: width, channels: channels, windowHeight: window.0, windowWidth: window.1,
      strideHeight: stride.0, strideWidth: stride.1, paddingTop: padding.top, paddingLeft: padding.left,
      paddingBottom: padding.bottom, paddingRight: padding.right)
  }
}

import TensorKernels

/// A row of the table of depthwise shapes.
struct DepthwiseCase: CustomStringConvertible, Sendable {
  let description: String
  let shape: DepthwiseShape
  let batch: Int

  init(_ description: String, _ shape: DepthwiseShape, batch: Int = 1) {
    self.description = description
    self.shape = shape
    self.batch = batch
  }

  /// Every kernel and stride that has tiles, whole and cut ones, and what has none.
  static let all: [DepthwiseCase] =
    [3, 5, 7].flatMap { kernel in
      [1, 2].flatMap { stride in
        [
          DepthwiseCase(
            "\(kernel)x\(kernel), stride \(stride), same as Keras pads",
            .same(20, 27, 24, (kernel, kernel), (stride, stride)), batch: 2),
          DepthwiseCase(
            "\(kernel)x\(kernel), stride \(stride), even size and a tail of channels",
            .same(14, 14, 21, (kernel, kernel), (stride, stride)), batch: 2),
          DepthwiseCase(
            "\(kernel)x\(kernel), stride \(stride), valid",
            .init(18, 36, 16, kernel: (kernel, kernel), stride: (stride, stride))),
        ]
      }
    } + [
      .init("a picture smaller than the kernel", .same(3, 2, 16, (7, 7), (1, 1)), batch: 3),
      .init("as large as a tile", .same(8, 8, 32, (3, 3), (1, 1))),
      .init("7x7 pixels, many channels", .same(7, 7, 200, (5, 5), (1, 1)), batch: 2),
      .init("more channels than are worked on together", .same(7, 7, 700, (3, 3), (2, 2))),
      .init("more rows than a block", .same(37, 9, 16, (3, 3), (1, 1)), batch: 70),
      .init("fewer channels than a vector", .same(9, 10, 5, (3, 3), (1, 1)), batch: 2),
      .init("one channel, stride 2", .same(9, 10, 1, (5, 5), (2, 2)), batch: 2),
      .init("1x3", .same(6, 20, 8, (1, 3), (1, 1))),
      .init("7x1, stride (2, 1)", .same(11, 9, 8, (7, 1), (2, 1))),
      .init("2x4", .same(9, 12, 9, (2, 4), (1, 1)), batch: 2),
      .init("6x6, no tiles", .same(13, 14, 17, (6, 6), (1, 1)), batch: 2),
      .init("9x9, no tiles", .same(13, 14, 17, (9, 9), (1, 1)), batch: 2),
      .init("3x3, stride 3", .same(13, 14, 17, (3, 3), (3, 3)), batch: 2),
      .init("strides larger than the kernel", .init(13, 14, 17, kernel: (2, 2), stride: (3, 4)), batch: 2),
      .init(
        "padding on one side only", .init(9, 10, 16, kernel: (3, 3), padding: (2, 0, 0, 1))),
      .init(
        "padding wider than the kernel", .init(5, 6, 16, kernel: (3, 3), padding: (3, 4, 4, 3))),
      .init(
        "padding wider than the kernel, stride 2",
        .init(5, 6, 16, kernel: (3, 3), stride: (2, 2), padding: (4, 5, 4, 3))),
    ]
}

extension DepthwiseShape {
  init(
    _ height: Int, _ width: Int, _ channels: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    padding: (top: Int, left: Int, bottom: Int, right: Int) = (0, 0, 0, 0)
  ) {
    self.init(
      inputHeight: height, inputWidth: width, channels: channels, kernelHeight: kernel.0, kernelWidth: kernel.1,
      strideHeight: stride.0, strideWidth: stride.1, paddingTop: padding.top, paddingLeft: padding.left,
      paddingBottom: padding.bottom, paddingRight: padding.right)
  }

  /// Keras's `same`: as many results as ceil(input / stride), the odd row or column at the bottom and the right.
  static func same(
    _ height: Int, _ width: Int, _ channels: Int, _ kernel: (Int, Int), _ stride: (Int, Int)
  ) -> DepthwiseShape {
    let rows = max(0, ((height + stride.0 - 1) / stride.0 - 1) * stride.0 + kernel.0 - height)
    let columns = max(0, ((width + stride.1 - 1) / stride.1 - 1) * stride.1 + kernel.1 - width)
    return .init(
      height, width, channels, kernel: kernel, stride: stride,
      padding: (rows / 2, columns / 2, rows - rows / 2, columns - columns / 2))
  }
}

/// Depthwise convolution and its gradients in double precision, written as the definition reads.
struct NaiveDepthwise {
  let shape: DepthwiseShape
  let batch: Int

  private func forEachTap(_ body: (_ input: Int, _ kernel: Int, _ output: Int) -> Void) {
    for n in 0..<batch {
      for oy in 0..<shape.outputHeight {
        for ox in 0..<shape.outputWidth {
          for i in 0..<shape.kernelHeight {
            for j in 0..<shape.kernelWidth {
              let y = oy * shape.strideHeight + i - shape.paddingTop
              let x = ox * shape.strideWidth + j - shape.paddingLeft
              guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { continue }
              for c in 0..<shape.channels {
                body(
                  ((n * shape.inputHeight + y) * shape.inputWidth + x) * shape.channels + c,
                  (i * shape.kernelWidth + j) * shape.channels + c,
                  ((n * shape.outputHeight + oy) * shape.outputWidth + ox) * shape.channels + c)
              }
            }
          }
        }
      }
    }
  }

  func forward(_ input: GuardedFloats, _ kernel: GuardedFloats, bias: GuardedFloats?, relu: Bool) -> [Double] {
    var output = [Double](repeating: 0, count: batch * shape.outputCount)
    forEachTap { output[$2] += Double(input.pointer[$0]) * Double(kernel.pointer[$1]) }
    for index in output.indices {
      if let bias { output[index] += Double(bias.pointer[index % shape.channels]) }
      if relu { output[index] = max(0, output[index]) }
    }
    return output
  }

  func inputGradient(_ kernel: GuardedFloats, _ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: batch * shape.inputCount)
    forEachTap { gradient[$0] += Double(kernel.pointer[$1]) * Double(outputGradient.pointer[$2]) }
    return gradient
  }

  func kernelGradient(_ input: GuardedFloats, _ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: shape.kernelCount)
    forEachTap { gradient[$1] += Double(input.pointer[$0]) * Double(outputGradient.pointer[$2]) }
    return gradient
  }

  func biasGradient(_ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: shape.channels)
    for index in 0..<batch * shape.outputCount {
      gradient[index % shape.channels] += Double(outputGradient.pointer[index])
    }
    return gradient
  }
}

import TensorKernels

/// A row of the table of shapes that every convolution test goes through.
struct ConvolutionCase: CustomStringConvertible, Sendable {
  let description: String
  let shape: ConvolutionShape
  let batch: Int

  init(_ description: String, _ shape: ConvolutionShape, batch: Int = 1) {
    self.description = description
    self.shape = shape
    self.batch = batch
  }

  /// Every convolution of VGG-16 at 224 x 224, by its first name.
  static let vgg16 = [
    ("block1_conv1", 224, 3, 64), ("block1_conv2", 224, 64, 64), ("block2_conv1", 112, 64, 128),
    ("block2_conv2", 112, 128, 128), ("block3_conv1", 56, 128, 256), ("block3_conv2", 56, 256, 256),
    ("block4_conv1", 28, 256, 512), ("block4_conv2", 28, 512, 512), ("block5_conv1", 14, 512, 512),
  ].map { ConvolutionCase($0, .same3x3($1, $1, $2, $3)) }

  static let all: [ConvolutionCase] = [
    // Winograd: enough channels, 3x3, stride 1.
    .init("3x3 same, whole tiles", .same3x3(8, 8, 16, 16)),
    .init("3x3 same, odd size, batch 3", .same3x3(7, 9, 16, 32), batch: 3),
    .init("3x3 same, tails of channels", .same3x3(10, 13, 19, 21), batch: 2),
    .init("3x3 same, one column of a panel", .same3x3(6, 6, 24, 17)),
    .init("3x3 same, more channels than a patch", .same3x3(5, 6, 70, 40), batch: 2),
    .init("3x3 same, a panel of eight", .same3x3(9, 4, 40, 24)),
    .init("3x3 valid", .init(height: 11, width: 8, inputs: 32, outputs: 16, kernel: (3, 3)), batch: 2),
    .init(
      "3x3, padding on one side only",
      .init(height: 9, width: 10, inputs: 32, outputs: 32, kernel: (3, 3), padding: (2, 0, 0, 1))),
    .init(
      "3x3, padding wider than the kernel",
      .init(height: 5, width: 6, inputs: 32, outputs: 32, kernel: (3, 3), padding: (3, 4, 4, 3))),
    .init("3x3 same, many tiles", .same3x3(30, 37, 16, 16), batch: 2),
    .init("3x3 same, wide channels", .same3x3(4, 4, 136, 144)),
    // Winograd on tiles of six by six.
    .init("3x3 same, large tiles, tails of pixels and channels, batch 2", .same3x3(34, 37, 19, 21), batch: 2),
    .init("3x3 same, large tiles, more channels than a patch", .same3x3(31, 32, 70, 40)),
    .init(
      "3x3, large tiles, padding on one side only",
      .init(height: 35, width: 35, inputs: 32, outputs: 32, kernel: (3, 3), padding: (2, 0, 0, 1))),
    .init(
      "3x3, large tiles, padding wider than the kernel",
      .init(height: 29, width: 30, inputs: 16, outputs: 24, kernel: (3, 3), padding: (3, 4, 4, 3)), batch: 2),
    // Implicit product: everything else.
    .init("first layer: 3 channels", .same3x3(12, 13, 3, 16), batch: 2),
    .init("one channel in and out", .same3x3(5, 5, 1, 1)),
    .init("1x1", .init(height: 6, width: 7, inputs: 20, outputs: 33, kernel: (1, 1)), batch: 2),
    .init(
      "1x1, stride 2", .init(height: 7, width: 8, inputs: 9, outputs: 18, kernel: (1, 1), stride: (2, 2)), batch: 2),
    .init(
      "1x1 with padding", .init(height: 4, width: 5, inputs: 8, outputs: 16, kernel: (1, 1), padding: (1, 1, 1, 1))),
    .init(
      "3x3, stride 2, same as Keras pads",
      .init(height: 8, width: 8, inputs: 16, outputs: 24, kernel: (3, 3), stride: (2, 2), padding: (0, 0, 1, 1)),
      batch: 2),
    .init(
      "7x7, stride 2",
      .init(height: 17, width: 15, inputs: 3, outputs: 20, kernel: (7, 7), stride: (2, 2), padding: (3, 3, 3, 3)),
      batch: 2),
    .init("5x5 valid", .init(height: 9, width: 11, inputs: 4, outputs: 5, kernel: (5, 5))),
    .init(
      "1x7, stride (1, 2)",
      .init(height: 5, width: 12, inputs: 11, outputs: 13, kernel: (1, 7), stride: (1, 2), padding: (0, 3, 0, 3)),
      batch: 2),
    .init(
      "4x2, stride (3, 1)",
      .init(height: 13, width: 6, inputs: 6, outputs: 32, kernel: (4, 2), stride: (3, 1), padding: (2, 0, 1, 1))),
    .init(
      "stride larger than the kernel",
      .init(height: 10, width: 11, inputs: 5, outputs: 16, kernel: (2, 2), stride: (3, 4)), batch: 2),
    .init(
      "kernel as large as the picture", .init(height: 6, width: 5, inputs: 12, outputs: 10, kernel: (6, 5)), batch: 3),
    .init("2x2 output", .init(height: 4, width: 4, inputs: 64, outputs: 48, kernel: (3, 3)), batch: 2),
  ]
}

extension ConvolutionShape {
  init(
    height: Int, width: Int, inputs: Int, outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    padding: (top: Int, left: Int, bottom: Int, right: Int) = (0, 0, 0, 0)
  ) {
    self.init(
      inputHeight: height, inputWidth: width, inputChannels: inputs, outputChannels: outputs, kernelHeight: kernel.0,
      kernelWidth: kernel.1, strideHeight: stride.0, strideWidth: stride.1, paddingTop: padding.top,
      paddingLeft: padding.left, paddingBottom: padding.bottom, paddingRight: padding.right)
  }

  static func same3x3(_ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int) -> ConvolutionShape {
    .init(height: height, width: width, inputs: inputs, outputs: outputs, kernel: (3, 3), padding: (1, 1, 1, 1))
  }
}

extension KernelPath {
  /// The paths that this processor can run; says which it cannot, since their tests are then missing.
  static let supported: [KernelPath] = {
    for path in allCases where !path.isSupported {
      print("SKIPPED: this processor cannot run the \(path.rawValue) kernels; no test of them runs.")
    }
    return allCases.filter(\.isSupported)
  }()
}

/// One thread, and more threads than any piece of work here has use for.
let singleThread = ThreadPool(threads: 1)
let fiveThreads = ThreadPool(threads: 5)

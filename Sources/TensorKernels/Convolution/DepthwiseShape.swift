/// Sizes of a depthwise convolution, without the batch: each channel has a kernel and a result of its own.
public struct DepthwiseShape: Hashable, Sendable {
  /// Rows of the picture, at least 1.
  public var inputHeight: Int
  /// Columns of the picture, at least 1.
  public var inputWidth: Int
  /// Numbers of each pixel and of each result, at least 1.
  public var channels: Int
  /// Rows of the kernel, at least 1.
  public var kernelHeight: Int
  /// Columns of the kernel, at least 1.
  public var kernelWidth: Int
  /// Rows of the picture from one result to the one below, at least 1.
  public var strideHeight: Int
  /// Columns of the picture from one result to the next, at least 1.
  public var strideWidth: Int
  /// Rows of zeros above the picture, 0 or more; likewise the other sides.
  public var paddingTop: Int
  /// Columns of zeros.
  public var paddingLeft: Int
  /// Rows of zeros.
  public var paddingBottom: Int
  /// Columns of zeros.
  public var paddingRight: Int

  /// Nothing is checked: shapes from outside are, by the layers of `NeuralNetworks`.
  ///
  /// - Parameters: rows, columns and channels, each as its property says.
  public init(
    inputHeight: Int, inputWidth: Int, channels: Int, kernelHeight: Int, kernelWidth: Int, strideHeight: Int = 1,
    strideWidth: Int = 1, paddingTop: Int = 0, paddingLeft: Int = 0, paddingBottom: Int = 0, paddingRight: Int = 0
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.paddingBottom = paddingBottom
    self.paddingRight = paddingRight
  }

  /// floor((input + padding - kernel) / stride) + 1, and 0 where the kernel does not fit.
  public var outputHeight: Int {
    slidingPositions(inputHeight + paddingTop + paddingBottom, window: kernelHeight, stride: strideHeight)
  }

  /// As `outputHeight`, across.
  public var outputWidth: Int {
    slidingPositions(inputWidth + paddingLeft + paddingRight, window: kernelWidth, stride: strideWidth)
  }

  /// Elements of one picture: height x width x channels.
  public var inputCount: Int { inputHeight * inputWidth * channels }
  /// Elements of one result: height x width x channels.
  public var outputCount: Int { outputHeight * outputWidth * channels }
  /// Elements of the kernel: height x width x channels.
  public var kernelCount: Int { kernelHeight * kernelWidth * channels }
  /// Multiplications and additions of one picture.
  public var operationCount: Int { 2 * outputHeight * outputWidth * kernelCount }
}

/// Sizes of a depthwise convolution, without the batch: each channel has a kernel and a result of its own.
public struct DepthwiseShape: Hashable, Sendable {
  public var inputHeight: Int
  public var inputWidth: Int
  public var channels: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var strideHeight: Int
  public var strideWidth: Int
  /// Rows of zeros above the picture; likewise the other sides.
  public var paddingTop: Int
  public var paddingLeft: Int
  public var paddingBottom: Int
  public var paddingRight: Int

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

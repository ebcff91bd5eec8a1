/// Sizes of a two-dimensional convolution, without the batch.
public struct ConvolutionShape: Hashable, Sendable {
  public var inputHeight: Int
  public var inputWidth: Int
  public var inputChannels: Int
  public var outputChannels: Int
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
    inputHeight: Int, inputWidth: Int, inputChannels: Int, outputChannels: Int, kernelHeight: Int, kernelWidth: Int,
    strideHeight: Int = 1, strideWidth: Int = 1, paddingTop: Int = 0, paddingLeft: Int = 0, paddingBottom: Int = 0,
    paddingRight: Int = 0
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
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
  public var inputCount: Int { inputHeight * inputWidth * inputChannels }
  /// Elements of one result: height x width x channels.
  public var outputCount: Int { outputHeight * outputWidth * outputChannels }
  /// Elements of the kernel: height x width x inputs x outputs.
  public var kernelCount: Int { kernelHeight * kernelWidth * inputChannels * outputChannels }
  /// Multiplications and additions of a direct convolution of one picture.
  public var operationCount: Int { 2 * outputHeight * outputWidth * kernelCount }

  var outputPixels: Int { outputHeight * outputWidth }
  /// Panels of sixteen output channels.
  var panels: Int { panelCount(outputChannels) }
}

/// How many positions a window has along a length.
func slidingPositions(_ length: Int, window: Int, stride: Int) -> Int {
  length < window ? 0 : (length - window) / stride + 1
}

func panelCount(_ columns: Int) -> Int { (columns + panelWidth - 1) / panelWidth }

func roundedUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }

/// What follows a convolution in the same pass.
public enum Activation: Sendable {
  case none
  case relu
}

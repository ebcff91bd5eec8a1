/// Sizes of a two-dimensional convolution, without the batch.
public struct ConvolutionShape: Hashable, Sendable {
  /// Rows of the picture, at least 1.
  public var inputHeight: Int
  /// Columns of the picture, at least 1.
  public var inputWidth: Int
  /// Numbers of each pixel, at least 1.
  public var inputChannels: Int
  /// Numbers of each result, at least 1.
  public var outputChannels: Int
  /// Rows of the kernel, at least 1.
  public var kernelHeight: Int
  /// Columns of the kernel, at least 1.
  public var kernelWidth: Int
  /// Rows of the picture from one result to the one below, at least 1.
  public var strideHeight: Int
  /// Columns of the picture from one result to the next, at least 1.
  public var strideWidth: Int
  /// Rows of zeros above the picture, 0 or more, also beyond the kernel's height; likewise the other sides.
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

/// The results along a length for which element `tap` of the kernel lies inside of the input, not on its padding.
func resultsSeeing(_ tap: Int, padding: Int, stride: Int, input: Int, results: Int) -> Range<Int> {
  let offset = padding - tap
  let first = max(0, (offset + stride - 1) / stride)
  let last = input - 1 + offset
  let end = last < 0 ? 0 : min(results, last / stride + 1)
  return first..<max(first, end)
}

func panelCount(_ columns: Int) -> Int { (columns + panelWidth - 1) / panelWidth }

func roundedUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }

/// What follows a convolution in the same pass.
public enum Activation: Sendable {
  case none
  case relu
}

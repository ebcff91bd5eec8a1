/// Sizes of a two-dimensional pooling, without the batch. Padding must be smaller than the window.
public struct PoolingShape: Hashable, Sendable {
  /// Rows of the picture, at least 1.
  public var inputHeight: Int
  /// Columns of the picture, at least 1.
  public var inputWidth: Int
  /// Numbers of each pixel and of each result, at least 1.
  public var channels: Int
  /// Rows of the window, at least 1.
  public var windowHeight: Int
  /// Columns of the window, at least 1.
  public var windowWidth: Int
  /// Rows of the picture from one result to the one below, at least 1.
  public var strideHeight: Int
  /// Columns of the picture from one result to the next, at least 1.
  public var strideWidth: Int
  /// Rows that windows reach above the picture, 0 or more and fewer than `windowHeight`; they hold nothing, and count
  /// for nothing. Likewise the other sides.
  public var paddingTop: Int
  /// Columns, fewer than `windowWidth`.
  public var paddingLeft: Int
  /// Rows, fewer than `windowHeight`.
  public var paddingBottom: Int
  /// Columns, fewer than `windowWidth`.
  public var paddingRight: Int

  /// Nothing is checked: shapes from outside are, by the layers of `NeuralNetworks`.
  ///
  /// - Parameters: rows, columns and channels, each as its property says.
  public init(
    inputHeight: Int, inputWidth: Int, channels: Int, windowHeight: Int, windowWidth: Int, strideHeight: Int,
    strideWidth: Int, paddingTop: Int = 0, paddingLeft: Int = 0, paddingBottom: Int = 0, paddingRight: Int = 0
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.windowHeight = windowHeight
    self.windowWidth = windowWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.paddingBottom = paddingBottom
    self.paddingRight = paddingRight
  }

  /// floor((input + padding - window) / stride) + 1, and 0 where the window does not fit.
  public var outputHeight: Int {
    slidingPositions(inputHeight + paddingTop + paddingBottom, window: windowHeight, stride: strideHeight)
  }

  /// As `outputHeight`, across.
  public var outputWidth: Int {
    slidingPositions(inputWidth + paddingLeft + paddingRight, window: windowWidth, stride: strideWidth)
  }

  /// Elements of one picture: height x width x channels.
  public var inputCount: Int { inputHeight * inputWidth * channels }
  /// Elements of one result: height x width x channels.
  public var outputCount: Int { outputHeight * outputWidth * channels }

  /// Rows of the input under the window at `row`, without padding.
  func inputRows(_ row: Int) -> Range<Int> {
    let start = row * strideHeight - paddingTop
    return max(0, start)..<max(0, start, min(inputHeight, start + windowHeight))
  }

  /// Columns of the input under the window at `column`, without padding.
  func inputColumns(_ column: Int) -> Range<Int> {
    let start = column * strideWidth - paddingLeft
    return max(0, start)..<max(0, start, min(inputWidth, start + windowWidth))
  }
}

import TensorKernels

/// What the stages of one of VGG-16's convolutions do to a picture of 224 x 224: counted from the transforms in
/// `Sources/TensorKernelsAVX2/Winograd*.swift` and the blocks of `WinogradRun`.
struct WinogradStages {
  var shape: ConvolutionShape
  /// Whether 2x2 maximum pooling is part of the output transform.
  var isPooled: Bool

  /// All thirteen.
  static let ofVGG16: [WinogradStages] = [
    (224, [3, 64, 64]), (112, [64, 128, 128]), (56, [128, 256, 256, 256]), (28, [256, 512, 512, 512]),
    (14, [512, 512, 512, 512]),
  ].flatMap { side, channels in
    (1..<channels.count).map { number in
      WinogradStages(
        shape: ConvolutionShape(
          inputHeight: side, inputWidth: side, inputChannels: channels[number - 1], outputChannels: channels[number],
          kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, paddingTop: 1, paddingLeft: 1,
          paddingBottom: 1, paddingRight: 1),
        isPooled: number == channels.count - 1)
    }
  }

  var text: String { "\(shape.inputHeight)x\(shape.inputWidth)x\(shape.inputChannels) to \(shape.outputChannels)" }

  var isWinograd: Bool { shape.productOperationCount < shape.operationCount }
  /// Places of all transformed tiles of a picture.
  private var places: Int { shape.productOperationCount / (2 * shape.inputChannels * shape.outputChannels) }
  private func tiles(of size: Int) -> Int {
    (shape.outputHeight + size - 1) / size * ((shape.outputWidth + size - 1) / size)
  }
  private var isLarge: Bool { places == 64 * tiles(of: 6) }
  private var tileCount: Int { tiles(of: isLarge ? 6 : 4) }

  /// Elements of all transformed tiles.
  func transformed(_ channels: Int) -> Int { places * channels }

  /// Elements that the output transform writes.
  var writtenCount: Int { isPooled ? shape.outputCount / 4 : shape.outputCount }

  /// Additions, multiplications and multiply-adds: 12 lines of 13 for a tile of 4x4 results, 16 of 26 for one of 6x6.
  var inputOperations: Int { tileCount * shape.inputChannels * (isLarge ? 16 * 26 : 12 * 13) }

  /// The same: 10 lines of 10, or 14 of 20, then bias and ReLU for each result, and three maxima for four of them.
  var outputOperations: Int {
    let results = isLarge ? 36 : 16
    return tileCount * shape.outputChannels
      * ((isLarge ? 14 * 20 : 10 * 10) + 2 * results + (isPooled ? 3 * results / 4 : 0))
  }

  /// In how many blocks one thread goes through the tiles.
  var blocks: Int {
    let bytes = 4 * (isLarge ? 64 : 36) * (shape.inputChannels + shape.outputChannels)
    let kernel = 4 * (isLarge ? 64 : 36) * shape.inputChannels * shape.outputChannels
    let limit = kernel <= 12 << 20 ? max(isLarge ? 28 : 24, (768 << 10) / bytes) : max(12, (16 << 20) / bytes)
    return (tileCount + limit - 1) / limit
  }
}

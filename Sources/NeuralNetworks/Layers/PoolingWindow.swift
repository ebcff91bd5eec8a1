import TensorKernels

/// The window of a pooling layer, and the check of what it can be moved over.
package struct PoolingWindow: Sendable {
  let layer: String
  package let size: Size2D
  package let stride: Size2D
  package let padding: Padding

  init(layer: String, size: Size2D, stride: Size2D, padding: Padding) {
    precondition(size.height > 0 && size.width > 0, "\(layer): the window must have a size")
    precondition(stride.height > 0 && stride.width > 0, "\(layer): strides must be positive")
    self.layer = layer
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  func shape(for inputShape: [Int]) -> PoolingShape {
    let padding = padding.amounts(
      input: Size2D(height: inputShape[0], width: inputShape[1]), window: size, stride: stride)
    return PoolingShape(
      inputHeight: inputShape[0], inputWidth: inputShape[1], channels: inputShape[2], windowHeight: size.height,
      windowWidth: size.width, strideHeight: stride.height, strideWidth: stride.width, paddingTop: padding.top,
      paddingLeft: padding.left, paddingBottom: padding.bottom, paddingRight: padding.right)
  }

  func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }) else {
      throw NeuralNetworkError.layerInput(layer: layer, expected: "[height, width, channels]", actual: inputShape)
    }
    let shape = shape(for: inputShape)
    let paddedHeight = shape.inputHeight + shape.paddingTop + shape.paddingBottom
    let paddedWidth = shape.inputWidth + shape.paddingLeft + shape.paddingRight
    // A window must hold at least one value, so a padding is smaller than the window.
    guard paddedHeight >= size.height, paddedWidth >= size.width,
      max(shape.paddingTop, shape.paddingBottom) < size.height, max(shape.paddingLeft, shape.paddingRight) < size.width
    else {
      throw NeuralNetworkError.layerInput(
        layer: layer,
        expected: "at least [\(size.height), \(size.width), channels] with a padding below the window's size",
        actual: inputShape)
    }
    return [shape.outputHeight, shape.outputWidth, shape.channels]
  }
}

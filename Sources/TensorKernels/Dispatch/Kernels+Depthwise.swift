import TensorKernelsAVX2

extension Kernels {
  /// See `TensorKernelsAVX2.depthwiseTile`.
  @inline(__always)
  func depthwiseTile(
    source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, firstColumn: Int, endColumn: Int,
    weights: UnsafePointer<Float>, kernelWidth: Int, stride: Int, channels: Int,
    output: UnsafeMutablePointer<Float>, outputStep: Int, results: Int, bias: UnsafePointer<Float>?, relu: Bool
  ) {
    if isAVX2 {
      TensorKernelsAVX2.depthwiseTile(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, firstColumn: firstColumn, endColumn: endColumn,
        weights: weights, kernelWidth: kernelWidth, stride: stride, channels: channels, output: output,
        outputStep: outputStep, results: results, bias: bias, relu: relu)
    } else {
      TensorKernels.depthwiseTile(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, firstColumn: firstColumn, endColumn: endColumn,
        weights: weights, kernelWidth: kernelWidth, stride: stride, channels: channels, output: output,
        outputStep: outputStep, results: results, bias: bias, relu: relu)
    }
  }

  /// See `TensorKernelsAVX2.depthwiseWindow`.
  @inline(__always)
  func depthwiseWindow(
    source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, columns: Int,
    weights: UnsafePointer<Float>, weightRow: Int, lanes: Int, output: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>?, relu: Bool
  ) {
    if isAVX2 {
      TensorKernelsAVX2.depthwiseWindow(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, columns: columns, weights: weights,
        weightRow: weightRow, lanes: lanes, output: output, bias: bias, relu: relu)
    } else {
      TensorKernels.depthwiseWindow(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, columns: columns, weights: weights,
        weightRow: weightRow, lanes: lanes, output: output, bias: bias, relu: relu)
    }
  }

  /// See `TensorKernelsAVX2.depthwiseKernelGradient`.
  @inline(__always)
  func depthwiseKernelGradient(
    source: UnsafePointer<Float>, pixel: Int, firstColumn: Int, endColumn: Int, kernelWidth: Int, stride: Int,
    gradient: UnsafePointer<Float>, results: Int, kernelGradient: UnsafeMutablePointer<Float>, channels: Int
  ) {
    if isAVX2 {
      TensorKernelsAVX2.depthwiseKernelGradient(
        source: source, pixel: pixel, firstColumn: firstColumn, endColumn: endColumn, kernelWidth: kernelWidth,
        stride: stride, gradient: gradient, results: results, kernelGradient: kernelGradient, channels: channels)
    } else {
      TensorKernels.depthwiseKernelGradient(
        source: source, pixel: pixel, firstColumn: firstColumn, endColumn: endColumn, kernelWidth: kernelWidth,
        stride: stride, gradient: gradient, results: results, kernelGradient: kernelGradient, channels: channels)
    }
  }

  /// See `TensorKernelsAVX2.depthwiseTapGradient`.
  @inline(__always)
  func depthwiseTapGradient(
    source: UnsafePointer<Float>, pixel: Int, stride: Int, gradient: UnsafePointer<Float>, results: Int,
    kernelGradient: UnsafeMutablePointer<Float>, lanes: Int
  ) {
    if isAVX2 {
      TensorKernelsAVX2.depthwiseTapGradient(
        source: source, pixel: pixel, stride: stride, gradient: gradient, results: results,
        kernelGradient: kernelGradient, lanes: lanes)
    } else {
      TensorKernels.depthwiseTapGradient(
        source: source, pixel: pixel, stride: stride, gradient: gradient, results: results,
        kernelGradient: kernelGradient, lanes: lanes)
    }
  }
}

import TensorKernelsAVX2
import TensorKernelsAVX512

/// Only the kernel's gradient has a build for AVX-512, for layers of at least as many channels as a register holds: the
/// tiles were slower there (docs/engine.md). All else runs the build for AVX2 on either path. The bits are the
/// same: a channel's sum has one order in both builds.
extension Kernels {
  /// See `TensorKernelsAVX2.depthwiseTile`.
  @inline(__always)
  func depthwiseTile(
    source: UnsafePointer<Float>, inputRow: Int, pixel: Int, rows: Int, firstColumn: Int, endColumn: Int,
    weights: UnsafePointer<Float>, kernelWidth: Int, stride: Int, channels: Int,
    output: UnsafeMutablePointer<Float>, outputStep: Int, results: Int, bias: UnsafePointer<Float>?, relu: Bool
  ) {
    switch path {
    case .avx512, .avx2:
      TensorKernelsAVX2.depthwiseTile(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, firstColumn: firstColumn, endColumn: endColumn,
        weights: weights, kernelWidth: kernelWidth, stride: stride, channels: channels, output: output,
        outputStep: outputStep, results: results, bias: bias, relu: relu)
    case .portable:
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
    switch path {
    case .avx512, .avx2:
      TensorKernelsAVX2.depthwiseWindow(
        source: source, inputRow: inputRow, pixel: pixel, rows: rows, columns: columns, weights: weights,
        weightRow: weightRow, lanes: lanes, output: output, bias: bias, relu: relu)
    case .portable:
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
    switch path {
    case .avx512 where channels >= 16:
      TensorKernelsAVX512.depthwiseKernelGradient(
        source: source, pixel: pixel, firstColumn: firstColumn, endColumn: endColumn, kernelWidth: kernelWidth,
        stride: stride, gradient: gradient, results: results, kernelGradient: kernelGradient, channels: channels)
    case .avx512, .avx2:
      TensorKernelsAVX2.depthwiseKernelGradient(
        source: source, pixel: pixel, firstColumn: firstColumn, endColumn: endColumn, kernelWidth: kernelWidth,
        stride: stride, gradient: gradient, results: results, kernelGradient: kernelGradient, channels: channels)
    case .portable:
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
    switch path {
    case .avx512, .avx2:
      TensorKernelsAVX2.depthwiseTapGradient(
        source: source, pixel: pixel, stride: stride, gradient: gradient, results: results,
        kernelGradient: kernelGradient, lanes: lanes)
    case .portable:
      TensorKernels.depthwiseTapGradient(
        source: source, pixel: pixel, stride: stride, gradient: gradient, results: results,
        kernelGradient: kernelGradient, lanes: lanes)
    }
  }
}

import TensorKernelsAVX2
import TensorKernelsAVX512

/// The kernels of one path: three builds of, but for the micro-kernel, the same sources. This is the only place
/// that chooses.
struct Kernels: Sendable {
  let path: KernelPath

  /// A path that this processor cannot run becomes the portable one.
  init(_ path: KernelPath) {
    self.path = path.isSupported ? path : .portable
  }

  /// See `TensorKernelsAVX2.panelProduct`. The distances of panels count only where there is more than one.
  @inline(__always)
  func panelProduct(
    rows: Int, columns: Int,
    a: UnsafePointer<Float>, aRow: Int, aStep: Int = 1,
    segments: Int = 1, segmentLength: Int, segmentStride: Int = 0,
    b: UnsafePointer<Float>, bStep: Int = 16, bPanel: Int = 0,
    c: UnsafeMutablePointer<Float>, cRow: Int, cPanel: Int = 0, accumulate: Bool = false,
    bias: UnsafePointer<Float>? = nil, relu: Bool = false
  ) {
    switch path {
    case .avx512:
      TensorKernelsAVX512.panelProduct(
        rows: rows, columns: columns, a: a, aRow: aRow, aStep: aStep, segments: segments,
        segmentLength: segmentLength, segmentStride: segmentStride, b: b, bStep: bStep, bPanel: bPanel, c: c,
        cRow: cRow, cPanel: cPanel, accumulate: accumulate, bias: bias, relu: relu)
    case .avx2:
      TensorKernelsAVX2.panelProduct(
        rows: rows, columns: columns, a: a, aRow: aRow, aStep: aStep, segments: segments,
        segmentLength: segmentLength, segmentStride: segmentStride, b: b, bStep: bStep, bPanel: bPanel, c: c,
        cRow: cRow, cPanel: cPanel, accumulate: accumulate, bias: bias, relu: relu)
    case .portable:
      TensorKernels.panelProduct(
        rows: rows, columns: columns, a: a, aRow: aRow, aStep: aStep, segments: segments,
        segmentLength: segmentLength, segmentStride: segmentStride, b: b, bStep: bStep, bPanel: bPanel, c: c,
        cRow: cRow, cPanel: cPanel, accumulate: accumulate, bias: bias, relu: relu)
    }
  }

  /// See `TensorKernelsAVX2.winogradInput` and `winogradLargeInput`.
  @inline(__always)
  func winogradInput(
    tile: WinogradTile, image: UnsafePointer<Float>, height: Int, width: Int, channels: Int, top: Int, left: Int,
    tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
    v: UnsafeMutablePointer<Float>, vRow: Int, vGroup: Int, vPlane: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    switch (path, tile) {
    case (.avx512, .four):
      TensorKernelsAVX512.winogradInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    case (.avx512, .six):
      TensorKernelsAVX512.winogradLargeInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    case (.avx2, .four):
      TensorKernelsAVX2.winogradInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    case (.avx2, .six):
      TensorKernelsAVX2.winogradLargeInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    case (.portable, .four):
      TensorKernels.winogradInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    case (.portable, .six):
      TensorKernels.winogradLargeInput(
        image: image, height: height, width: width, channels: channels, top: top, left: left,
        tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount,
        v: v, vRow: vRow, vGroup: vGroup, vPlane: vPlane, scratch: scratch)
    }
  }

  /// See `TensorKernelsAVX2.winogradOutput` and `winogradLargeOutput`.
  @inline(__always)
  func winogradOutput(
    tile: WinogradTile, m: UnsafePointer<Float>, mPlane: Int, tilesDown: Int, tilesAcross: Int, firstTile: Int,
    tileCount: Int,
    output: UnsafeMutablePointer<Float>, height: Int, width: Int, channels: Int, columns: Int,
    bias: UnsafePointer<Float>, relu: Bool, pooled: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    switch (path, tile) {
    case (.avx512, .four):
      TensorKernelsAVX512.winogradOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    case (.avx512, .six):
      TensorKernelsAVX512.winogradLargeOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    case (.avx2, .four):
      TensorKernelsAVX2.winogradOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    case (.avx2, .six):
      TensorKernelsAVX2.winogradLargeOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    case (.portable, .four):
      TensorKernels.winogradOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    case (.portable, .six):
      TensorKernels.winogradLargeOutput(
        m: m, mPlane: mPlane, tilesDown: tilesDown, tilesAcross: tilesAcross, firstTile: firstTile,
        tileCount: tileCount, output: output, height: height, width: width, channels: channels, columns: columns,
        bias: bias, relu: relu, pooled: pooled, scratch: scratch)
    }
  }

  /// See `TensorKernelsAVX2.winogradKernel` and `winogradLargeKernel`.
  @inline(__always)
  func winogradKernel(
    tile: WinogradTile, kernel: UnsafePointer<Float>, inputs: Int, outputs: Int, columns: Int,
    u: UnsafeMutablePointer<Float>, uPlane: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    switch (path, tile) {
    case (.avx512, .four):
      TensorKernelsAVX512.winogradKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    case (.avx512, .six):
      TensorKernelsAVX512.winogradLargeKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    case (.avx2, .four):
      TensorKernelsAVX2.winogradKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    case (.avx2, .six):
      TensorKernelsAVX2.winogradLargeKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    case (.portable, .four):
      TensorKernels.winogradKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    case (.portable, .six):
      TensorKernels.winogradLargeKernel(
        kernel: kernel, inputs: inputs, outputs: outputs, columns: columns, u: u, uPlane: uPlane, scratch: scratch)
    }
  }

  /// See `TensorKernelsAVX2.winogradOutputGradient`.
  @inline(__always)
  func winogradOutputGradient(
    gradient: UnsafePointer<Float>, height: Int, width: Int, channels: Int, columns: Int,
    tilesDown: Int, tilesAcross: Int, firstTile: Int, tileCount: Int,
    m: UnsafeMutablePointer<Float>, mPlane: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    switch path {
    case .avx512:
      TensorKernelsAVX512.winogradOutputGradient(
        gradient: gradient, height: height, width: width, channels: channels, columns: columns, tilesDown: tilesDown,
        tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount, m: m, mPlane: mPlane, scratch: scratch)
    case .avx2:
      TensorKernelsAVX2.winogradOutputGradient(
        gradient: gradient, height: height, width: width, channels: channels, columns: columns, tilesDown: tilesDown,
        tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount, m: m, mPlane: mPlane, scratch: scratch)
    case .portable:
      TensorKernels.winogradOutputGradient(
        gradient: gradient, height: height, width: width, channels: channels, columns: columns, tilesDown: tilesDown,
        tilesAcross: tilesAcross, firstTile: firstTile, tileCount: tileCount, m: m, mPlane: mPlane, scratch: scratch)
    }
  }

  /// See `TensorKernelsAVX2.winogradKernelGradient`.
  @inline(__always)
  func winogradKernelGradient(
    u: UnsafePointer<Float>, uPlane: Int, inputs: Int, outputs: Int, columns: Int,
    kernelGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    switch path {
    case .avx512:
      TensorKernelsAVX512.winogradKernelGradient(
        u: u, uPlane: uPlane, inputs: inputs, outputs: outputs, columns: columns, kernelGradient: kernelGradient,
        scratch: scratch)
    case .avx2:
      TensorKernelsAVX2.winogradKernelGradient(
        u: u, uPlane: uPlane, inputs: inputs, outputs: outputs, columns: columns, kernelGradient: kernelGradient,
        scratch: scratch)
    case .portable:
      TensorKernels.winogradKernelGradient(
        u: u, uPlane: uPlane, inputs: inputs, outputs: outputs, columns: columns, kernelGradient: kernelGradient,
        scratch: scratch)
    }
  }
}

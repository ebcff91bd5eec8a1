import TensorKernels

/// Direct convolution with bias and ReLU in double precision, as the definition reads, spread over threads by output
/// channels.
struct DoubleConvolution {
  let shape: ConvolutionShape
  /// Shape: [kernelHeight, kernelWidth, inputs, outputs].
  let kernel: [Float]
  let bias: [Float]

  /// A place in the result.
  struct Position {
    var y: Int
    var x: Int
  }

  /// Every place, row by row.
  var allPositions: [Position] {
    (0..<shape.outputHeight).flatMap { y in (0..<shape.outputWidth).map { Position(y: y, x: $0) } }
  }

  /// Output channels of one piece of work.
  private static let group = 8

  /// - Parameter input: One picture, shape [inputHeight, inputWidth, inputs].
  /// - Returns: Shape: [positions, outputs].
  func callAsFunction(_ input: [Double], at positions: [Position]) -> [Double] {
    let outputs = shape.outputChannels
    precondition(outputs % Self.group == 0, "this reference wants whole groups of channels")
    return [Double](unsafeUninitializedCapacity: positions.count * outputs) { results, count in
      let target = Target(start: results.baseAddress!)
      input.withUnsafeBufferPointer { input in
        ThreadPool.shared.run(count: outputs / Self.group) { index, _ in
          let first = index * Self.group
          let weights = weights(from: first)
          for (number, position) in positions.enumerated() {
            let sum = result(input.baseAddress!, weights, position, from: first)
            for lane in 0..<Self.group { target.start[number * outputs + first + lane] = max(0, sum[lane]) }
          }
        }
      }
      count = positions.count * outputs
    }
  }

  /// Threads write to different channels.
  private struct Target: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
  }

  /// Shape: [kernelHeight * kernelWidth * inputs], eight outputs each.
  private func weights(from first: Int) -> [SIMD8<Double>] {
    (0..<shape.kernelHeight * shape.kernelWidth * shape.inputChannels).map { row in
      var lanes = SIMD8<Double>()
      for lane in 0..<Self.group { lanes[lane] = Double(kernel[row * shape.outputChannels + first + lane]) }
      return lanes
    }
  }

  private func result(
    _ input: UnsafePointer<Double>, _ weights: [SIMD8<Double>], _ position: Position, from first: Int
  ) -> SIMD8<Double> {
    var sum = SIMD8<Double>()
    for lane in 0..<Self.group { sum[lane] = Double(bias[first + lane]) }
    weights.withUnsafeBufferPointer { weights in
      for i in 0..<shape.kernelHeight {
        for j in 0..<shape.kernelWidth {
          let y = position.y * shape.strideHeight + i - shape.paddingTop
          let x = position.x * shape.strideWidth + j - shape.paddingLeft
          guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { continue }
          let pixel = input + (y * shape.inputWidth + x) * shape.inputChannels
          let tap = weights.baseAddress! + (i * shape.kernelWidth + j) * shape.inputChannels
          for channel in 0..<shape.inputChannels { sum += tap[channel] * pixel[channel] }
        }
      }
    }
    return sum
  }
}

/// 2x2 maximum pooling with stride 2 in double precision.
func halved(_ values: [Double], height: Int, width: Int, channels: Int) -> [Double] {
  var results: [Double] = []
  results.reserveCapacity(values.count / 4)
  for y in 0..<height / 2 {
    for x in 0..<width / 2 {
      for channel in 0..<channels {
        let first = (2 * y * width + 2 * x) * channels + channel
        let below = first + width * channels
        results.append(max(values[first], values[first + channels], values[below], values[below + channels]))
      }
    }
  }
  return results
}

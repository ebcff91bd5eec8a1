import TensorKernels

/// Direct convolution and its gradients in double precision, written as the definition reads.
struct NaiveConvolution {
  let shape: ConvolutionShape
  let batch: Int

  /// Calls `body` for each product of the sum: indices of input, kernel and output.
  private func forEachTap(_ body: (_ input: Int, _ kernel: Int, _ output: Int) -> Void) {
    for n in 0..<batch {
      for oy in 0..<shape.outputHeight {
        for ox in 0..<shape.outputWidth {
          for i in 0..<shape.kernelHeight {
            for j in 0..<shape.kernelWidth {
              let y = oy * shape.strideHeight + i - shape.paddingTop
              let x = ox * shape.strideWidth + j - shape.paddingLeft
              guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { continue }
              for c in 0..<shape.inputChannels {
                for k in 0..<shape.outputChannels {
                  body(
                    ((n * shape.inputHeight + y) * shape.inputWidth + x) * shape.inputChannels + c,
                    ((i * shape.kernelWidth + j) * shape.inputChannels + c) * shape.outputChannels + k,
                    ((n * shape.outputHeight + oy) * shape.outputWidth + ox) * shape.outputChannels + k)
                }
              }
            }
          }
        }
      }
    }
  }

  func forward(_ input: GuardedFloats, _ kernel: GuardedFloats, bias: GuardedFloats?, relu: Bool) -> [Double] {
    var output = [Double](repeating: 0, count: batch * shape.outputCount)
    forEachTap { output[$2] += Double(input.pointer[$0]) * Double(kernel.pointer[$1]) }
    for index in output.indices {
      if let bias { output[index] += Double(bias.pointer[index % shape.outputChannels]) }
      if relu { output[index] = max(0, output[index]) }
    }
    return output
  }

  func inputGradient(_ kernel: GuardedFloats, _ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: batch * shape.inputCount)
    forEachTap { gradient[$0] += Double(kernel.pointer[$1]) * Double(outputGradient.pointer[$2]) }
    return gradient
  }

  func kernelGradient(_ input: GuardedFloats, _ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: shape.kernelCount)
    forEachTap { gradient[$1] += Double(input.pointer[$0]) * Double(outputGradient.pointer[$2]) }
    return gradient
  }

  func biasGradient(_ outputGradient: GuardedFloats) -> [Double] {
    var gradient = [Double](repeating: 0, count: shape.outputChannels)
    for index in 0..<batch * shape.outputCount {
      gradient[index % shape.outputChannels] += Double(outputGradient.pointer[index])
    }
    return gradient
  }

  /// One element of the result, for shapes too large to compute whole.
  func element(
    _ input: GuardedFloats, _ kernel: GuardedFloats, bias: GuardedFloats, n: Int, oy: Int, ox: Int, k: Int
  ) -> Double {
    var sum = Double(bias.pointer[k])
    for i in 0..<shape.kernelHeight {
      for j in 0..<shape.kernelWidth {
        let y = oy * shape.strideHeight + i - shape.paddingTop
        let x = ox * shape.strideWidth + j - shape.paddingLeft
        guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { continue }
        for c in 0..<shape.inputChannels {
          sum +=
            Double(input.pointer[((n * shape.inputHeight + y) * shape.inputWidth + x) * shape.inputChannels + c])
            * Double(
              kernel.pointer[((i * shape.kernelWidth + j) * shape.inputChannels + c) * shape.outputChannels + k])
        }
      }
    }
    return sum
  }

  /// One element of the input's gradient; the stride is one.
  func inputGradientElement(_ kernel: GuardedFloats, _ outputGradient: GuardedFloats, at index: Int) -> Double {
    let c = index % shape.inputChannels
    let x = index / shape.inputChannels % shape.inputWidth
    let y = index / shape.inputChannels / shape.inputWidth % shape.inputHeight
    let n = index / shape.inputCount
    var sum = 0.0
    for i in 0..<shape.kernelHeight {
      for j in 0..<shape.kernelWidth {
        let oy = y + shape.paddingTop - i
        let ox = x + shape.paddingLeft - j
        guard oy >= 0, oy < shape.outputHeight, ox >= 0, ox < shape.outputWidth else { continue }
        for k in 0..<shape.outputChannels {
          let output = ((n * shape.outputHeight + oy) * shape.outputWidth + ox) * shape.outputChannels + k
          let tap = ((i * shape.kernelWidth + j) * shape.inputChannels + c) * shape.outputChannels + k
          sum += Double(kernel.pointer[tap]) * Double(outputGradient.pointer[output])
        }
      }
    }
    return sum
  }

  /// One element of the kernel's gradient; the stride is one.
  func kernelGradientElement(_ input: GuardedFloats, _ outputGradient: GuardedFloats, at index: Int) -> Double {
    let k = index % shape.outputChannels
    let c = index / shape.outputChannels % shape.inputChannels
    let tap = index / shape.outputChannels / shape.inputChannels
    var sum = 0.0
    for n in 0..<batch {
      for oy in 0..<shape.outputHeight {
        for ox in 0..<shape.outputWidth {
          let y = oy + tap / shape.kernelWidth - shape.paddingTop
          let x = ox + tap % shape.kernelWidth - shape.paddingLeft
          guard y >= 0, y < shape.inputHeight, x >= 0, x < shape.inputWidth else { continue }
          let pixel = (n * shape.inputHeight + y) * shape.inputWidth + x
          let output = ((n * shape.outputHeight + oy) * shape.outputWidth + ox) * shape.outputChannels + k
          sum += Double(input.pointer[pixel * shape.inputChannels + c]) * Double(outputGradient.pointer[output])
        }
      }
    }
    return sum
  }
}

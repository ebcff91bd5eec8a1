import NeuralNetworks
import TensorKernels

/// A network's passes in the plainest way: one layer after the other on the whole batch, every value in memory of its
/// own, nothing fused, nothing in place. What plans must agree with, bit for bit.
struct LayerByLayer {
  let network: Network
  let phase: Phase
  var pool = ThreadPool.shared

  /// - Returns: the network's input and each layer's output. Shape of each: with the batch.
  func forward(_ input: Tensor) throws -> [Tensor] {
    var values = [input]
    for (number, layer) in network.layers.enumerated() {
      let context = try context(number, input: values[number])
      var output = Tensor(shape: [context.batch] + context.outputShape)
      values[number].withUnsafeValues { input in
        output.withUnsafeMutableValues { output in
          layer.forward(input: input.baseAddress!, output: output.baseAddress!, context: context)
        }
      }
      values.append(output)
    }
    return values
  }

  /// Stores parameter gradients.
  ///
  /// - Parameters:
  ///   - values: what `forward` returned.
  ///   - first: the lowest layer to go through.
  /// - Returns: the gradient of that layer's input.
  func backward(_ values: [Tensor], outputGradient: Tensor, first: Int) throws -> Tensor {
    var gradient = outputGradient
    for number in (first..<network.layers.count).reversed() {
      let layer = network.layers[number]
      let context = try context(number, input: values[number])
      // A layer in place finds the gradient where it is to leave its own.
      var below =
        layer.memory == .newBuffer
        ? Tensor(shape: values[number].shape, repeating: .nan) : gradient.reshaped(values[number].shape)
      var above = gradient
      above.withUnsafeMutableValues { above in
        below.withUnsafeMutableValues { below in
          values[number].withUnsafeValues { input in
            values[number + 1].withUnsafeValues { output in
              guard layer.memory != .reshape else { return }
              layer.backward(
                BackwardPass(
                  context: context, input: layer.keeps.contains(.input) ? input.baseAddress : nil,
                  output: layer.keeps.contains(.output) ? output.baseAddress : nil,
                  outputGradient: layer.memory == .inPlace ? below.baseAddress! : above.baseAddress!,
                  inputGradient: below.baseAddress))
            }
          }
        }
      }
      gradient = below
    }
    return gradient
  }

  private func context(_ number: Int, input: Tensor) throws -> LayerContext {
    let inputShape = Array(input.shape.dropFirst())
    return LayerContext(
      inputShape: inputShape, outputShape: try network.layers[number].outputShape(for: inputShape),
      batch: input.shape[0], phase: phase, number: number, pool: pool)
  }
}

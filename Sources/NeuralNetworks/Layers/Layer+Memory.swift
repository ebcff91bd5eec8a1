import TensorKernels

extension LayerContext {
  /// The number of values of the whole batch's input.
  var inputCount: Int { inputShape.reduce(batch, *) }
  /// The number of values of the whole batch's output.
  var outputCount: Int { outputShape.reduce(batch, *) }

  /// Copies the batch's input to an output of the same size, unless they are the same memory.
  func copy(_ input: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>) {
    if input != UnsafePointer(output) { output.update(from: input, count: inputCount) }
  }
}

extension BackwardPass {
  /// The backward pass of a layer's own ReLU, in place on the output's gradient: zero where the output is zero.
  func maskOutputGradient() {
    guard let output else { return }
    reluGradient(
      output: output, outputGradient: outputGradient, inputGradient: outputGradient, count: context.outputCount,
      pool: context.pool)
  }
}

extension Parameter {
  /// Overwrites the gradients of a kernel and of a bias that are computed together.
  ///
  /// A kernel that is frozen beside a trainable bias is computed in vain: rare, and not worth another way.
  ///
  /// - Parameter compute: gets the memory of both; nil for a bias that is not there or frozen.
  static func writeGradients(
    _ kernel: Parameter, _ bias: Parameter?,
    _ compute: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>?) -> Void
  ) {
    kernel.writeGradient { kernel in
      guard let bias, bias.isTrainable else { return compute(kernel.baseAddress!, nil) }
      bias.writeGradient { compute(kernel.baseAddress!, $0.baseAddress!) }
    }
  }
}

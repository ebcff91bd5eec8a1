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

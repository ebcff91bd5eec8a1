import RandomStreams

/// How the first weights are drawn.
public enum Initializer: String, Sendable, Codable, CaseIterable {
  /// Uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010, equation 16).
  case glorotUniform
  /// Normal with variance 2 / fanIn (He et al. 2015, equation 10), cut at two standard deviations and widened so that
  /// the variance stays, as Keras does.
  case heNormal
  /// Uniform in ±√(6 / fanIn).
  case heUniform
  case zeros

  /// - Parameters:
  ///   - fanIn: the number of inputs of one output, counting the kernel's positions.
  ///   - fanOut: the number of outputs one input goes to, counting the kernel's positions.
  ///   - stream: advanced by the draws made.
  public func tensor(shape: [Int], fanIn: Int, fanOut: Int, stream: inout RandomStream) -> Tensor {
    precondition(fanIn > 0 && fanOut > 0, "fans must be positive, not \(fanIn) and \(fanOut)")
    var tensor = Tensor(shape: shape)
    switch self {
    case .zeros: break
    case .glorotUniform: tensor.fillUniform((6 / Double(fanIn + fanOut)).squareRoot(), &stream)
    case .heUniform: tensor.fillUniform((6 / Double(fanIn)).squareRoot(), &stream)
    case .heNormal:
      // 0.8796... is the standard deviation of a standard normal number cut at ±2.
      let deviation = (2 / Double(fanIn)).squareRoot() / 0.87962566103423978
      tensor.withUnsafeMutableValues { values in
        for index in values.indices {
          var draw = stream.normal()
          while abs(draw) > 2 { draw = stream.normal() }
          values[index] = Float(draw * deviation)
        }
      }
    }
    return tensor
  }
}

extension Tensor {
  fileprivate mutating func fillUniform(_ limit: Double, _ stream: inout RandomStream) {
    withUnsafeMutableValues { values in
      for index in values.indices { values[index] = Float(stream.uniform(in: -limit..<limit)) }
    }
  }
}

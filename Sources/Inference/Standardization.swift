import NeuralNetworks

/// Shifts and scales each feature by fixed numbers, `(x - mean) * scale`, so that features of different size weigh alike.
///
/// - Input and output shape: `[batch, features]`
/// - Parameters: `mean` and `scale`, shape `[features]`; measured on the training pictures by `fit`, never trained.
public final class Standardization: Layer {
  public let name: String
  public let features: Int
  public let mean: Parameter
  public let scale: Parameter

  /// A standardisation that changes nothing until it is fitted.
  public init(name: String, features: Int) {
    self.name = name
    self.features = features
    mean = Parameter(name: name + "/mean", value: Tensor(shape: [features]))
    scale = Parameter(name: name + "/scale", value: Tensor(shape: [features], repeating: 1))
    mean.isTrainable = false
    scale.isTrainable = false
  }

  public var parameters: [Parameter] { [mean, scale] }
  public var memory: LayerMemory { .inPlace }
  public var keeps: KeptValues { [] }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape == [features] else {
      throw NeuralNetworkError.layerInput(layer: name, expected: "[\(features)]", actual: inputShape)
    }
    return inputShape
  }

  /// Sets the mean and one over the standard deviation of each feature over `rows`.
  ///
  /// A feature that (nearly) never varies gets the scale 1: it says nothing, and must not be blown up.
  ///
  /// - Parameter rows: one row of `features` numbers for each picture; at least one.
  public func fit(_ rows: [Tensor]) {
    precondition(!rows.isEmpty, "a standardisation is fitted to at least one picture")
    var sums = [Double](repeating: 0, count: features)
    var squares = sums
    for row in rows {
      precondition(row.count == features, "a row must have \(features) features")
      row.withUnsafeValues { values in
        for (index, value) in values.enumerated() { sums[index] += Double(value) }
      }
    }
    let means = sums.map { $0 / Double(rows.count) }
    for row in rows {
      row.withUnsafeValues { values in
        for (index, value) in values.enumerated() {
          let difference = Double(value) - means[index]
          squares[index] += difference * difference
        }
      }
    }
    mean.value = Tensor(shape: [features], values: means.map { Float($0) })
    scale.value = Tensor(
      shape: [features],
      values: squares.map { square in
        let deviation = (square / Double(rows.count)).squareRoot()
        return deviation > 1e-6 ? Float(1 / deviation) : 1
      })
  }

  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    mean.value.withUnsafeValues { mean in
      scale.value.withUnsafeValues { scale in
        for sample in 0..<context.batch {
          for feature in 0..<features {
            let place = sample * features + feature
            output[place] = (input[place] - mean[feature]) * scale[feature]
          }
        }
      }
    }
  }

  public func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    scale.value.withUnsafeValues { scale in
      for sample in 0..<pass.context.batch {
        for feature in 0..<features {
          let place = sample * features + feature
          inputGradient[place] = pass.outputGradient[place] * scale[feature]
        }
      }
    }
  }
}

import NeuralNetworks
import RandomStreams

extension VGGArchitecture {
  /// The convolutions and poolings, with parameters of zero.
  ///
  /// - Parameter inputShape: `[height, width, 3]`.
  /// - Throws: `BackboneError.inputShape` if a picture of that shape leaves nothing after the last pooling.
  func emptyBase(inputShape: [Int], kernelUse: KernelUse = .repeated) throws -> [any Layer] {
    guard inputShape.count == 3, inputShape[2] == inputChannels else {
      throw BackboneError.inputShape(actual: inputShape, reason: "it must be [height, width, \(inputChannels)]")
    }
    guard inputShape[0] >= 1 << blocks.count, inputShape[1] >= 1 << blocks.count else {
      throw BackboneError.inputShape(
        actual: inputShape, reason: "each side must be at least \(1 << blocks.count), since \(blocks.count) poolings halve it")
    }
    return blockConvolutions.enumerated().flatMap { index, convolutions -> [any Layer] in
      let layers: [any Layer] = convolutions.map { layer in
        Convolution2D(
          name: layer.name, inputChannels: layer.inputChannels, outputChannels: layer.outputChannels, kernel: 3,
          padding: .same, activation: .relu, kernelUse: kernelUse)
      }
      return layers + [MaxPooling2D(name: Self.poolingName(ofBlock: index), window: 2)]
    }
  }

  /// The base with the weights of `file`, which stay in the mapped file.
  package func convolutionBase(
    weights file: SafetensorsFile, inputShape: [Int], kernelUse: KernelUse = .repeated
  ) throws -> Network {
    let network = try Network(
      inputShape: inputShape, layers: emptyBase(inputShape: inputShape, kernelUse: kernelUse))
    try assign(convolutionTensors, of: file, to: network)
    return network
  }

  /// The whole classifier with the weights of `file`, ending in logits.
  package func withTop(weights file: SafetensorsFile) throws -> Network {
    let inputShape = [topInputSide, topInputSide, inputChannels]
    guard topTensors.allSatisfy({ file.names.contains($0.key) }) else {
      throw BackboneError.noTop(path: file.url.path, layers: Self.topLayerNames)
    }
    var layers = try emptyBase(inputShape: inputShape)
    layers.append(Flatten(name: "flatten"))
    for layer in denseLayers {
      layers.append(
        Dense(
          name: layer.name, inputs: layer.inputs, outputs: layer.outputs,
          activation: layer.name == denseLayers.last?.name ? .none : .relu))
    }
    let network = try Network(inputShape: inputShape, layers: layers)
    try assign(convolutionTensors + topTensors, of: file, to: network)
    return network
  }

  /// The base with drawn kernels (He normal, fit for ReLU) and biases of zero.
  package func randomBase(seed: UInt64, inputShape: [Int]) throws -> Network {
    let layers = try emptyBase(inputShape: inputShape)
    for case let layer as Convolution2D in layers {
      var stream = RandomStream(seed: seed, RandomStream.number(of: layer.name))
      layer.initialize(.heNormal, stream: &stream)
    }
    return try Network(inputShape: inputShape, layers: layers)
  }

  private func assign(_ tensors: [TensorSpecification], of file: SafetensorsFile, to network: Network) throws {
    for specification in tensors {
      guard file.names.contains(specification.key) else {
        throw BackboneError.missingTensor(
          path: file.url.path, key: specification.key, expected: specification.shape,
          found: Array(file.names.sorted().prefix(8)))
      }
      let tensor = try file.tensor(specification.key)
      guard tensor.shape == specification.shape else {
        throw BackboneError.tensorShape(
          path: file.url.path, key: specification.key, location: specification.key, expected: specification.shape,
          actual: tensor.shape)
      }
      try network.parameter(named: specification.key).assign(tensor)
    }
  }
}

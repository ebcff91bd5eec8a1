import TensorKernels

/// A chain of layers whose shapes fit.
///
/// A network ends in logits: the softmax belongs to the loss, and to `softmax(_:)`. It may be used from several
/// threads at once for inference. Networks cut from one another share their layers, and with them parameters and
/// packed weights; plans and arenas are each network's own.
public final class Network: Sendable {
  /// Without the batch, such as `[height, width, channels]`.
  public let inputShape: [Int]
  /// Without the batch.
  public let outputShape: [Int]
  public let layers: [any Layer]
  /// What inference may hold in activations at once, in bytes; at least one sample is always run.
  public let activationBudget: Int
  let steps: [Step]
  let plans = PlanCache()
  let arenas = ArenaShelf()

  /// A layer at its place: its shapes, and its number for the streams of random numbers.
  struct Step: Sendable {
    let layer: any Layer
    let inputShape: [Int]
    let outputShape: [Int]
    let number: Int
    /// Elements of one sample.
    let inputSize: Int
    let outputSize: Int

    init(layer: any Layer, inputShape: [Int], outputShape: [Int], number: Int) {
      self.layer = layer
      self.inputShape = inputShape
      self.outputShape = outputShape
      self.number = number
      inputSize = inputShape.reduce(1, *)
      outputSize = outputShape.reduce(1, *)
    }

    func context(batch: Int, firstSample: Int, phase: Phase, pool: ThreadPool) -> LayerContext {
      LayerContext(
        inputShape: inputShape, outputShape: outputShape, batch: batch, firstSample: firstSample, phase: phase,
        number: number, pool: pool)
    }
  }

  /// - Parameters:
  ///   - inputShape: the shape of one input, without the batch.
  ///   - layers: in the order they are run.
  ///   - activationBudget: bytes; see the property.
  /// - Throws: `NeuralNetworkError` if there are no layers, two share a name, or one cannot take what the one before
  ///   it gives; the error names the layer and both shapes.
  public convenience init(inputShape: [Int], layers: [any Layer], activationBudget: Int = 32 << 20) throws {
    try self.init(inputShape: inputShape, layers: layers, firstNumber: 0, activationBudget: activationBudget)
  }

  private init(inputShape: [Int], layers: [any Layer], firstNumber: Int, activationBudget: Int) throws {
    guard !layers.isEmpty else { throw NeuralNetworkError.noLayers }
    var names: Set<String> = []
    var steps: [Step] = []
    var shape = inputShape
    try Self.checkSize(of: shape, what: "The network's input")
    for layer in layers {
      guard names.insert(layer.name).inserted else { throw NeuralNetworkError.duplicateName(layer.name) }
      let output = try layer.outputShape(for: shape)
      try Self.checkSize(of: output, what: "The output of layer '\(layer.name)'")
      steps.append(Step(layer: layer, inputShape: shape, outputShape: output, number: firstNumber + steps.count))
      shape = output
    }
    self.inputShape = inputShape
    self.layers = layers
    self.steps = steps
    self.activationBudget = activationBudget
    outputShape = shape
  }

  /// A sample must have values, and a batch of samples must be addressable.
  private static func checkSize(of shape: [Int], what: String) throws {
    guard let count = elementCount(of: shape), count > 0, count <= Int.max >> 24 else {
      throw NeuralNetworkError.shapeTooLarge(what: what, shape: shape)
    }
  }

  /// Every parameter, in the order of the layers.
  public var parameters: [Parameter] { layers.flatMap(\.parameters) }

  /// - Throws: `NeuralNetworkError.unknownParameter` naming those there are.
  public func parameter(named name: String) throws -> Parameter {
    let parameters = parameters
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      throw NeuralNetworkError.unknownParameter(name: name, available: parameters.map(\.name))
    }
    return parameter
  }

  /// - Throws: `NeuralNetworkError.unknownLayer` naming those there are.
  func index(of layerName: String) throws -> Int {
    guard let index = layers.firstIndex(where: { $0.name == layerName }) else {
      throw NeuralNetworkError.unknownLayer(name: layerName, available: layers.map(\.name))
    }
    return index
  }

  /// Freezes the layers below the one named and makes that one and all above it trainable; nil freezes nothing.
  ///
  /// - Throws: `NeuralNetworkError.unknownLayer`; nothing is changed then.
  public func freeze(below layerName: String?) throws {
    let first = try layerName.map(index(of:)) ?? 0
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters { parameter.isTrainable = index >= first }
    }
  }

  /// Freezes every layer.
  public func freezeAll() {
    for parameter in parameters { parameter.isTrainable = false }
  }

  /// The layers up to the one named, as a network that shares them.
  ///
  /// - Throws: `NeuralNetworkError.unknownLayer`.
  public func prefix(through layerName: String) throws -> Network {
    let end = try index(of: layerName) + 1
    return try Network(
      inputShape: inputShape, layers: Array(layers[..<end]), firstNumber: steps[0].number,
      activationBudget: activationBudget)
  }

  /// The layers above the one named, as a network that shares them. Its dropout draws what the whole network's would.
  ///
  /// - Throws: `NeuralNetworkError.unknownLayer`, or `.noLayers` if the one named is the last.
  public func suffix(after layerName: String) throws -> Network {
    let start = try index(of: layerName) + 1
    return try Network(
      inputShape: steps[start - 1].outputShape, layers: Array(layers[start...]),
      firstNumber: steps[start - 1].number + 1, activationBudget: activationBudget)
  }

  /// The shape of a layer's output, without the batch.
  ///
  /// - Throws: `NeuralNetworkError.unknownLayer`.
  public func outputShape(of layerName: String) throws -> [Int] {
    try steps[index(of: layerName)].outputShape
  }

  /// Frees what can be computed again: packed weights and idle arenas. Answers stay the same; the next run
  /// is slower.
  public func releaseMemory() {
    for layer in layers { layer.releaseMemory() }
    arenas.clear()
  }

  /// Plans that have been compiled and are kept.
  package var planCount: Int { plans.count }
  /// Arenas that wait for a run.
  package var idleArenaCount: Int { arenas.count }

  /// - Returns: the number of samples in `input`.
  /// - Throws: `NeuralNetworkError.networkInput` unless its shape is `[batch] + inputShape` with a batch of at least 1.
  func batch(of input: Tensor) throws -> Int {
    guard let batch = input.shape.first, batch > 0, input.shape.dropFirst().elementsEqual(inputShape) else {
      let dimensions = (["batch"] + inputShape.map(String.init)).joined(separator: ", ")
      throw NeuralNetworkError.networkInput(expected: "[\(dimensions)]", actual: input.shape)
    }
    return batch
  }
}

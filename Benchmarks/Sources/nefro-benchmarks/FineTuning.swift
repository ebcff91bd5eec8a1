import NeuralNetworks
import TensorKernels

/// A training of VGG-16's last block and a new head on one batch, cut as `nefro train` cuts it: what is frozen runs as
/// in inference into memory that is there, what is trained takes its output.
final class FineTuning {
  let base: BaseNetwork
  private let frozen: Network
  private let trained: Network
  private let pictures: Tensor
  private var features: Tensor
  private let labels: [Int]
  private let loss = SoftmaxCrossEntropy()
  private let optimizer: SGD
  private var steps: UInt64 = 0

  /// So low that many steps on one batch change the loss and never make it diverge.
  static let rate = 1e-7
  static let classes = 2

  /// - Parameters:
  ///   - batch: pictures, of alternating classes.
  ///   - rate: the learning rate.
  ///   - threads: as many as processors if nil.
  init(batch: Int, rate: Double, threads: Int?) throws {
    base = try BaseNetwork(threads: threads)
    try base.network.freeze(below: "block5_conv1")
    let inputs = base.network.outputShape.reduce(1, *)
    let head = Dense(name: "head", inputs: inputs, outputs: Self.classes)
    try head.kernel.assign(Tensor(shape: head.kernel.shape, values: Self.headKernel(count: inputs * Self.classes)))
    frozen = try base.network.prefix(through: "block4_pool")
    trained = try Network(
      inputShape: frozen.outputShape,
      layers: base.network.suffix(after: "block4_pool").layers + [Flatten(name: "flatten"), head])
    pictures = BaseNetwork.pictures(batch)
    features = Tensor(shape: [batch] + frozen.outputShape)
    labels = (0..<batch).map { $0 % Self.classes }
    optimizer = SGD(learningRate: rate)
  }

  /// Numbers that look random, within ±0.01; row-major. The peers begin with the same.
  static func headKernel(count: Int) -> [Float] {
    (0..<count).map { Float((Double($0 * 7919 % 10007) / 10007 - 0.5) * 0.02) }
  }

  /// - Returns: the loss before the step.
  func step() throws -> Double {
    var value = 0.0
    try frozen.run(pictures, into: &features, pool: base.pool)
    try trained.trainingStep(input: features, seed: 1, step: steps, pool: base.pool) { logits, gradient in
      value = try loss.evaluate(logits: logits, classes: Self.classes, labels: labels, gradient: gradient).loss
    }
    optimizer.step(trained.parameters)
    steps += 1
    return value
  }
}

import Dispatch
import NeuralNetworks
import RandomStreams
import Synchronization
import TensorKernels
import TestSupport
import Testing

@Suite struct InferenceTests {
  @Test(arguments: [1, 2, 3, 7], [1, 20_000, 60_000, 1 << 25])
  func `how a batch is divided changes no bit`(batch: Int, budget: Int) throws {
    let input = normals([batch, 16, 16, 3], salt: 1)
    let output = try miniature(budget: budget)(input)
    let whole = try miniature()
    #expect(try whole(input) == output)
    let size = 16 * 16 * 3
    for index in 0..<batch {
      let one = Tensor(shape: [1, 16, 16, 3], values: Array(input.values[index * size..<(index + 1) * size]))
      #expect(try whole(one).values == Array(output.values[index * 3..<index * 3 + 3]))
    }
  }

  @Test func `the forward pass of training without dropout gives the same bits`() throws {
    let network = try miniature(budget: 1, dropout: 0)
    let input = normals([5, 16, 16, 3], salt: 2)
    #expect(try network.forward(input, phase: .training(seed: 1, step: 1)).output == network(input))
  }

  @Test func `threads change no bit`() throws {
    let network = try miniature()
    let input = normals([4, 16, 16, 3], salt: 3)
    let one = try network(input, pool: ThreadPool(threads: 1))
    #expect(try network(input, pool: ThreadPool(threads: 4)) == one)
  }

  @Test(arguments: [[0, 1], [1, 0]])
  func `layers that run in place leave the caller's input alone`(order: [Int]) throws {
    let layers: [any Layer] = [ReLU(name: "relu"), Dropout(name: "dropout", rate: 0.5)]
    let network = try Network(inputShape: [6], layers: order.map { layers[$0] })
    let input = ramp([2, 6], from: -4)
    #expect(try network(input).values == [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7])
    #expect(input == ramp([2, 6], from: -4))
    let flat = try Network(inputShape: [2, 3, 1], layers: [Flatten(name: "flat"), ReLU(name: "relu")])
    let picture = ramp([2, 2, 3, 1], from: -4)
    #expect(try flat(picture).shape == [2, 6])
    #expect(picture == ramp([2, 2, 3, 1], from: -4))
  }

  /// Only the pooling that halves runs as one with a convolution; the others are near misses.
  @Test(
    arguments: [[12, 10], [9, 7], [5, 3]],
    [
      MaxPooling2D(name: "pool"), MaxPooling2D(name: "pool", window: 3, stride: 2),
      MaxPooling2D(name: "pool", window: 2, stride: 1), MaxPooling2D(name: "pool", padding: .same),
      MaxPooling2D(name: "pool", window: Size2D(height: 2, width: 1), stride: 2),
    ])
  func `a convolution before a pooling gives the same bits in one pass as in two`(
    size: [Int], pooling: MaxPooling2D
  ) throws {
    var stream = RandomStream(seed: 5)
    let convolution = Convolution2D(
      name: "convolution", inputChannels: 16, outputChannels: 24, kernel: 3, padding: .same, activation: .relu)
    convolution.initialize(.heNormal, stream: &stream)
    let input = normals([3] + size + [16], salt: 5)
    let both = try Network(inputShape: size + [16], layers: [convolution, pooling])
    let first = try Network(inputShape: size + [16], layers: [convolution])
    let second = try Network(inputShape: first.outputShape, layers: [pooling])
    #expect(try both(input) == second(first(input)))
    #expect(try both.forward(input, phase: .training(seed: 0, step: 0)).output == both(input))
  }

  @Test func `one network answers on many threads at once`() throws {
    let network = try miniature(budget: 50_000)
    let inputs = (0..<8).map { normals([3, 16, 16, 3], salt: UInt64(10 + $0)) }
    let expected = try inputs.map { try network($0) }
    let answers = Mutex<[Int: Tensor]>([:])
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      if index % 8 == 0 { network.releaseMemory() }
      let answer = try? network(inputs[index % 8])
      answers.withLock { $0[index] = answer }
    }
    let found = answers.withLock { $0 }
    for index in 0..<64 { #expect(found[index] == expected[index % 8]) }
  }

  @Test func `memory is given back on request and comes again`() throws {
    let network = try miniature()
    let input = normals([2, 16, 16, 3], salt: 4)
    let before = try network(input)
    network.releaseMemory()
    #expect(try network(input) == before)
    // A larger batch after a smaller one needs more than what waits.
    let larger = normals([9, 16, 16, 3], salt: 4)
    #expect(try Array(network(larger).values[..<6]) == before.values)
  }

  @Test func `chunks name the samples they hold`() throws {
    let recorder = Recorder()
    // 1000 numbers each: two samples' inputs and outputs fit.
    let network = try Network(inputShape: [1000], layers: [recorder], activationBudget: 2 * 2 * 4000)
    _ = try network(Tensor(shape: [5, 1000]))
    #expect(recorder.runs.withLock { $0 } == [0..<2, 2..<4, 4..<5])
    #expect(network.activationBytes(batch: 5) < 2 * 2 * 4000)
  }
}

/// Copies, and notes which samples came together.
private final class Recorder: Layer {
  let name = "recorder"
  let memory = LayerMemory.newBuffer
  let runs = Mutex<[Range<Int>]>([])

  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }

  func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, context: LayerContext) {
    runs.withLock { $0.append(context.firstSample..<context.firstSample + context.batch) }
    output.update(from: input, count: context.batch * 1000)
  }

  func backward(_ pass: BackwardPass) {}
}

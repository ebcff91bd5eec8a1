import CAllocationCounter
import NeuralNetworks
import RandomStreams
import TensorKernels
import Testing

/// Each count runs in a process of its own, so that no other test's allocations are counted and none takes our scratch
/// memory. Blocks of a kilobyte and more are memory for numbers; smaller ones are the program's own small objects.
@Suite(.enabled(if: nefro_allocations_are_counted() == 1)) struct AllocationTests {
  @Test func `the counter sees tensors, small and large, and kernels' scratch memory`() async {
    await #expect(processExitsWith: .success) {
      for count in [300, 200_000, 1 << 20] {
        #expect(allocations { _ = Tensor(shape: [count]) } == 1)
      }
      let convolution = Convolution2D(name: "c", inputChannels: 16, outputChannels: 16, kernel: 3)
      let network = try Network(inputShape: [16, 16, 16], layers: [convolution])
      let input = Tensor(shape: [1, 16, 16, 16])
      // Result, packed kernel and scratch memory for both.
      #expect(try allocations { _ = try network(input) } >= 4)
    }
  }

  @Test func `a step of a head on frozen features allocates nothing after the first`() async {
    await #expect(processExitsWith: .success) {
      let head = Dense(name: "head", inputs: 25_088, outputs: 2)
      var stream = RandomStream(seed: 1)
      head.initialize(.glorotUniform, stream: &stream)
      let network = try Network(
        inputShape: [7, 7, 512],
        layers: [Flatten(name: "flatten"), Dropout(name: "dropout", rate: 0.5), head])
      for optimizer in [SGD(learningRate: 0.1, momentum: 0.9), AdamW(learningRate: 0.01)] as [any Optimizer] {
        let counts = try stepAllocations(network, optimizer: optimizer, batch: 16)
        #expect(counts[0] > 0)
        #expect(counts[1...].allSatisfy { $0 == 0 }, "\(counts)")
      }
    }
  }

  @Test(arguments: [1, 2])
  func `a step that trains block 5 allocates nothing after the first`(threads: Int) async {
    await #expect(processExitsWith: .success) { [threads = threads as Int] in
      var stream = RandomStream(seed: 1)
      var layers: [any Layer] = []
      for number in 1...3 {
        let convolution = Convolution2D(
          name: "block5_conv\(number)", inputChannels: 512, outputChannels: 512, kernel: 3, padding: .same,
          activation: .relu)
        convolution.initialize(.heNormal, stream: &stream)
        layers.append(convolution)
      }
      let head = Dense(name: "head", inputs: 512, outputs: 2)
      head.initialize(.glorotUniform, stream: &stream)
      layers += [
        MaxPooling2D(name: "block5_pool"), GlobalAveragePooling2D(name: "mean"), Dropout(name: "dropout", rate: 0.3), head,
      ]
      let network = try Network(inputShape: [14, 14, 512], layers: layers)
      let counts = try stepAllocations(
        network, optimizer: AdamW(learningRate: 1e-4), batch: 4, pool: ThreadPool(threads: threads))
      #expect(counts[0] > 0)
      #expect(counts[1...].allSatisfy { $0 == 0 }, "\(counts)")
    }
  }

  @Test func `inference into memory that is there allocates nothing after the first run`() async {
    await #expect(processExitsWith: .success) {
      let network = try miniature(budget: 60_000)
      let input = normals([5, 16, 16, 3], salt: 1)
      var output = Tensor(shape: [5, 3])
      let counts = try (0..<4).map { _ in try allocations { try network.run(input, into: &output) } }
      #expect(counts[0] > 0)
      #expect(counts[1...].allSatisfy { $0 == 0 }, "\(counts)")
    }
  }
}

/// The blocks of a kilobyte and more that are allocated meanwhile.
private func allocations(_ body: () throws -> Void) rethrows -> Int {
  nefro_allocations_start(1024)
  defer { _ = nefro_allocations_stop() }
  try body()
  return nefro_allocations_stop()
}

/// - Returns: the allocations of each of five steps: forward, loss, backward, optimizer.
private func stepAllocations(
  _ network: Network, optimizer: any Optimizer, batch: Int, pool: ThreadPool = .shared
) throws -> [Int] {
  let input = normals([batch] + network.inputShape, salt: 2)
  let labels = (0..<batch).map { $0 % 2 }
  let loss = SoftmaxCrossEntropy()
  return try (0..<5).map { step in
    try allocations {
      try network.trainingStep(input: input, seed: 1, step: UInt64(step), pool: pool) { logits, gradient in
        _ = try loss.evaluate(logits: logits, classes: 2, labels: labels, gradient: gradient)
      }
      optimizer.step(network.parameters)
    }
  }
}

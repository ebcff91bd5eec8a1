import NeuralNetworks
import TensorKernels
import TestSupport
import Testing

@Suite struct DropoutTests {
  private func output(
    rate: Double = 0.25, seed: UInt64 = 1, step: UInt64 = 1, threads: Int = 1, below: Int = 0, batch: Int = 4
  ) throws -> Tensor {
    var layers: [any Layer] = (0..<below).map { Flatten(name: "below \($0)") }
    layers.append(Dropout(name: "dropout", rate: rate))
    let network = try Network(inputShape: [5000], layers: layers)
    return try network.forward(
      Tensor(shape: [batch, 5000], repeating: 3), phase: .training(seed: seed, step: step), reach: .input,
      pool: ThreadPool(threads: threads)
    ).output
  }

  @Test func `a share falls out and the rest makes up for it`() throws {
    let values = try output().values
    #expect(Set(values) == [0, 4])
    let share = Double(values.count { $0 == 0 }) / Double(values.count)
    // Five standard deviations.
    #expect(abs(share - 0.25) < 5 * (0.25 * 0.75 / 20_000).squareRoot())
  }

  @Test func `seed, step, layer number and sample each draw anew`() throws {
    let base = try output()
    #expect(try output() == base)
    #expect(try output(seed: 2) != base)
    #expect(try output(step: 2) != base)
    #expect(try output(below: 1) != base)
    #expect(Array(base.values[..<5000]) != Array(base.values[5000..<10_000]))
  }

  @Test func `a sample's draw depends neither on threads nor on the batch`() throws {
    let base = try output()
    #expect(try output(threads: 3) == base)
    #expect(try output(batch: 2).values == Array(base.values[..<10_000]))
  }

  @Test func `inference lets everything through`() throws {
    let network = try Network(inputShape: [8], layers: [Dropout(name: "dropout", rate: 0.9)])
    #expect(try network(ramp([2, 8])) == ramp([2, 8]))
  }

  @Test func `a rate of zero changes nothing`() throws {
    #expect(try output(rate: 0) == Tensor(shape: [4, 5000], repeating: 3))
  }

  @Test func `what fell out has no gradient`() throws {
    let network = try Network(inputShape: [100], layers: [Dropout(name: "dropout", rate: 0.5)])
    let ones = Tensor(shape: [3, 100], repeating: 1)
    let pass = try network.forward(ones, phase: .training(seed: 4, step: 9), reach: .input)
    let output = pass.output
    #expect(try network.backward(pass, outputGradient: ones) == output)
  }
}

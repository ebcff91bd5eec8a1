import Foundation
import NeuralNetworks
import Testing

@Suite struct ScheduleTests {
  struct Cases: Decodable, Sendable {
    let cosine: [Double]
    let warmCosine: [Double]
    let staircase: [Double]
    let plateau: [Plateau]

    struct Plateau: Decodable, Sendable {
      let losses: [Double]
      let rate: Double
      let rates: [Double]
      let factor: Double
      let patience: Int
      let minDelta: Double
      let cooldown: Int
      let minLr: Double
    }
  }

  /// Keras computes rates in single precision. Five steps an epoch throughout.
  private func agrees(_ schedule: some LearningRateSchedule, _ expected: [Double]) {
    #expect(expected.count >= 25)
    for (step, expected) in expected.enumerated() {
      let rate = schedule.rate(atStep: step, stepsPerEpoch: 5)
      #expect(abs(rate - expected) < 1e-6 * 0.1 + 1e-6 * expected, "step \(step)")
    }
  }

  @Test func `schedules agree with Keras step by step`() throws {
    let golden = try Golden<Cases>("schedules", hasTensors: false).cases
    agrees(CosineDecay(initialRate: 0.1, epochs: 4, finalFraction: 0.05), golden.cosine)
    agrees(WarmUp(steps: 7, from: 0.01, then: CosineDecay(initialRate: 0.2, epochs: 4)), golden.warmCosine)
    agrees(StepDecay(initialRate: 0.1, factor: 0.3, everyEpochs: 2), golden.staircase)
  }

  @Test func `a plateau lowers the rate when Keras's does`() throws {
    let cases = try Golden<Cases>("schedules", hasTensors: false).cases.plateau
    #expect(cases.count == 3)
    for testCase in cases {
      var schedule = ReduceOnPlateau(
        initialRate: testCase.rate, factor: testCase.factor, patience: testCase.patience,
        minimumDelta: testCase.minDelta, cooldown: testCase.cooldown, minimumRate: testCase.minLr)
      #expect(Set(testCase.rates).count > 2)
      for (epoch, (loss, expected)) in zip(testCase.losses, testCase.rates).enumerated() {
        let rate = schedule.record(validationLoss: loss)
        #expect(abs(rate - expected) < 1e-6 * expected, "epoch \(epoch)")
        #expect(schedule.rate(atStep: epoch, stepsPerEpoch: 1) == rate)
      }
    }
  }

  @Test func `a constant rate stays`() {
    #expect(ConstantRate(0.3).rate(atStep: 1000, stepsPerEpoch: 7) == 0.3)
  }

  @Test func `a step decay falls at the end of an epoch`() {
    let schedule = StepDecay(initialRate: 1, factor: 0.5, everyEpochs: 2)
    #expect([0, 5, 6, 11, 12].map { schedule.rate(atStep: $0, stepsPerEpoch: 3) } == [1, 1, 0.5, 0.5, 0.25])
  }

  @Test func `half a cosine passes the middle half-way and stays at its end`() {
    let schedule = CosineDecay(initialRate: 2, epochs: 3, finalFraction: 0.5)
    let rates = [0, 6, 12, 40].map { schedule.rate(atStep: $0, stepsPerEpoch: 4) }
    for (rate, expected) in zip(rates, [2, 1.5, 1, 1]) { #expect(abs(rate - expected) < 1e-12) }
  }

  @Test func `a warm-up rises to where the other schedule begins`() {
    let schedule = WarmUp(steps: 4, from: 1, then: StepDecay(initialRate: 3, factor: 0.5, everyEpochs: 1))
    #expect((0..<7).map { schedule.rate(atStep: $0, stepsPerEpoch: 2) } == [1, 1.5, 2, 2.5, 3, 3, 1.5])
    #expect(WarmUp(steps: 0, then: ConstantRate(1)).rate(atStep: 0, stepsPerEpoch: 1) == 1)
  }

  @Test func `a plateau's state survives a save at any epoch`() throws {
    let losses = [1.0, 1.1, 1.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8]
    var whole = ReduceOnPlateau(initialRate: 1, factor: 0.5, patience: 2, cooldown: 1)
    var saved = whole
    for loss in losses {
      saved = try JSONDecoder().decode(ReduceOnPlateau.self, from: JSONEncoder().encode(saved))
      #expect(saved == whole)
      #expect(saved.record(validationLoss: loss) == whole.record(validationLoss: loss))
    }
    #expect(whole.learningRate < 1)
  }

  @Test func `a loss that is not a number is no better`() {
    var schedule = ReduceOnPlateau(initialRate: 1, factor: 0.5, patience: 1)
    #expect(schedule.record(validationLoss: 2) == 1)
    #expect(schedule.record(validationLoss: .nan) == 0.5)
    #expect(schedule.bestLoss == 2)
  }
}

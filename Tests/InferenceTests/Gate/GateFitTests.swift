import Foundation
import Inference
import RandomStreams
import Testing

@Suite struct GateFitTests {
  /// Drawn features: each series has a place of its own along a few directions, its slices lie around it.
  private func samples(series: Int = 12, slices: Int = 20, features: Int = 40, seed: UInt64 = 1) -> [GateFit.Sample] {
    var stream = RandomStream(seed: seed)
    return (0..<series).flatMap { number -> [GateFit.Sample] in
      let place = (0..<features).map { $0 < 5 ? stream.uniform(in: -3..<3) : 0 }
      return (0..<slices).map { _ in
        GateFit.Sample(
          features: place.map { Float(10 + $0 + stream.uniform(in: -0.5..<0.5)) }, series: number)
      }
    }
  }

  private func fit(_ samples: [GateFit.Sample], colours: [Double] = []) throws -> Gate {
    var fit = GateFit()
    fit.directions = 8
    return try fit(samples, layer: "block3_pool", colours: colours)
  }

  @Test func `training pictures are near and pictures off their directions are far`() throws {
    let samples = samples()
    let gate = try fit(samples)
    #expect(samples.count { gate.distance(of: $0.features) > gate.record.threshold } < samples.count / 50)
    var far = samples[0].features
    far[30] += 8
    #expect(gate.distance(of: far) > 5 * gate.record.threshold)
    #expect(gate.refusal(colour: 0, distance: gate.distance(of: far))?.contains("unlike") == true)
    #expect(gate.refusal(colour: 0, distance: gate.distance(of: samples[0].features)) == nil)
    // A series that was not there, of the same kind.
    let others = self.samples(series: 6, seed: 2)
    #expect(others.count { gate.distance(of: $0.features) > gate.record.threshold } < others.count / 10)
  }

  @Test func `distances are those of the formula in plain double precision`() throws {
    let gate = try fit(samples())
    let x = samples(series: 1, slices: 1, seed: 9)[0].features
    let centred = zip(x, gate.mean).map { Double($0 - $1) }
    var inside = 0.0, explained = 0.0
    for direction in 0..<gate.record.directions {
      let row = gate.directions[direction * x.count..<(direction + 1) * x.count]
      let part = zip(row, centred).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      inside += part * part / Double(gate.variances[direction])
      explained += part * part
    }
    let rest = centred.reduce(0) { $0 + $1 * $1 } - explained
    let expected = inside / 8 + rest / gate.record.residualVariance / Double(x.count - 8)
    #expect(abs(gate.distance(of: x) - expected) < 1e-3 * expected)
  }

  @Test func `mean and variances of unchanged samples are the weighted ones`() throws {
    // Two values in one feature, the rest nearly still: series of 40 and 10 weigh as root 40 to root 10, that is 2 to 1.
    var stream = RandomStream(seed: 5)
    let samples = (0..<60).map { number in
      GateFit.Sample(
        features: [Float(number < 40 ? 0 : 3)] + (0..<11).map { _ in Float(stream.uniform(in: 0..<0.001)) },
        series: number < 40 ? 0 : 1 + (number - 40) / 10)
    }
    let gate = try fit(samples)
    // Weights 2 : 1 : 1 of values 0, 3, 3.
    #expect(abs(gate.mean[0] - 1.5) < 1e-4)
    #expect(abs(gate.directions[0]) > 0.999)
  }

  @Test func `changed copies weigh half of all`() throws {
    var stream = RandomStream(seed: 6)
    func sample(_ value: Float, _ series: Int, _ isChanged: Bool) -> GateFit.Sample {
      GateFit.Sample(
        features: [value] + (0..<11).map { _ in Float(stream.uniform(in: 0..<0.01)) }, series: series, isChanged: isChanged)
    }
    let samples = (0..<60).map { sample(0, $0 % 6, false) } + (0..<6).map { sample(4, $0 % 6, true) }
    let gate = try fit(samples)
    #expect(abs(gate.mean[0] - 2) < 1e-3)
    #expect(gate.record.fit.images == 60 && gate.record.fit.changedImages == 6)
  }

  @Test func `the threshold refuses no more slices of left-out series than wanted, and says so`() throws {
    let gate = try fit(samples(series: 25))
    let share = try #require(gate.record.fit.heldOutRefusals)
    #expect(share <= 0.04 && gate.record.fit.folds == 5 && gate.record.fit.series == 25)
    #expect(gate.record.fit.warning == nil)
    let few = try fit(samples(series: 4))
    #expect(few.record.fit.warning?.contains("4 series") == true)
  }

  @Test func `the same samples give the same gate`() throws {
    #expect(try fit(samples()) == fit(samples()))
  }

  @Test func `too few series or pictures, and features that are no numbers, give no gate`() {
    #expect(throws: GateFit.Failure.tooFewSeries(2)) { try fit(samples(series: 2, slices: 40)) }
    #expect(throws: GateFit.Failure.tooFewImages(12)) { try fit(samples(series: 4, slices: 3)) }
    #expect(throws: GateFit.Failure.tooFewImages(0)) { try fit([]) }
    var broken = samples()
    broken[3].features[2] = .nan
    #expect(throws: GateFit.Failure.notFinite) { try fit(broken) }
    #expect(GateFit.Failure.tooFewSeries(2).description.contains("no gate: 2 series"))
  }

  @Test func `pictures that do not differ give a gate that lets them pass`() throws {
    let same = (0..<60).map { GateFit.Sample(features: [Float](repeating: 1, count: 12), series: $0 % 6) }
    let gate = try fit(same)
    #expect(gate.distance(of: same[0].features) <= gate.record.threshold || gate.record.threshold == 0)
    #expect(gate.distance(of: [Float](repeating: 2, count: 12)) > 1)
  }

  @Test func `a data set with colour gets a higher limit`() throws {
    #expect(try fit(samples(), colours: [0, 0, 0]).record.largestColour == 3)
    #expect(try fit(samples(), colours: [20, 20, 20]).record.largestColour == 25)
  }

  @Test func `features that are not finite are infinitely far`() throws {
    let gate = try fit(samples())
    var broken = samples()[0].features
    broken[0] = .nan
    #expect(gate.distance(of: broken) == .infinity)
    #expect(gate.refusal(colour: 0, distance: .infinity)?.contains("infinite") == true)
  }
}

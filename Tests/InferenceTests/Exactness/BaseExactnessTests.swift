import Foundation
import NeuralNetworks
import RandomStreams
import TensorKernels
import TestSupport
import Testing

/// VGG-16's base with the real weights on real slices: how far it is from double precision, and that its bits depend
/// on nothing but picture and build.
@Suite(.serialized) struct BaseExactnessTests {
  @Test func `each layer is within 1e-5 of a direct convolution in double precision of the same input`() throws {
    let base = try BaseLayers(side: 224)
    var activations = try ExactnessPictures.five(side: 224)
    #expect(base.layers.count == 13)
    var stream = RandomStream(seed: 3)
    // Of the worst picture.
    var errors: [KernelPath: [String: Double]] = [:]
    for layer in base.layers {
      let prepared = KernelPath.supported.map { ($0, layer.prepared($0)) }
      // Each picture by its own largest value: beside a brighter one's, a dark one's errors would not show.
      for (picture, activations) in activations.enumerated() {
        let positions = positions(in: layer.shape, &stream)
        let expected = layer.convolution(activations.map(Double.init), at: positions)
        for (path, prepared) in prepared {
          let results = layer.run(prepared, activations, batch: 1, halving: false)
          let found = positions.flatMap { position in
            let first = (position.y * layer.shape.outputWidth + position.x) * layer.shape.outputChannels
            return results[first..<first + layer.shape.outputChannels].map(Double.init)
          }
          let error = relativeError(found, expected)
          #expect(error < 1e-5, "\(layer.name), picture \(picture), \(path)")
          errors[path, default: [:]][layer.name] = max(error, errors[path]?[layer.name] ?? 0)
        }
      }
      let (_, current) = try #require(prepared.first { $0.0 == .current })
      activations = activations.map { layer.run(current, $0, batch: 1, halving: layer.isHalved) }
    }
    for path in KernelPath.supported {
      let found = try #require(errors[path])
      let texts = base.layers.map { "\($0.name) \(String(format: "%.1e", found[$0.name] ?? .nan))" }
      print("exactness, \(path), relative error of each layer: \(texts.joined(separator: ", "))")
    }
  }

  /// Every place, or the corners and some drawn ones.
  private func positions(in shape: ConvolutionShape, _ stream: inout RandomStream) -> [DoubleConvolution.Position] {
    let (height, width) = (shape.outputHeight, shape.outputWidth)
    if TestRun.isFull { return DoubleConvolution(shape: shape, kernel: [], bias: []).allPositions }
    let corners = [(0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)]
    let drawn = (0..<36).map { _ in (stream.index(below: height), stream.index(below: width)) }
    return (corners + drawn).map { DoubleConvolution.Position(y: $0.0, x: $0.1) }
  }

  @Test func `the whole base is within 1e-4 of double precision`() throws {
    // The direct convolution takes 15 billion multiplications for a picture of 224 x 224.
    let side = TestRun.isFull ? 224 : 64
    let base = try BaseLayers(side: side)
    var worst: [KernelPath: Double] = [:]
    for picture in try ExactnessPictures.five(side: side).prefix(TestRun.isFull ? 5 : 2) {
      let expected = base.inDoublePrecision(picture)
      #expect(expected.count == side / 32 * (side / 32) * 512)
      for path in KernelPath.supported {
        let found = base.run([.init(values: picture, count: 1, pool: .shared)], path: path)
        let error = relativeError(found[0].map(Double.init), expected)
        #expect(error < 1e-4, "\(path)")
        worst[path] = max(error, worst[path] ?? 0)
      }
    }
    for path in KernelPath.supported {
      let error = try #require(worst[path])
      print("exactness, \(path): the base of \(side) x \(side), relative error \(error)")
    }
  }

  @Test func `a picture has the same bits alone, at any place of a batch of 16, with one thread and with many`() throws {
    let side = 224
    let base = try BaseLayers(side: side)
    let pictures = try ExactnessPictures.batch(16, side: side)
    let pools = [ThreadPool(threads: 1), ThreadPool(threads: 3)]
    func features(_ pictures: [[Float]], _ pool: ThreadPool) throws -> [Float] {
      let batch = Tensor(shape: [pictures.count, side, side, 3], values: pictures.flatMap(\.self))
      return try base.network(batch, pool: pool).values
    }
    let together = try features(pictures, pools[1])
    #expect(try features(pictures, pools[0]) == together)
    var alone: [Float] = []
    for (number, picture) in pictures.enumerated() { alone += try features([picture], pools[number % 2]) }
    #expect(alone == together)
    // The other way round: each picture at another place.
    let count = together.count / 16
    let turned = try features(pictures.reversed(), pools[1])
    for number in 0..<16 {
      #expect(
        turned[(15 - number) * count..<(16 - number) * count].elementsEqual(
          together[number * count..<(number + 1) * count]))
    }
    // A network runs the build that is fastest here.
    let first = base.run([.init(values: pictures[0], count: 1, pool: pools[0])], path: .current)
    #expect(first[0].elementsEqual(together[..<count]))
  }

  @Test(arguments: KernelPath.supported)
  func `on each build a picture has the same bits alone, in a batch of 16, with one thread and with many`(
    path: KernelPath
  ) throws {
    let side = TestRun.isFull ? 224 : 96
    let base = try BaseLayers(side: side)
    let pictures = try ExactnessPictures.batch(16, side: side)
    let pools = [ThreadPool(threads: 1), ThreadPool(threads: 3)]
    let all = pictures.flatMap(\.self)
    let whole = pools.map { BaseLayers.Batch(values: all, count: 16, pool: $0) }
    let single = pictures.enumerated().map { BaseLayers.Batch(values: $1, count: 1, pool: pools[$0 % 2]) }
    let found = base.run(whole + single, path: path)
    #expect(found[0] == found[1])
    #expect(found[2...].flatMap(\.self) == found[1])
  }
}

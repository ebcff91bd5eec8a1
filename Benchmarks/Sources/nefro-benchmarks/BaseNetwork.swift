import Backbones
import NeuralNetworks
import TensorKernels

/// VGG-16's base with the fetched weights, and pictures for it.
struct BaseNetwork {
  let network: Network
  let pool: ThreadPool

  /// - Parameter threads: as many as processors if nil.
  init(threads: Int?) throws {
    network = try VGG16.convolutionBase(weights: WeightStore().open("vgg16").file())
    pool = threads.map { ThreadPool(threads: $0) } ?? .shared
  }

  /// Shape: `[batch, 224, 224, 3]`, preprocessed; the pictures that the peers draw.
  static func pictures(_ batch: Int) -> Tensor {
    let means: [Float] = [103.939, 116.779, 123.68]
    var values: [Float] = []
    values.reserveCapacity(batch * 224 * 224 * 3)
    for number in 0..<batch {
      for y in 0..<224 {
        for x in 0..<224 {
          for (place, channel) in [2, 1, 0].enumerated() {
            let stripes = x * 3 + y * 5 + channel * 40 + x * y / 16
            let squares = (x / 32 + y / 32) % 2 * 90
            values.append(Float((stripes + squares + number) % 256) - means[place])
          }
        }
      }
    }
    return Tensor(shape: [batch, 224, 224, 3], values: values)
  }

  func run(_ pictures: Tensor) throws -> Tensor { try network(pictures, pool: pool) }
}

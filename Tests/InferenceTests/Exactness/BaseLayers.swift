import BackboneTestSupport
import Backbones
import NeuralNetworks
import TensorKernels
import TestSupport

/// VGG-16's base as its convolutions, each with whether a pooling follows: what runs on a given build of the kernels,
/// which a network does not choose.
struct BaseLayers {
  struct Layer {
    let name: String
    let convolution: DoubleConvolution
    var isHalved: Bool

    var shape: ConvolutionShape { convolution.shape }

    func prepared(_ path: KernelPath, pool: ThreadPool = .shared) -> PreparedConvolution {
      convolution.kernel.withUnsafeBufferPointer { kernel in
        convolution.bias.withUnsafeBufferPointer { bias in
          PreparedConvolution(
            shape: shape, kernel: kernel.baseAddress!, bias: bias.baseAddress!, pool: pool, path: path)
        }
      }
    }

    /// The layer's results for a batch, halved by the pooling or not.
    func run(
      _ prepared: PreparedConvolution, _ input: [Float], batch: Int, halving: Bool, pool: ThreadPool = .shared
    ) -> [Float] {
      let count = batch * (halving ? shape.outputCount / 4 : shape.outputCount)
      return [Float](unsafeUninitializedCapacity: count) { output, initialized in
        input.withUnsafeBufferPointer { input in
          if halving {
            prepared.runWithMaxPooling(
              input: input.baseAddress!, output: output.baseAddress!, batch: batch, activation: .relu, pool: pool)
          } else {
            prepared.run(
              input: input.baseAddress!, output: output.baseAddress!, batch: batch, activation: .relu, pool: pool)
          }
        }
        initialized = count
      }
    }
  }

  let network: Network
  let layers: [Layer]

  /// - Parameter side: Height and width of the pictures, a multiple of 32.
  init(side: Int) throws {
    precondition(side % 32 == 0, "poolings must come out even")
    let inputShape = [side, side, 3]
    if let stored = RealWeights.stored {
      network = try VGG16.convolutionBase(weights: stored.file(), inputShape: inputShape)
    } else {
      print("\(RealWeights.absent); drawn weights were checked instead")
      network = try VGG16.randomBase(seed: 16, inputShape: inputShape)
    }
    var layers: [Layer] = []
    var side = side
    for layer in network.layers {
      if let layer = layer as? Convolution2D {
        let shape = ConvolutionShape(
          inputHeight: side, inputWidth: side, inputChannels: layer.inputChannels,
          outputChannels: layer.outputChannels, kernelHeight: 3, kernelWidth: 3, paddingTop: 1, paddingLeft: 1,
          paddingBottom: 1, paddingRight: 1)
        let convolution = DoubleConvolution(
          shape: shape, kernel: layer.kernel.value.values, bias: layer.bias!.value.values)
        layers.append(Layer(name: layer.name, convolution: convolution, isHalved: false))
      } else {
        layers[layers.count - 1].isHalved = true
        side /= 2
      }
    }
    self.layers = layers
  }

  /// Pictures and the threads that work on them.
  struct Batch {
    /// One after the other, each of shape [side, side, 3].
    var values: [Float]
    var count: Int
    var pool: ThreadPool
  }

  /// The whole base on one build of the kernels, for each batch by itself. One layer's weights at a time are prepared.
  func run(_ batches: [Batch], path: KernelPath) -> [[Float]] {
    layers.reduce(batches.map(\.values)) { values, layer in
      let prepared = layer.prepared(path)
      return zip(values, batches).map { values, batch in
        layer.run(prepared, values, batch: batch.count, halving: layer.isHalved, pool: batch.pool)
      }
    }
  }

  /// The whole base in double precision for one picture.
  func inDoublePrecision(_ picture: [Float]) -> [Double] {
    layers.reduce(picture.map(Double.init)) { values, layer in
      let shape = layer.shape
      let results = layer.convolution(values, at: layer.convolution.allPositions)
      guard layer.isHalved else { return results }
      return halved(
        results, height: shape.outputHeight, width: shape.outputWidth, channels: shape.outputChannels)
    }
  }
}

extension KernelPath {
  /// The builds that this processor can run.
  static let supported = allCases.filter(\.isSupported)
}

import Backbones
import Digests
import Inference
import KidneyData
import MedicalImages
import NeuralNetworks

/// What the ladder's features come from.
package struct LadderBase {
  package var network: Network
  package var digest: ContentDigest
  package var preprocessing: PreprocessingSpecification

  package init(network: Network, digest: ContentDigest, preprocessing: PreprocessingSpecification) {
    self.network = network
    self.digest = digest
    self.preprocessing = preprocessing
  }

  /// The stored ImageNet weights, with the defaults' preprocessing.
  ///
  /// - Throws: what opening the stored weights throws; it says how to fetch them.
  static func stored(in store: WeightStore) throws -> LadderBase {
    let parameters = TrainingParameters()
    let weights = try store.open("vgg16")
    // Trainings take these features from the cache: damaged weights must not get there.
    try weights.verify()
    return LadderBase(
      network: try VGG16.convolutionBase(
        weights: weights.file(), inputShape: [parameters.imageHeight, parameters.imageWidth, 3]),
      digest: weights.digest, preprocessing: parameters.preprocessingSpecification)
  }

  /// The last layer's features of a whole data set at all positions, from the cache where they are known.
  ///
  /// - Parameter progress: told how many pictures are done.
  /// - Returns: the layer, its shape, and the features. Shape: [pictures, features], Float32.
  func features(
    of data: DataSet, cache: FeatureCache?, progress: (Int) -> Void
  ) throws -> (layer: String, shape: [Int], rows: [Float]) {
    let classifier = try ClassifierNetwork(
      base: network, headKind: .flatten, dropout: 0, classCount: max(2, data.classes.count), seed: 1)
    let split = try TrainableSplit(classifier, trainableFrom: nil)
    let provider = FeatureProvider(
      data: data, split: split, baseDigest: digest, preprocessing: preprocessing, cache: cache,
      decoded: DecodedPictures(budget: 0))
    var rows: [Float] = []
    rows.reserveCapacity(data.count * provider.shape.reduce(1, *))
    let batches = stride(from: 0, to: data.count, by: 16).map { Array($0..<min($0 + 16, data.count)) }
    try provider.forEach(batches, augmentation: nil) { number, features in
      features.withUnsafeValues { rows.append(contentsOf: $0) }
      progress(min(data.count, (number + 1) * 16))
    }
    return (split.layer, network.outputShape, rows)
  }
}

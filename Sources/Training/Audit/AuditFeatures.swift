import Backbones
import Inference
import KidneyData
import MedicalImages

/// Pooled features of VGG-16's last layer for a whole data set, from the cache where they are known.
enum AuditFeatures {
  /// - Parameter progress: told how many pictures are done.
  /// - Returns: shape [pictures][512].
  /// - Throws: what opening the stored weights throws, and what reading a picture throws.
  static func compute(
    for data: DataSet, store: WeightStore, cache: FeatureCache?, progress: (Int) -> Void
  ) throws -> [[Float]] {
    // The defaults', so that a training with them and an audit share what is cached.
    let parameters = TrainingParameters()
    let weights = try store.open("vgg16")
    // Trainings take these features from the cache: damaged weights must not get there.
    try weights.verify()
    let base = try VGG16.convolutionBase(
      weights: weights.file(), inputShape: [parameters.imageHeight, parameters.imageWidth, 3])
    let network = try ClassifierNetwork(
      base: base, headKind: .pooled, dropout: 0, classCount: max(2, data.classes.count), seed: 1)
    let provider = FeatureProvider(
      data: data, split: try TrainableSplit(network, trainableFrom: nil), baseDigest: weights.digest,
      preprocessing: parameters.preprocessingSpecification, cache: cache, decoded: DecodedPictures(budget: 0))
    var rows: [[Float]] = []
    let batches = stride(from: 0, to: data.count, by: 16).map { Array($0..<min($0 + 16, data.count)) }
    try provider.forEach(batches, augmentation: nil) { number, features in
      let width = features.count / batches[number].count
      let values = features.values
      for place in batches[number].indices { rows.append(Array(values[place * width..<(place + 1) * width])) }
      progress(rows.count)
    }
    return rows
  }
}

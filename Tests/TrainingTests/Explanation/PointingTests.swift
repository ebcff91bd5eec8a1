import BackboneTestSupport
import Backbones
import Foundation
import Inference
import KidneyData
import MedicalImages
import NeuralNetworks
import Reports
import TestSupport
import Testing
import Training

/// Where Grad-CAM points on pictures whose findings are known.
@Suite(.serialized, .enabled(if: RealWeights.stored != nil, "\(RealWeights.absent)"))
struct PointingTests {
  private static let patients = TestRun.isFull ? 240 : 60

  @Test(.timeLimit(.minutes(20)))
  func `on synthetic tumours the peak lies in the finding more often than chance, and not with shuffled weights`() throws {
    try withTemporaryFolder { folder in
      let hospital = folder.appending(path: "hospital")
      let options = SyntheticHospitalOptions(
        patients: Self.patients, seed: 11, slicesPerPatient: 4...4, coronalFraction: 0.25)
      try SyntheticHospital.generate(to: hospital, options: options)
      let data = try DataSet.open(hospital)
      let list = try SyntheticSliceList.load(from: hospital)
      let tested = Set(list.slices.map(\.patient).filter { $0 % 3 == 0 })
      let sliceOf = Dictionary(uniqueKeysWithValues: list.slices.map { ($0.path, $0) })
      let isTested = data.manifest.pictures.map { tested.contains(sliceOf[$0.path]?.patient ?? -1) }

      let parameters = try TrainingParameters(
        yaml: "AUGMENTATION: false\nEPOCHS: 30\nOPTIMIZER: sgd\nLEARNING_RATE: 0.01\nSEED: 1")
      let stored = try #require(RealWeights.stored)
      let network = try ClassifierNetwork(
        base: VGG16.convolutionBase(weights: stored.file()), headKind: .pooled, dropout: 0.5, classCount: 2, seed: 1)
      network.base.freezeAll()
      let trainer = try Trainer(
        network: network, parameters: parameters, data: data, baseDigest: stored.digest,
        cache: FeatureCache(folder: folder.appending(path: "features")), decoded: DecodedPictures())
      _ = try trainer.train(
        training: isTested.indices.filter { !isTested[$0] }, validation: isTested.indices.filter { isTested[$0] }
      ) { _ in }
      let explainer = Explainer(
        Classifier(
          description: ModelDescription(
            classes: data.classes, preprocessing: parameters.preprocessingSpecification,
            base: .init(network: "vgg16", digest: stored.digest, trainableFrom: nil),
            head: .init(kind: .pooled, dropout: 0.5),
            training: .init(
              parameters: [:], seed: 1, dataDigest: data.manifest.digest, splitDigest: data.manifest.digest, epochs: 30,
              version: "test")),
          modelDigest: stored.digest, network: network))
      let tumours = isTested.indices.filter { isTested[$0] && data.classes[data.labels[$0]] == "Tumor" }
      #expect(tumours.count >= Self.patients / 2)
      let pointed = try Self.play(explainer, tumours, data: data, sliceOf: sliceOf, seed: options.seed)
      print(
        "Pointing game, \(pointed.count) slices of unseen synthetic tumours: the peak lies in the finding in "
          + "\(pointed.hits); chance within the body would be \(MetricText.short(pointed.chance)), the same peaks on "
          + "other patients \(MetricText.short(pointed.hitsElsewhere)); " + MetricText.line("hits", try pointed.share()))
      // One in a hundred by chance (2.33 standard deviations), one in ten thousand (3.7) in the long series.
      let deviations = TestRun.isFull ? 3.7 : 2.33
      #expect(Double(pointed.hits) > pointed.chance + deviations * pointed.chance.squareRoot())

      // The test of the test: weights that mean nothing must not point.
      for parameter in network.base.layers.suffix(8).flatMap(\.parameters) where parameter.shape.count == 4 {
        let values = parameter.value.values
        try parameter.assign(Tensor(shape: parameter.shape, values: values.reversed()))
      }
      let shuffled = try Self.play(explainer, tumours, data: data, sliceOf: sliceOf, seed: options.seed)
      #expect(2 * shuffled.hits < pointed.hits, "\(shuffled.hits) hits with shuffled weights")
    }
  }

  private static func play(
    _ explainer: Explainer, _ pictures: [Int], data: DataSet, sliceOf: [String: SyntheticSlice], seed: UInt64
  ) throws -> PointingGame {
    var game = PointingGame()
    let tumour = try #require(data.classes.firstIndex(of: "Tumor"))
    for index in pictures {
      let path = data.manifest.pictures[index].path
      let slice = try #require(sliceOf[path])
      let picture = try PictureReader.read(data.root.appending(path: path)).picture
      let mask = slice.drawnPatient(seed: seed).findingMask(plane: slice.plane, position: slice.position, size: slice.size)
      try game.play(picture, mask: mask, patient: slice.patient) {
        try explainer.gradCAM(of: explainer.pixels(of: picture), classIndex: tumour)
      }
    }
    return game
  }
}

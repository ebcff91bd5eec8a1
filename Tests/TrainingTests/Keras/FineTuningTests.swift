import BackboneTestSupport
import Digests
import Foundation
import MedicalImages
import NeuralNetworks
import TestSupport
import Testing
import Training

/// Fine-tuning of VGG-16's last block against Keras, on the same weights and pictures. Keras runs in
/// `Reference/training/golden.py`.
@Suite(.serialized, .enabled(if: RealWeights.stored != nil, "\(RealWeights.absent)"))
struct FineTuningTests {
  @Test func `one step on drawn pictures changes every tensor as Keras does`() throws {
    let reference = try FineTuningReference.load()
    try compareUpdates(reference.drawn, reference, pictures: drawnPictures(reference))
  }

  @Test(.enabled(if: RealSlices.twoClass != nil, "\(RealSlices.absent)"))
  func `one step on real slices changes every tensor as Keras does`() throws {
    let reference = try FineTuningReference.load()
    try compareUpdates(reference.slices, reference, pictures: realSlices(reference))
  }

  @Test func `the loss falls over some steps on drawn pictures as it does with Keras`() throws {
    let reference = try FineTuningReference.load()
    try compareLosses(reference.drawn, reference, pictures: drawnPictures(reference))
  }

  @Test(.enabled(if: RealSlices.twoClass != nil, "\(RealSlices.absent)"))
  func `the loss falls over some steps on real slices as it does with Keras`() throws {
    let reference = try FineTuningReference.load()
    try compareLosses(reference.slices, reference, pictures: realSlices(reference))
  }

  private func drawnPictures(_ reference: FineTuningReference) -> [Picture] {
    FineTuningReference.drawnPictures(reference.drawn.labels.count)
  }

  private func realSlices(_ reference: FineTuningReference) throws -> [Picture] {
    let folder = try #require(RealSlices.folder)
    return try #require(reference.slices.files).map { file in
      let url = folder.appending(path: file.path)
      #expect(try ContentDigest(ofFile: url) == file.sha256, "\(file.path) is not the file of the reference")
      return try PictureReader.read(url).picture
    }
  }

  /// One step at the reference's rate, and the update of each trained tensor beside Keras's.
  private func compareUpdates(
    _ batch: FineTuningReference.Batch, _ reference: FineTuningReference, pictures: [Picture]
  ) throws {
    let network = try FineTuningReference.network(#require(RealWeights.stored))
    let split = try TrainableSplit(network, trainableFrom: reference.unfrozenFrom)
    let trained = split.trainable.parameters.filter(\.isTrainable)
    #expect(Set(trained.map(\.name)) == Set(batch.tensors.keys))
    let frozen = network.base.parameters.filter { !$0.isTrainable }
    #expect(frozen.count == 20)
    let (old, oldFrozen) = (trained.map(\.value), frozen.map(\.value))

    let frozenPart = try #require(split.frozen)
    let features = try frozenPart(FineTuningReference.pixels(of: pictures))
    try split.trainable.trainingStep(input: features, seed: 0, step: 0) { logits in
      try SoftmaxCrossEntropy().evaluate(logits: logits, labels: batch.labels).gradient
    }
    SGD(learningRate: reference.rate).step(split.trainable.parameters)

    #expect(frozen.map(\.value) == oldFrozen)
    for (parameter, before) in zip(trained, old) {
      let expected = try #require(batch.tensors[parameter.name])
      #expect(parameter.shape == expected.shape, "\(parameter.name)")
      let updates = zip(parameter.value.values, before.values).map { Double($0) - Double($1) }
      let largest = updates.map(abs).max() ?? 0
      #expect(largest > 0, "\(parameter.name) did not change")
      let difference = zip(expected.places, expected.updates).map { abs(updates[$0] - $1) }.max() ?? .infinity
      #expect(difference / expected.largest < 1e-3, "\(parameter.name)")
      #expect(abs(largest / expected.largest - 1) < 1e-3, "\(parameter.name)")
      let magnitudes = updates.reduce(0) { $0 + abs($1) }
      #expect(abs(magnitudes / expected.magnitudes - 1) < 1e-3, "\(parameter.name)")
      #expect(abs(updates.reduce(0, +) - expected.sum) / expected.magnitudes < 1e-3, "\(parameter.name)")
    }
  }

  /// Some steps at the reference's lower rate, and the loss before each and after the last beside Keras's.
  private func compareLosses(
    _ batch: FineTuningReference.Batch, _ reference: FineTuningReference, pictures: [Picture]
  ) throws {
    let network = try FineTuningReference.network(#require(RealWeights.stored), headShare: 0.25)
    let split = try TrainableSplit(network, trainableFrom: reference.unfrozenFrom)
    let frozenPart = try #require(split.frozen)
    let features = try frozenPart(FineTuningReference.pixels(of: pictures))
    let optimizer = SGD(learningRate: reference.lowRate)
    var losses: [Double] = []
    for step in 0..<batch.losses.count - 1 {
      try split.trainable.trainingStep(input: features, seed: 0, step: UInt64(step)) { logits in
        let (loss, _, gradient) = try SoftmaxCrossEntropy().evaluate(logits: logits, labels: batch.labels)
        losses.append(loss)
        return gradient
      }
      optimizer.step(split.trainable.parameters)
    }
    losses.append(try SoftmaxCrossEntropy().evaluate(logits: split.trainable(features), labels: batch.labels).loss)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }, "\(losses)")
    #expect(relativeError(losses, batch.losses) < 1e-3, "\(losses), Keras \(batch.losses)")
  }
}

import Foundation
import Inference
import KidneyData
import NeuralNetworks
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  private func train(
    _ parameters: TrainingParameters, _ data: DataSet, cache: FeatureCache? = nil,
    checkpoints: Trainer.Checkpoints? = nil, resume: Bool = false, report: (TrainingEvent) -> Void = { _ in }
  ) throws -> (history: TrainingHistory, values: [[Float]], probabilities: [[Double]]) {
    let trainer = try Trainer(
      network: DrawnData.network(parameters), parameters: parameters, data: data, baseDigest: DrawnData.baseDigest,
      cache: cache, decoded: DecodedPictures())
    let pictures = Array(data.labels.indices)
    let history = try trainer.train(
      training: pictures.filter { $0 % 4 != 0 }, validation: pictures.filter { $0 % 4 == 0 }, checkpoints: checkpoints,
      resume: resume, report: report)
    let network = trainer.network
    return (
      history, (network.base.parameters + network.head.parameters).map(\.value.values),
      try trainer.probabilities(of: pictures)
    )
  }

  @Test(arguments: [
    "", "AUGMENTATION: true", "HEAD: flatten\nOPTIMIZER: sgd\nMOMENTUM: 0.5", "TRAINABLE_FROM: block5_conv3",
  ])
  func `the same seed gives the same bits and another seed does not`(more: String) throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 2)
      var parameters = try DrawnData.parameters(more)
      let first = try train(parameters, data)
      let second = try train(parameters, data)
      #expect(first.values == second.values)
      #expect(first.history == second.history)
      #expect(first.probabilities == second.probabilities)
      parameters.seed += 1
      #expect(try train(parameters, data).values != first.values)
    }
  }

  @Test(arguments: ["", "AUGMENTATION: true\nSCHEDULE: plateau\nSCHEDULE_EPOCHS: 1", "TRAINABLE_FROM: block5_conv3\nOPTIMIZER: sgd\nMOMENTUM: 0.9"])
  func `a training that is cut in any epoch and resumed ends with the same bits`(more: String) throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder.appending(path: "data"), patients: 2)
      let parameters = try DrawnData.parameters(more)
      let whole = try train(parameters, data)
      for cut in 1...2 {
        let checkpoints = Trainer.Checkpoints(folder: folder.appending(path: "cut-\(cut)"), fingerprint: ["a": "b"])
        // What a kill leaves behind is the checkpoint of the last whole epoch.
        var short = parameters
        short.epochs = cut
        _ = try train(short, data, checkpoints: checkpoints)
        let resumed = try train(parameters, data, checkpoints: checkpoints, resume: true)
        #expect(resumed.values == whole.values)
        #expect(resumed.history == whole.history)
      }
    }
  }

  @Test func `every picture of every batch is learnt from once an epoch and measured by its count`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 3)
      var done: [Int] = []
      let result = try train(try DrawnData.parameters(), data) { event in
        if case .progress(.training(epoch: 1, epochs: _), let count, let total) = event {
          done.append(count)
          #expect(total == 13)
        }
      }
      // 18 pictures, 13 of them for training, batches of 5: the short one counts too.
      #expect(done == [5, 10, 13])
      #expect(result.history.epochs.map(\.epoch) == [1, 2, 3])
    }
  }

  @Test func `training learns classes that differ in brightness`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 4)
      var parameters = try DrawnData.parameters()
      parameters.epochs = 20
      let result = try train(parameters, data)
      let first = try #require(result.history.epochs.first)
      let last = try #require(result.history.epochs.last)
      #expect(last.loss < first.loss / 2)
      #expect(try #require(last.validationAccuracy) > 0.9)
    }
  }

  @Test func `a frozen base is not touched and an unfrozen block changes in every tensor`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 2)
      for from in [nil, "block5_conv2"] {
        var parameters = try DrawnData.parameters()
        parameters.epochs = 1
        parameters.trainableFrom = from
        let before = try DrawnData.network(parameters)
        let trainer = try Trainer(
          network: DrawnData.network(parameters), parameters: parameters, data: data,
          baseDigest: DrawnData.baseDigest, cache: nil, decoded: DecodedPictures())
        _ = try trainer.train(training: Array(data.labels.indices), validation: [])
        for (old, new) in zip(before.base.parameters, trainer.network.base.parameters) {
          let trained = from != nil && (new.name.hasPrefix("block5_conv2") || new.name.hasPrefix("block5_conv3"))
          #expect((old.value.values != new.value.values) == trained, "\(new.name)")
        }
      }
    }
  }

  @Test func `a second run takes every feature from the cache and needs no picture`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder.appending(path: "data"), patients: 2)
      let cache = FeatureCache(folder: folder.appending(path: "cache"))
      let parameters = try DrawnData.parameters()
      let first = try train(parameters, data, cache: cache)
      try FileManager.default.removeItem(at: data.root)
      let second = try train(parameters, data, cache: cache)
      #expect(first.values == second.values)
      // The cache changes no bit.
      let again = try DrawnData.make(in: folder.appending(path: "data"), patients: 2)
      #expect(try train(parameters, again).values == first.values)
    }
  }

  @Test func `early stopping ends after the patience and keeps the best epoch's weights`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 3)
      // At this rate the loss jumps about, so that the best epoch is not the last.
      var parameters = try DrawnData.parameters("OPTIMIZER: sgd\nEARLY_STOPPING: 2")
      parameters.learningRate = 3
      parameters.epochs = 40
      let kept = try train(parameters, data)
      let best = try #require(kept.history.best)
      let last = kept.history.epochs.count
      #expect(last < 40)
      #expect(last - best.epoch == 2)
      parameters.earlyStopping = nil
      parameters.epochs = best.epoch
      #expect(try train(parameters, data).values == kept.values)
    }
  }

  @Test func `a resume with other settings names what changed, and one without a checkpoint says so`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder.appending(path: "data"), patients: 2)
      let parameters = try DrawnData.parameters()
      var checkpoints = Trainer.Checkpoints(
        folder: folder.appending(path: "checkpoints"), fingerprint: ["BATCH_SIZE": "5", "SEED": "3"])
      let missing = #expect(throws: TrainingError.self) {
        try train(parameters, data, checkpoints: checkpoints, resume: true)
      }
      #expect(missing == .nothingToResume(path: checkpoints.folder.path))
      _ = try train(parameters, data, checkpoints: checkpoints)
      checkpoints.fingerprint["BATCH_SIZE"] = "6"
      let changed = #expect(throws: TrainingError.self) {
        try train(parameters, data, checkpoints: checkpoints, resume: true)
      }
      #expect(changed == .checkpointDiffers(path: checkpoints.folder.path, what: ["BATCH_SIZE"]))
    }
  }

  @Test func `a checkpoint that was cut is refused with what to do`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder.appending(path: "data"), patients: 2)
      let parameters = try DrawnData.parameters()
      let checkpoints = Trainer.Checkpoints(folder: folder.appending(path: "checkpoints"), fingerprint: [:])
      _ = try train(parameters, data, checkpoints: checkpoints)
      let bytes = try Data(contentsOf: checkpoints.last)
      for count in [0, 7, 100, bytes.count - 1] {
        try bytes.prefix(count).write(to: checkpoints.last)
        let error = #expect(throws: TrainingError.self) {
          try train(parameters, data, checkpoints: checkpoints, resume: true)
        }
        #expect(error?.description.contains("without --resume") == true)
      }
    }
  }

  @Test func `a training that diverges stops and names the learning rate`() throws {
    try withTemporaryFolder { folder in
      let data = try DrawnData.make(in: folder, patients: 2)
      var parameters = try DrawnData.parameters("TRAINABLE_FROM: block4_conv1\nOPTIMIZER: sgd\nWEIGHT_DECAY: 0")
      parameters.learningRate = 10
      parameters.epochs = 50
      let error = #expect(throws: TrainingError.self) { try train(parameters, data) }
      #expect(error?.description.contains("lower LEARNING_RATE") == true)
    }
  }
}

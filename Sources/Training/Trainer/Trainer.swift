import Digests
import Foundation
import Inference
import KidneyData
import LocalFiles
import NeuralNetworks
import TensorKernels

/// Trains one classifier on one division of one data set.
///
/// Every draw comes from a stream named by the seed and what it is for, and sums do not depend on threads:
/// the same seed gives the same bits, whether the training ran through or was killed and resumed.
public final class Trainer {
  /// The network that is trained, in place.
  public let network: ClassifierNetwork
  private let split: TrainableSplit
  private let parameters: TrainingParameters
  private let data: DataSet
  private let baseDigest: ContentDigest
  private let provider: FeatureProvider
  /// Nil without a gate, and where the layer it looks at is trained.
  private let looks: GateLooks?
  private let pool: ThreadPool

  /// - Parameters:
  ///   - network: fresh; it is changed in place, and its base frozen below `parameters.trainableFrom`. Its input has
  ///     the parameters' height and width in pixels, its output their classes.
  ///   - parameters: checked already; what they ask for is trained.
  ///   - data: the pictures that `train` and `probabilities` name by their places in its manifest.
  ///   - baseDigest: of the base's weights.
  ///   - cache: where base features are kept; nil computes them each time.
  ///   - decoded: resized pictures, shared by trainings on the same data.
  ///   - pool: the threads that compute; as many others decode pictures. Their number changes no bit.
  /// - Throws: `NeuralNetworkError.unknownLayer` if the base has no layer `parameters.trainableFrom`.
  public init(
    network: ClassifierNetwork, parameters: TrainingParameters, data: DataSet, baseDigest: ContentDigest,
    cache: FeatureCache?, decoded: DecodedPictures, pool: ThreadPool = .shared
  ) throws {
    self.network = network
    self.parameters = parameters
    self.data = data
    self.baseDigest = baseDigest
    self.pool = pool
    split = try TrainableSplit(network, trainableFrom: parameters.trainableFrom)
    looks = try parameters.gate ? GateLooks(layer: Gate.defaultLayer, frozen: split.frozen) : nil
    provider = FeatureProvider(
      data: data, split: split, baseDigest: baseDigest, preprocessing: parameters.preprocessingSpecification,
      cache: cache, decoded: decoded, looks: looks, pool: pool)
  }

  /// The gate of what the network was trained on: fitted to the training pictures as they are and, with augmentation, as
  /// the first epochs showed them.
  ///
  /// What it looks at came out of the passes that computed the features. Only pictures that none of them showed like that,
  /// such as unchanged ones where augmented ones are trained on, go through the first blocks once more.
  ///
  /// - Parameters:
  ///   - training: the pictures that were trained on.
  ///   - seriesOf: of every picture of the data set.
  ///   - epochs: that were trained.
  /// - Throws: `GateFit.Failure` if they are too few, and what reading pictures throws.
  public func gate(training: [Int], seriesOf: [Int], epochs: Int) throws -> Gate {
    let layer = Gate.defaultLayer
    var shown: [FeatureKey.Augmented?] = [nil]
    if looks != nil, parameters.augmentationSettings != nil {
      shown += (0..<max(1, min(epochs, GateLooks.augmentedEpochs))).map(augmentation(epoch:))
    }
    var samples: [GateFit.Sample] = []
    var colours: [Double] = []
    for augmentation in shown {
      var found = training.map { looks?.look(at: $0, epoch: augmentation?.epoch) }
      let missing = training.indices.filter { found[$0] == nil }
      if !missing.isEmpty {
        let computed = try provider.looks(
          at: missing.map { training[$0] }, augmentation: augmentation, by: network.base, layer: layer,
          batchSize: parameters.batchSize)
        for (place, look) in zip(missing, computed) { found[place] = look }
      }
      for (picture, look) in zip(training, found) {
        samples.append(
          GateFit.Sample(features: look!.roots, series: seriesOf[picture], isChanged: augmentation != nil))
        colours.append(look!.colour)
      }
    }
    return try GateFit()(samples, layer: layer, colours: colours)
  }

  /// Which pictures, as they are, a gate refuses. What it looks at is known where their probabilities were asked for
  /// before.
  ///
  /// - Parameters:
  ///   - pictures: places in the data set's manifest.
  ///   - gate: one of this network.
  /// - Returns: one answer for each picture, in their order; true for one that is refused.
  /// - Throws: what reading a picture throws, and `NeuralNetworkError.unknownLayer` if the base lacks the layer that the
  ///   gate looks at.
  public func refusals(of pictures: [Int], by gate: Gate) throws -> [Bool] {
    var found = pictures.map { looks?.look(at: $0, epoch: nil) }
    let missing = pictures.indices.filter { found[$0] == nil }
    if !missing.isEmpty {
      let computed = try provider.looks(
        at: missing.map { pictures[$0] }, augmentation: nil, by: network.base, layer: gate.record.layer,
        batchSize: parameters.batchSize)
      for (place, look) in zip(missing, computed) { found[place] = look }
    }
    return found.map { look in
      gate.refusal(colour: look!.colour, distance: gate.distance(of: look!.roots)) != nil
    }
  }

  /// Where a training keeps what it needs to go on, and what it must find unchanged when it does.
  public struct Checkpoints: Sendable {
    /// Holds `last.safetensors` and `best.safetensors`; a training that starts anew removes what is in it.
    public var folder: URL
    /// What the training depends on, by a name that a message can show, such as "BATCH_SIZE": every value that would
    /// change its bits, but not the number of epochs. A resume must find the same names and values.
    public var fingerprint: [String: String]

    /// - Parameters:
    ///   - folder: made with the first checkpoint.
    ///   - fingerprint: names and values of what the training depends on.
    public init(folder: URL, fingerprint: [String: String]) {
      self.folder = folder
      self.fingerprint = fingerprint
    }

    /// Whether there is a checkpoint of the same training that is not past the wanted epochs. Its tensors are not read: a
    /// file cut short is refused, other damage is found when the training goes on.
    public func fit(epochs: Int) -> Bool {
      guard let found = try? Checkpoint.outline(of: last) else { return false }
      return found.fingerprint == fingerprint && found.epochs <= epochs
    }

    /// Finds out, without reading its tensors, whether a training can go on from the last checkpoint.
    ///
    /// - Parameter epochs: that are wanted in all.
    /// - Throws: `TrainingError.nothingToResume`, `checkpointDamaged`, `checkpointDiffers`.
    func check(epochs: Int) throws {
      guard FileManager.default.fileExists(atPath: last.path) else {
        throw TrainingError.nothingToResume(path: folder.path)
      }
      let found = try Checkpoint.outline(of: last)
      let keys = Set(found.fingerprint.keys).union(fingerprint.keys)
      let changed = keys.filter { found.fingerprint[$0] != fingerprint[$0] }.sorted()
      guard changed.isEmpty else { throw TrainingError.checkpointDiffers(path: folder.path, what: changed) }
      guard found.epochs <= epochs else {
        throw TrainingError.checkpointDiffers(
          path: folder.path, what: ["EPOCHS (\(found.epochs) are done, \(epochs) wanted)"])
      }
    }

    /// The checkpoint after the last whole epoch.
    public var last: URL { folder.appending(path: "last.safetensors") }
    /// The checkpoint after the epoch with the lowest validation loss.
    public var best: URL { folder.appending(path: "best.safetensors") }
  }

  /// Trains to the last epoch, or until early stopping.
  ///
  /// - Parameters:
  ///   - training: pictures to learn from; not empty.
  ///   - validation: pictures to measure after each epoch; may be empty unless the parameters need them.
  ///   - checkpoints: nil keeps none.
  ///   - resume: go on from the last checkpoint.
  /// - Returns: the history. The network then holds the last epoch's weights, or with early stopping the best one's.
  /// - Throws: `TrainingError`, and what reading pictures or writing files throws.
  public func train(
    training: [Int], validation: [Int], checkpoints: Checkpoints? = nil, resume: Bool = false,
    report: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingHistory {
    guard !training.isEmpty else {
      throw TrainingError.emptySide(side: "training", advice: "Lower VALIDATION_FRACTION and TEST_FRACTION.")
    }
    if validation.isEmpty, parameters.earlyStopping != nil || parameters.schedule == .plateau {
      throw TrainingError.emptySide(
        side: "validation", advice: "EARLY_STOPPING and SCHEDULE: plateau need some; raise VALIDATION_FRACTION.")
    }
    var run = Run(optimizer: parameters.makeOptimizer(), plateau: parameters.makePlateau())
    if resume, let checkpoints {
      try restore(&run, from: checkpoints)
    } else {
      if let folder = checkpoints?.folder { try? FileManager.default.removeItem(at: folder) }
      try fitStandardization(on: training, report: report)
    }

    while run.history.epochs.count < parameters.epochs, !shouldStop(run.history) {
      let record = try trainEpoch(&run, training: training, validation: validation, report: report)
      let isBest = run.history.best == nil || (record.validationLoss ?? .infinity) < run.history.best!.validationLoss!
      run.history.epochs.append(record)
      if let loss = record.validationLoss { run.plateau?.record(validationLoss: loss) }
      if let checkpoints {
        let checkpoint = Checkpoint(
          fingerprint: checkpoints.fingerprint, history: run.history, plateau: run.plateau,
          network: split.trainable, optimizer: run.optimizer)
        // The best one first: a kill in between repeats this epoch and writes the same file again.
        if isBest { try checkpoint.write(to: checkpoints.best) }
        try checkpoint.write(to: checkpoints.last)
      } else if isBest, parameters.earlyStopping != nil {
        run.bestValues = split.trainable.parameters.map(\.value)
      }
      report(.epochEnded(record, epochs: parameters.epochs))
    }
    if parameters.earlyStopping != nil, let best = run.history.best {
      if run.history.epochs.count < parameters.epochs {
        report(.stoppedEarly(epoch: run.history.epochs.count, bestEpoch: best.epoch))
      }
      if let checkpoints {
        try Checkpoint(reading: checkpoints.best).restore(split.trainable, path: checkpoints.best.path)
      } else if let values = run.bestValues {
        for (parameter, value) in zip(split.trainable.parameters, values) { try parameter.assign(value) }
      }
    }
    return run.history
  }

  /// Probabilities of pictures as they are, without augmentation.
  ///
  /// - Returns: Shape: [pictures, classes], Double, 0…1; each row sums to 1.
  public func probabilities(
    of pictures: [Int], phase: TrainingEvent.Phase = .scoring, report: (TrainingEvent) -> Void = { _ in }
  ) throws -> [[Double]] {
    var rows: [[Double]] = []
    rows.reserveCapacity(pictures.count)
    let batches = BatchPlan.batches(of: pictures, batchSize: parameters.batchSize)
    try provider.forEach(batches, augmentation: nil) { _, features in
      rows += Classifier.rows(of: try split.trainable(features, pool: pool))
      report(.progress(phase: phase, done: rows.count, total: pictures.count))
    }
    return rows
  }

  // MARK: - One run

  private struct Run {
    var optimizer: any Optimizer
    var plateau: ReduceOnPlateau?
    var history = TrainingHistory()
    /// Of the best epoch, where no checkpoint keeps them.
    var bestValues: [Tensor]?
  }

  private func restore(_ run: inout Run, from checkpoints: Checkpoints) throws {
    try checkpoints.check(epochs: parameters.epochs)
    let checkpoint = try Checkpoint(reading: checkpoints.last)
    try checkpoint.restore(split.trainable, path: checkpoints.last.path)
    try run.optimizer.restore(checkpoint.optimizer, for: split.trainable.parameters)
    run.history = checkpoint.history
    run.plateau = checkpoint.plateau
  }

  private func shouldStop(_ history: TrainingHistory) -> Bool {
    guard let patience = parameters.earlyStopping, let best = history.best else { return false }
    return history.epochs.count - best.epoch >= patience
  }

  private func trainEpoch(
    _ run: inout Run, training: [Int], validation: [Int], report: (TrainingEvent) -> Void
  ) throws -> EpochRecord {
    let epoch = run.history.epochs.count
    let batches = BatchPlan.batches(
      of: training, batchSize: parameters.batchSize, shuffled: true, seed: parameters.seed, epoch: epoch)
    let loss = SoftmaxCrossEntropy(
      classWeights: parameters.classWeights(of: training.map { data.labels[$0] }),
      labelSmoothing: Float(parameters.labelSmoothing))
    let schedule = parameters.makeSchedule(stepsPerEpoch: batches.count, plateau: run.plateau)
    var totalLoss = 0.0
    var correct = 0
    var done = 0
    try provider.forEach(batches, augmentation: augmentation(epoch: epoch)) { number, features in
      let labels = batches[number].map { data.labels[$0] }
      let step = epoch * batches.count + number
      run.optimizer.learningRate = schedule.rate(atStep: step, stepsPerEpoch: batches.count)
      try split.trainable.trainingStep(
        input: features, seed: parameters.seed, step: UInt64(step), pool: pool
      ) { logits, gradient in
        guard logits.allSatisfy(\.isFinite) else {
          throw TrainingError.diverged(epoch: epoch + 1, learningRate: run.optimizer.learningRate)
        }
        let measure = try loss.evaluate(
          logits: logits, classes: parameters.classCount, labels: labels, gradient: gradient)
        totalLoss += measure.loss * Double(labels.count)
        correct += measure.correct
      }
      run.optimizer.step(split.trainable.parameters)
      done += labels.count
      report(.progress(phase: .training(epoch: epoch + 1, epochs: parameters.epochs), done: done, total: training.count))
    }
    guard split.trainable.parameters.allSatisfy(\.value.isFinite) else {
      throw TrainingError.diverged(epoch: epoch + 1, learningRate: run.optimizer.learningRate)
    }
    let measured = try measure(validation, epoch: epoch, report: report)
    // Finite parameters can still give numbers that are too large, and what is not a number cannot be kept.
    guard totalLoss.isFinite, measured?.loss.isFinite ?? true else {
      throw TrainingError.diverged(epoch: epoch + 1, learningRate: run.optimizer.learningRate)
    }
    return EpochRecord(
      epoch: epoch + 1, learningRate: run.optimizer.learningRate, loss: totalLoss / Double(done),
      accuracy: Double(correct) / Double(done), validationLoss: measured?.loss, validationAccuracy: measured?.accuracy)
  }

  private func measure(
    _ validation: [Int], epoch: Int, report: (TrainingEvent) -> Void
  ) throws -> (loss: Double, accuracy: Double)? {
    guard !validation.isEmpty else { return nil }
    let rows = try probabilities(
      of: validation, phase: .validation(epoch: epoch + 1, epochs: parameters.epochs), report: report)
    var loss = 0.0
    var correct = 0
    for (row, picture) in zip(rows, validation) {
      let label = data.labels[picture]
      loss -= log(min(max(row[label], 1e-7), 1 - 1e-7))
      if row.firstIndex(of: row.max()!) == label { correct += 1 }
    }
    return (loss / Double(validation.count), Double(correct) / Double(validation.count))
  }

  /// Fits the head's standardisation to the training pictures as the first epoch shows them.
  private func fitStandardization(on training: [Int], report: (TrainingEvent) -> Void) throws {
    guard let standardization = network.standardization else { return }
    // With a frozen base the provider's features are the pooled ones; else they are pooled above it.
    let above = try parameters.trainableFrom == nil ? nil : split.trainable.prefix(through: network.head.layers[0].name)
    var rows: [Tensor] = []
    let batches = BatchPlan.batches(of: training, batchSize: parameters.batchSize)
    try provider.forEach(batches, augmentation: augmentation(epoch: 0)) { _, features in
      let pooled = try above.map { try $0(features, pool: pool) } ?? features
      rows += (0..<pooled.shape[0]).map { pooled.row($0) }
      report(.progress(phase: .standardisation, done: rows.count, total: training.count))
    }
    standardization.fit(rows)
  }

  private func augmentation(epoch: Int) -> FeatureKey.Augmented? {
    parameters.augmentationSettings.map { .init(settings: $0, seed: parameters.seed, epoch: epoch) }
  }
}

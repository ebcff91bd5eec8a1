import NeuralNetworks

extension TrainingParameters {
  func makeOptimizer() -> any Optimizer {
    switch optimizer {
    case .sgd:
      SGD(learningRate: learningRate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adamw:
      AdamW(learningRate: learningRate, weightDecay: weightDecay)
    }
  }

  /// The plateau rule's fresh state; nil unless the schedule is `plateau`.
  func makePlateau() -> ReduceOnPlateau? {
    schedule == .plateau
      ? ReduceOnPlateau(initialRate: learningRate, factor: scheduleFactor, patience: scheduleEpochs) : nil
  }

  /// The plan of the learning rate, over whole steps.
  ///
  /// - Parameter plateau: its state so far, where the schedule is `plateau`.
  func makeSchedule(stepsPerEpoch: Int, plateau: ReduceOnPlateau?) -> any LearningRateSchedule {
    func warmed(_ main: some LearningRateSchedule) -> any LearningRateSchedule {
      warmUpEpochs > 0 ? WarmUp(steps: warmUpEpochs * stepsPerEpoch, then: main) : main
    }
    return switch schedule {
    case .constant: warmed(ConstantRate(learningRate))
    case .plateau: warmed(ConstantRate(plateau?.learningRate ?? learningRate))
    case .step: warmed(StepDecay(initialRate: learningRate, factor: scheduleFactor, everyEpochs: scheduleEpochs))
    case .cosine: warmed(CosineDecay(initialRate: learningRate, epochs: epochs - warmUpEpochs))
    }
  }

  /// Weights that make every class count alike: pictures / (classes * pictures of the class); nil if not wanted.
  func classWeights(of labels: [Int]) -> [Float]? {
    guard balancedClasses else { return nil }
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts.map { $0 == 0 ? 1 : Float(labels.count) / (Float(classCount) * Float($0)) }
  }
}

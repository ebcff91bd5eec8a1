import Backbones
import Foundation
import Inference
import KidneyData
import MedicalImages
import Yams

/// One key of `params.yaml`: its name, what it may be, what it means, and how it goes in and out.
public struct ParameterKey: Sendable {
  /// As `params.yaml` has it, in capitals.
  public let name: String
  /// The accepted values, as an error message and the documents give them.
  public let expected: String
  /// In one sentence, with units where there are some.
  public let meaning: String
  /// The value as YAML writes it, for records and fingerprints.
  public let text: @Sendable (TrainingParameters) -> String
  /// - Returns: false if the node is not an accepted value.
  let read: @Sendable (Node, inout TrainingParameters) -> Bool
  /// What lies between two values; nil where nothing does, as between names.
  var numbers: Numbers?

  /// The kind of numbers that a key takes.
  enum Numbers: Sendable { case whole, real }

  /// The report's eight, then ours.
  public static let all: [ParameterKey] = report + data + model + optimisation + decision
  /// Those that are a matter of the scores alone, whatever the others are: another value needs no other training.
  static let ofScoresAlways: Set<String> = ["FOLDS", "FOLD_REPEATS"]

  /// Those that are a matter of the scores alone with these parameters. `PREVALENCE` is one but where a threshold is
  /// chosen by it.
  static func ofScores(_ parameters: TrainingParameters) -> Set<String> {
    parameters.decision.operatingPoint == .netBenefit ? ofScoresAlways : ofScoresAlways.union(["PREVALENCE"])
  }

  /// The names of the report's own eight.
  static let reportNames: Set<String> = Set(report.map(\.name))

  /// The report's own eight.
  static let report: [ParameterKey] = [
    flag("AUGMENTATION", \.augmentation, "random rotation, shift, shear, zoom and flip of each training picture"),
    ParameterKey(
      name: "IMAGE_SIZE", expected: "[height, width, 3] with height and width multiples of 32 from 32 to 1024",
      meaning: "the size pictures are resized to; VGG-16's own is 224 x 224",
      text: { "[\($0.imageHeight), \($0.imageWidth), 3]" },
      read: { node, parameters in
        guard let sequence = node.sequence else { return false }
        let numbers = sequence.compactMap(\.wholeNumber)
        guard sequence.count == 3, numbers.count == 3, numbers[2] == 3,
          numbers[..<2].allSatisfy({ (32...1024).contains($0) && $0 % 32 == 0 })
        else { return false }
        (parameters.imageHeight, parameters.imageWidth) = (numbers[0], numbers[1])
        return true
      }),
    whole("BATCH_SIZE", \.batchSize, 1...1024, "pictures in a training step"),
    ParameterKey(
      name: "INCLUDE_TOP", expected: "False (transfer learning replaces VGG-16's own top)",
      meaning: "whether VGG-16's own classifier stays under the new head", text: { $0.includeTop ? "true" : "false" },
      read: { node, parameters in
        parameters.includeTop = false
        return node.boolean == false
      }),
    whole("EPOCHS", \.epochs, 1...10_000, "passes over the training pictures"),
    whole("CLASSES", \.classCount, 2...1000, "number of classes; must be that of the data set"),
    ParameterKey(
      name: "WEIGHTS", expected: "imagenet, or null for random weights",
      meaning: "the base's weights", text: { $0.weights == .imagenet ? "imagenet" : "null" },
      read: { node, parameters in
        if node.isNull || node.string == "None" { parameters.weights = .random; return true }
        parameters.weights = .imagenet
        return node.string == "imagenet"
      }),
    real("LEARNING_RATE", \.learningRate, 1e-8...10, "the optimizer's learning rate"),
  ]

  private static let data: [ParameterKey] = [
    ParameterKey(
      name: "SEED", expected: "a whole number from 0 to 9223372036854775807",
      meaning: "seed of everything drawn: split, order, augmentation, dropout, first weights",
      text: { String($0.seed) },
      read: { node, parameters in
        guard let seed = node.wholeNumber, seed >= 0 else { return false }
        parameters.seed = UInt64(seed)
        return true
      }),
    choice(
      "PREPROCESSING", \.preprocessing, [.imagenet, .divide255],
      "pixel scaling: ImageNet's (BGR minus mean), or the report's division by 255"),
    choice("RESAMPLING", \.resampling, [.bilinear, .nearest], "how pictures are resized, as Pillow does it"),
    flag("KERAS_COMPATIBLE", \.kerasCompatible, "augmentation by the exact formulas of Keras's ImageDataGenerator"),
    choice(
      "SPLIT", \.split, [.series, .random, .keras],
      "how pictures are divided: whole series, single pictures, or the head of each class's sorted list"),
    real("VALIDATION_FRACTION", \.validationFraction, 0.01...0.5, "share of the pictures for validation"),
    real(
      "TEST_FRACTION", \.testFraction, 0.01...0.5,
      "share of the pictures for the scores; with SPLIT keras the head that is scored, training pictures or not"),
    whole("FOLDS", \.folds, 2...50, "folds of the grouped cross-validation that small data sets are scored by, at most"),
    whole(
      "FOLD_REPEATS", \.foldRepeats, 1...100,
      "how often that cross-validation is done, each time with other folds; figures are means over the repeats"),
  ]

  private static let model: [ParameterKey] = [
    choice(
      "HEAD", \.head, HeadKind.trainable,
      "pooled (average pooling, standardisation, dropout, dense) or the report's flatten (flatten, dense)"),
    real("DROPOUT", \.dropout, 0...0.95, "share of the pooled head's inputs dropped in training"),
    ParameterKey(
      name: "TRAINABLE_FROM", expected: "null, or one of " + VGG16.convolutionLayerNames.joined(separator: ", "),
      meaning: "the first layer of the base that is trained too; null keeps the whole base frozen",
      text: { $0.trainableFrom ?? "null" },
      read: { node, parameters in
        if node.isNull { parameters.trainableFrom = nil; return true }
        guard let name = node.string, parameters.network.convolutions.contains(where: { $0.name == name }) else { return false }
        parameters.trainableFrom = name
        return true
      }),
  ]

  private static let optimisation: [ParameterKey] = [
    choice("OPTIMIZER", \.optimizer, TrainingParameters.OptimizerKind.allCases, "the update rule, as in Keras 3"),
    real("MOMENTUM", \.momentum, 0...0.999, "of sgd"),
    flag("NESTEROV", \.nesterov, "Nesterov's form of sgd's momentum"),
    real("WEIGHT_DECAY", \.weightDecay, 0...1, "decoupled weight decay: each step takes learning rate times this share off a weight"),
    real("LABEL_SMOOTHING", \.labelSmoothing, 0...0.5, "share of the target spread over all classes"),
    flag("BALANCED_CLASSES", \.balancedClasses, "weighs each class's loss by the inverse of its share of the training pictures"),
    choice("SCHEDULE", \.schedule, TrainingParameters.ScheduleKind.allCases, "how the learning rate goes on"),
    whole("WARM_UP_EPOCHS", \.warmUpEpochs, 0...1000, "epochs in which the rate first rises from 0"),
    real("SCHEDULE_FACTOR", \.scheduleFactor, 0.001...0.999, "what step and plateau multiply the rate by"),
    whole("SCHEDULE_EPOCHS", \.scheduleEpochs, 1...10_000, "epochs between steps; for plateau the epochs without progress"),
    ParameterKey(
      name: "EARLY_STOPPING", expected: "null, or a whole number from 1 to 10000",
      meaning: "stop after so many epochs without a lower validation loss and keep the best epoch's weights; null trains all epochs and keeps the last",
      text: { $0.earlyStopping.map(String.init) ?? "null" },
      read: { node, parameters in
        if node.isNull { parameters.earlyStopping = nil; return true }
        guard let patience = node.wholeNumber, (1...10_000).contains(patience) else { return false }
        parameters.earlyStopping = patience
        return true
      }),
  ]

  private static let decision: [ParameterKey] = [
    choice(
      "CALIBRATION", \.decision.calibration, DecisionSettings.CalibrationKind.allCases,
      "how probabilities are calibrated on the validation series: temperature scaling, Platt scaling (two classes), or not at all"),
    choice(
      "OPERATING_POINT", \.decision.operatingPoint, DecisionSettings.OperatingPointKind.allCases,
      "from which probability on the positive class is named: plain names the most probable class, the others choose a threshold on the validation series"),
    real(
      "SENSITIVITY_AT_LEAST", \.decision.sensitivityAtLeast, 0.01...1,
      "the sensitivity that OPERATING_POINT: sensitivity must reach"),
    real(
      "THRESHOLD_PROBABILITY", \.decision.thresholdProbability, 0.001...0.999,
      "for net benefit: a false positive costs p / (1 - p) of a true positive"),
    ParameterKey(
      name: "PREVALENCE", expected: "null, or a number from 0.0001 to 0.9999",
      meaning: "how common the positive class is among those the answers are for, for predictive values, net benefit and the threshold of OPERATING_POINT: net_benefit; null takes its share of the pictures at hand",
      text: { $0.decision.prevalence.map { String($0) } ?? "null" },
      read: { node, parameters in
        if node.isNull { parameters.decision.prevalence = nil; return true }
        guard let share = node.number, (0.0001...0.9999).contains(share) else { return false }
        parameters.decision.prevalence = share
        return true
      }),
    choice(
      "ABSTENTION", \.decision.abstention, DecisionSettings.AbstentionKind.allCases,
      "when a picture is referred instead of answered: coverage answers the surest ABSTENTION_COVERAGE of the validation pictures, risk as many as keep ABSTENTION_RISK there, none answers all"),
    real("ABSTENTION_RISK", \.decision.abstentionRisk, 0.0...0.5, "with ABSTENTION: risk, the share of wrong answers among those given that is promised"),
    real("ABSTENTION_COVERAGE", \.decision.abstentionCoverage, 0.05...1, "with ABSTENTION: coverage, the share of pictures that is answered"),
    flag("GATE", \.gate, "refuses pictures that are no kidney CT, by features of the training pictures"),
  ]

  /// Keys that change what is made of a trained network, not the network.
  static let afterTraining: Set<String> = Set(decision.map(\.name))

  private static func flag(
    _ name: String, _ path: WritableKeyPath<TrainingParameters, Bool> & Sendable, _ meaning: String
  ) -> ParameterKey {
    ParameterKey(
      name: name, expected: "True or False", meaning: meaning, text: { $0[keyPath: path] ? "true" : "false" },
      read: { node, parameters in
        guard let value = node.boolean else { return false }
        parameters[keyPath: path] = value
        return true
      })
  }

  private static func whole(
    _ name: String, _ path: WritableKeyPath<TrainingParameters, Int> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String
  ) -> ParameterKey {
    ParameterKey(
      name: name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", meaning: meaning,
      text: { String($0[keyPath: path]) },
      read: { node, parameters in
        guard let value = node.wholeNumber, range.contains(value) else { return false }
        parameters[keyPath: path] = value
        return true
      }, numbers: .whole)
  }

  private static func real(
    _ name: String, _ path: WritableKeyPath<TrainingParameters, Double> & Sendable, _ range: ClosedRange<Double>,
    _ meaning: String
  ) -> ParameterKey {
    ParameterKey(
      name: name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", meaning: meaning,
      text: { String($0[keyPath: path]) },
      read: { node, parameters in
        guard let value = node.number, range.contains(value) else { return false }
        parameters[keyPath: path] = value
        return true
      }, numbers: .real)
  }

  private static func choice<Value: RawRepresentable<String> & Sendable>(
    _ name: String, _ path: WritableKeyPath<TrainingParameters, Value> & Sendable, _ values: [Value],
    _ meaning: String
  ) -> ParameterKey {
    ParameterKey(
      name: name, expected: "one of " + values.map(\.rawValue).joined(separator: ", "), meaning: meaning,
      text: { $0[keyPath: path].rawValue },
      read: { node, parameters in
        guard let value = node.string.flatMap(Value.init(rawValue:)), values.contains(where: { $0.rawValue == value.rawValue })
        else { return false }
        parameters[keyPath: path] = value
        return true
      })
  }
}

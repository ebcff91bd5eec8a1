import Evaluation
import Foundation
import Reports

/// Everything measured about one head.
public struct HeadFigures: Codable, Sendable, Equatable {
  public var task: String
  public var classes: [String]
  public var counts: [Count]
  public var fit: Fit
  /// Whole series held out: the figures for new patients.
  public var series: HeldOut
  /// Runs of at most 30 neighbouring slices held out: too good for new patients.
  public var runs: HeldOut
  public var trials: [Trial]
  public var calibration: CalibrationCheck
  public var decision: DecisionCheck
  /// What the gate rests on, in words; nil without one.
  public var gate: String?
  /// What heads answer for held-out pictures of classes they do not know.
  public var strangers: [Stranger]

  /// Pictures and series of a class that is answered.
  public struct Count: Codable, Sendable, Equatable {
    public var className: String
    public var images: Int
    public var series: Int

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case images, series
    }
  }

  /// What the shipped head was fitted to.
  public struct Fit: Codable, Sendable, Equatable {
    /// The classes of the pictures that were trained on.
    public var classes: [String]
    public var features: Int
    public var pictures: Int
    /// Pictures and copies of them.
    public var rows: Int
    public var iterations: Int
    public var converged: Bool
  }

  /// Cross-validation by one way of holding out, with folds drawn anew each time.
  public struct HeldOut: Codable, Sendable, Equatable {
    /// What is held out whole.
    public var heldOut: String
    public var groups: Int
    public var folds: Int
    /// How many of the draws gave folds that no other gave: balanced folds of few groups repeat.
    public var differentDraws: Int
    /// How often both of a pair of copies, exact or near, lay on two sides, over all draws; never where series are held
    /// out.
    public var copiesAcrossSides: Int
    /// Of each time the folds were drawn.
    public var macroF1: [Double]
    public var auc: [Double]
    /// Means over all times, with intervals over series; the confusion matrix is that of the first. Where folds part a
    /// series every metric carries the mark "LEAKY split".
    public var report: ClassificationReport

    enum CodingKeys: String, CodingKey {
      case groups, folds, auc, report
      case heldOut = "held_out"
      case differentDraws = "different_draws"
      case copiesAcrossSides = "copies_across_sides"
      case macroF1 = "macro_f1"
    }
  }

  /// Answers for held-out pictures as they are and changed; the first folds of a way of holding out.
  public struct Trial: Codable, Sendable, Equatable {
    public var change: String
    public var heldOut: String
    /// Share of right answers for the same pictures as they are, changed, and of equal answers.
    public var right: Metric
    public var rightChanged: Metric
    public var same: Metric

    enum CodingKeys: String, CodingKey {
      case change, right, same
      case heldOut = "held_out"
      case rightChanged = "right_changed"
    }
  }

  /// Whether a temperature helps pictures that it was not fitted to.
  public struct CalibrationCheck: Codable, Sendable, Equatable {
    /// Fitted to all out-of-fold answers; nil where it cannot be.
    public var temperature: Metric?
    /// With probabilities as they are, and after a temperature from the other folds' answers.
    public var before: Quality
    public var after: Quality?
    /// Whether the model carries the temperature, and why.
    public var decision: String
    public var isUsed: Bool

    /// How good probabilities are.
    public struct Quality: Codable, Sendable, Equatable {
      public var logLoss: Metric
      public var brier: Metric
      /// Of the most probable class's probability; nil where every answer is right, or none.
      public var expectedCalibrationError: Metric?

      enum CodingKeys: String, CodingKey {
        case brier
        case logLoss = "log_loss"
        case expectedCalibrationError = "expected_calibration_error"
      }
    }

    enum CodingKeys: String, CodingKey {
      case temperature, before, after, decision
      case isUsed = "used"
    }
  }

  /// When the model answers, and what that makes of pictures it was not fitted to.
  public struct DecisionCheck: Codable, Sendable, Equatable {
    public var rule: String
    /// Share of the held-out pictures that are answered, and share of those answers that are wrong; each by a rule
    /// fitted to the other folds.
    public var answered: Metric
    public var wrong: Metric?
    /// Share of wrong labels among the pictures that are referred, by the same rules; nil where none is.
    public var wrongReferred: Metric?

    enum CodingKeys: String, CodingKey {
      case rule, answered, wrong
      case wrongReferred = "wrong_referred"
    }

    /// For who gets the model's answers.
    var words: String {
      "by rules fitted to other series: " + AnsweredShares.words(answered: answered, wrong: wrong)
    }
  }

  /// What is answered for a class that the head does not know.
  public struct Stranger: Codable, Sendable, Equatable {
    public var className: String
    /// How many pictures of how many series get each answer.
    public var answers: [String: Int]
    /// Share answered as the positive class.
    public var positive: Metric
    /// Mean probability of the answer given.
    public var confidence: Metric

    enum CodingKeys: String, CodingKey {
      case className = "class"
      case answers, positive, confidence
    }
  }
}

/// What `heads` writes beside the models.
public struct HeadsReport: Codable, Sendable {
  public var format = "nefro-heads-1"
  public var seed: UInt64
  public var recipe: [String: String]
  public var preprocessing: String
  public var baseDigest: String
  public var dataDigest: String
  public var copies: Int
  public var heads: [HeadFigures]

  enum CodingKeys: String, CodingKey {
    case format, seed, recipe, preprocessing, copies, heads
    case baseDigest = "base_digest"
    case dataDigest = "data_digest"
  }

  /// The same figures give the same bytes.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

extension HeadsReport {
  /// The main figures for the terminal.
  public var summary: String {
    heads.map { head in
      let lines = [head.series, head.runs].map { figures in
        let report = figures.report
        return "  \(figures.heldOut) held out, mean of \(figures.macroF1.count) draws of the folds\n"
          + "    \(MetricText.line("macro F1", report.macroF1))\n    \(MetricText.line("AUC", report.auc))\n"
      }
      return "\(head.task) (\(head.classes.joined(separator: ", ")))\n" + lines.joined()
    }.joined()
      + "Runs of slices leave a patient's other slices in the training set: no score for new patients.\n"
  }
}

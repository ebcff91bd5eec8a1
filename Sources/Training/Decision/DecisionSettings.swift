import Evaluation

/// What `params.yaml` says of calibration, threshold and abstention.
public struct DecisionSettings: Equatable, Sendable {
  public enum CalibrationKind: String, CaseIterable, Sendable { case none, temperature, platt }

  public enum OperatingPointKind: String, CaseIterable, Sendable {
    case plain, sensitivity, youden
    case netBenefit = "net_benefit"
  }

  public enum AbstentionKind: String, CaseIterable, Sendable { case none, risk, coverage }

  public var calibration = CalibrationKind.temperature
  public var operatingPoint = OperatingPointKind.plain
  public var sensitivityAtLeast = 0.95
  public var thresholdProbability = 0.2
  /// Nil takes that of the scored pictures.
  public var prevalence: Double?
  /// A share of answers can be kept with few series; a share of wrong ones among them is promised only where it is asked
  /// for.
  public var abstention = AbstentionKind.coverage
  public var abstentionRisk = 0.05
  public var abstentionCoverage = 0.8

  public init() {}

  /// The softmax as it is, the most probable class, an answer for every picture.
  public static var plain: DecisionSettings {
    var settings = DecisionSettings()
    settings.calibration = .none
    settings.abstention = .none
    return settings
  }
}

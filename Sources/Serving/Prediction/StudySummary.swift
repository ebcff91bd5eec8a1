import Inference

/// Slices of one study together. It orders slices for a person to look at; it is no probability of a patient.
public struct StudySummary: Codable, Equatable, Sendable {
  /// 32 hexadecimal digits that cannot be guessed; the study's predictions carry it as `study`.
  public var id: String
  /// How many pictures were sent: the sum of the four below.
  public var pictures: Int
  /// Pictures whose label is given as an answer.
  public var answered: Int
  /// Pictures that a person must look at: the model is less sure than it must be.
  public var uncertain: Int
  /// Pictures that are unlike what the model was trained on; their probabilities mean nothing.
  public var notKidneyCt: Int
  /// Pictures that could not be read, and have no prediction.
  public var failed: Int
  /// What the order is by, such as `Tumor`, or `not Normal`.
  public var finding: String
  /// All slices but those that are no kidney CT, the most suspicious first.
  public var suspicious: [Slice]
  /// How they were ordered, in words.
  public var rule: String
  /// What must be shown with the order: that it is not calibrated for studies, and `Prediction.notice`.
  public var notice: String

  /// One picture's place in the order.
  public struct Slice: Codable, Equatable, Sendable {
    /// Of its prediction.
    public var id: String
    /// Among the pictures of the request, from 0, those that could not be read counted too.
    public var position: Int
    /// Of the finding, 0…1.
    public var probability: Double
    /// `answered` or `uncertain`.
    public var decision: Answer.Decision
  }

  /// - Parameters:
  ///   - predictions: of one model.
  ///   - failed: how many pictures could not be read.
  init(id: String, predictions: [Prediction], failed: Int, classes: [String]) {
    self.id = id
    pictures = predictions.count + failed
    func count(_ decision: Answer.Decision) -> Int { predictions.count { $0.decision == decision } }
    (answered, uncertain, notKidneyCt) = (count(.answered), count(.uncertain), count(.notKidneyCT))
    self.failed = failed
    let finding = Finding(positiveClass: predictions.first?.operatingPoint?.positiveClass, classes: classes)
    self.finding = finding.name
    suspicious = predictions.filter { $0.decision != .notKidneyCT }.map {
      Slice(
        id: $0.id, position: $0.position, probability: finding.probability(in: $0.probabilities),
        decision: $0.decision)
    }.sorted { ($1.probability, $0.position) < ($0.probability, $1.position) }
    rule =
      "Slices in the order of their probability of \(finding.name), largest first, equal ones as they were sent; "
      + "those that are no kidney CT are left out. No probability of the study is formed."
    notice = "Not calibrated for studies. " + Prediction.notice
  }

  /// What slices are ordered by.
  private enum Finding {
    case positive(String)
    case anythingBut(String)

    init(positiveClass: String?, classes: [String]) {
      if let positiveClass {
        self = .positive(positiveClass)
      } else if let normal = classes.first(where: { $0.lowercased() == "normal" }) {
        self = .anythingBut(normal)
      } else {
        self = .positive(classes[classes.count - 1])
      }
    }

    var name: String {
      switch self {
      case .positive(let name): name
      case .anythingBut(let name): "not \(name)"
      }
    }

    func probability(in probabilities: [String: Double]) -> Double {
      switch self {
      case .positive(let name): probabilities[name] ?? 0
      // A sum, not 1 less the other: what is small keeps its digits.
      case .anythingBut(let name):
        probabilities.sorted { $0.key < $1.key }.reduce(0) { $1.key == name ? $0 : $0 + $1.value }
      }
    }
  }
}

import Backbones
import Foundation

/// Writes a model for other programs, with everything from the decoded picture to the answer: preprocessing, base, head,
/// calibration, and where the format can hold it the decision too.
public struct ModelExport: Sendable {
  public let classifier: Classifier
  /// Of the program that writes, for the file.
  public let version: String

  /// - Parameters:
  ///   - classifier: what is written; its base's weights are taken into the file.
  ///   - version: of the program.
  public init(_ classifier: Classifier, version: String) {
    self.classifier = classifier
    self.version = version
  }

  /// What a file says of itself, in words.
  var about: String {
    "Kidney CT slice classifier (\(classifier.classes.joined(separator: ", "))) of Nefro model "
      + "\(classifier.modelDigest.short). Research use only: no answer is a diagnosis."
  }

  /// What a file says of itself, for programs: names and values. Digests are of the model file and its base.
  public var metadata: [(key: String, value: String)] {
    let description = classifier.description
    let decision = description.decision
    var pairs: [(String, String)] = [
      ("nefro.version", version),
      ("nefro.model.digest", classifier.modelDigest.hex),
      ("nefro.base.network", description.base.network),
      ("nefro.base.digest", description.base.digest.hex),
      ("nefro.preprocessing", description.preprocessing.identity),
      ("nefro.classes", Self.json(description.classes)),
      ("nefro.description", Self.json(description)),
    ]
    if let threshold = decision?.operatingPoint {
      pairs.append(("nefro.positive_class", threshold.positiveClass))
      pairs.append(("nefro.threshold", "\(threshold.probability)"))
    }
    if let abstention = decision?.abstention {
      // Below infinity lies every confidence: every picture is referred.
      pairs.append(("nefro.least_confidence", "\(abstention.leastConfidence ?? .infinity)"))
    }
    if let gate = description.gate {
      pairs.append(("nefro.gate.threshold", "\(gate.threshold)"))
      pairs.append(("nefro.gate.largest_colour", "\(gate.largestColour)"))
    }
    return pairs
  }

  /// Sorted, so that the same model makes the same file.
  static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Neither a description nor texts can fail to be written.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

import Digests
import Foundation

/// How pictures are divided into training, validation and test.
public enum SplitMethod: String, Codable, Sendable, CaseIterable {
  /// Whole series, so that no patient is on two sides: the honest one.
  case series
  /// Picture by picture. Slices of one patient land on both sides, so scores are far too good; for comparison only.
  case random
  /// The head of each class's sorted list is the validation part, as Keras's `validation_split` does.
  case keras

  /// Whether a split made this way keeps series on one side; of any other one scores cannot be vouched for.
  public var keepsSeries: Bool { self == .series }
}

/// A data set divided: indices into its manifest's pictures, each list in rising order.
public struct DataSplit: Codable, Equatable, Sendable {
  public let method: SplitMethod
  public let seed: UInt64
  public let training: [Int]
  public let validation: [Int]
  public let test: [Int]

  public init(method: SplitMethod, seed: UInt64, training: [Int], validation: [Int], test: [Int]) {
    self.method = method
    self.seed = seed
    self.training = training.sorted()
    self.validation = validation.sorted()
    self.test = test.sorted()
  }

  /// Of the method, the seed and the three lists. It says nothing about the data set; that has its own digest.
  public var digest: ContentDigest {
    let parts = [training, validation, test].map { $0.map(String.init).joined(separator: ",") }
    return ContentDigest(of: ([method.rawValue, String(seed)] + parts).joined(separator: "\n"))
  }
}

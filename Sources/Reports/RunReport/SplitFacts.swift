/// How pictures were divided, and what that means for the scores.
public struct SplitFacts: Sendable, Equatable {
  /// How pictures were dealt to the parts.
  public enum Method: String, Sendable {
    case series, random, keras
  }

  /// What a series is: a patient that the data name, or pictures that go together by look and number.
  public enum Basis: String, Sendable {
    case patient, look
    case patientAndLook = "patient_and_look"
  }

  /// Which pictures are scored, and by what.
  public enum Scoring: Sendable, Equatable {
    /// Pictures set aside, by the model.
    case heldOut
    /// The head of each class's sorted list, which may have been trained on.
    case kerasHead
    /// All pictures, each by a model trained without its fold of whole series; the number of folds.
    case groupedFolds(Int)
  }

  /// How much a part holds.
  public struct Part: Sendable, Equatable {
    public var pictures: Int
    public var series: Int

    public init(pictures: Int, series: Int) {
      self.pictures = pictures
      self.series = series
    }
  }

  /// What is known of a split that does not keep series together.
  public struct Leak: Sendable, Equatable {
    /// Scored pictures that were trained on.
    public var trainedOn: Int
    /// Scored pictures that were not, but whose series was.
    public var ofTrainedSeries: Int

    public init(trainedOn: Int, ofTrainedSeries: Int) {
      self.trainedOn = trainedOn
      self.ofTrainedSeries = ofTrainedSeries
    }
  }

  public var method: Method
  public var basis: Basis
  public var scoring: Scoring
  public var seed: UInt64
  /// Hexadecimal SHA-256.
  public var digest: String
  public var training: Part
  public var validation: Part
  public var scored: Part
  /// Repeats of the folds with other assignments; 1 without.
  public var repeats: Int
  /// Scored pictures that early stopping or the plateau schedule looked at.
  public var chosenOn: Int
  /// Nil for a split that keeps series together.
  public var leak: Leak?

  public init(
    method: Method, basis: Basis, scoring: Scoring, seed: UInt64, digest: String, training: Part, validation: Part,
    scored: Part, repeats: Int = 1, chosenOn: Int = 0, leak: Leak? = nil
  ) {
    self.method = method
    self.basis = basis
    self.scoring = scoring
    self.seed = seed
    self.digest = digest
    self.training = training
    self.validation = validation
    self.scored = scored
    self.repeats = repeats
    self.chosenOn = chosenOn
    self.leak = leak
  }
}

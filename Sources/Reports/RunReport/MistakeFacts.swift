import Evaluation

/// The wrong answers a run was surest of.
public struct MistakeFacts: Sendable {
  /// A picture that was answered wrongly.
  public struct Mistake: Sendable {
    /// Index into the predictions.
    public var picture: Int
    /// Relative to the data set's folder.
    public var path: String
    public var series: String
    public var thumbnail: EmbeddedPicture?
    /// Where the evidence for the wrong answer lies, over the picture.
    public var evidence: EmbeddedPicture?

    public init(
      picture: Int, path: String, series: String, thumbnail: EmbeddedPicture? = nil, evidence: EmbeddedPicture? = nil
    ) {
      self.picture = picture
      self.path = path
      self.series = series
      self.thumbnail = thumbnail
      self.evidence = evidence
    }
  }

  /// Of which model the evidence beside the mistakes is.
  public enum Evidence: Sendable, Equatable {
    /// By Grad-CAM, of the very model that answered.
    case ofTheModel
    /// By Grad-CAM, of the final model: the folds' own models, which answered, are not kept.
    case ofTheFinalModel
    /// Not made; why, the program has said, since a page must not hold paths of the machine.
    case notMade
  }

  /// The surest first.
  public var shown: [Mistake]
  /// Number of wrong answers in all.
  public var total: Int
  public var evidence: Evidence

  public init(shown: [Mistake] = [], total: Int = 0, evidence: Evidence = .ofTheModel) {
    self.shown = shown
    self.total = total
    self.evidence = evidence
  }

  /// The wrong answers with the highest probability, one from each series first, so that one bad series does not hide
  /// the others.
  ///
  /// - Returns: indices into the predictions, the surest first.
  public static func surest(in predictions: Predictions, most: Int) -> [Int] {
    let predicted = predictions.predicted
    let wrong = predicted.indices.filter { predicted[$0] != predictions.labels[$0] }
      .sorted { a, b in
        let (p, q) = (predictions.probabilities[a][predicted[a]], predictions.probabilities[b][predicted[b]])
        return p == q ? a < b : p > q
      }
    var seen: Set<Int> = []
    var (first, rest) = ([Int](), [Int]())
    for picture in wrong {
      if seen.insert(predictions.series[picture]).inserted { first.append(picture) } else { rest.append(picture) }
    }
    return Array((first + rest).prefix(most))
  }
}

/// A ladder beside a run: what a random split makes of the data, by a classifier that is not the run's model.
public struct LadderFacts: Sendable {
  public var page: LadderPage
  /// Hexadecimal SHA-256 of the run's data set.
  public var dataDigest: String

  /// - Parameter dataDigest: of the run's data set, by which its own rungs are told from those of other data.
  public init(_ page: LadderPage, dataDigest: String) {
    self.page = page
    self.dataDigest = dataDigest
  }

  /// The rungs of the very data that the run was made with.
  var own: [LadderPage.DataSet] { page.dataSets.filter { $0.digest == dataDigest } }

  /// Those of data that the run's are a part of.
  var joined: [LadderPage.DataSet] {
    page.dataSets.filter { $0.digest != dataDigest && $0.join?.parts.contains { $0.digest == dataDigest } == true }
  }

  /// Whether the ladder says anything of the run's data.
  public var isOfTheRunsData: Bool { !own.isEmpty || !joined.isEmpty }
}

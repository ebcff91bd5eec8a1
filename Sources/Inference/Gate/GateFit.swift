import ParallelWork

/// Finds a gate for training pictures: what varies among them, and how far slices of series that were left out lie.
public struct GateFit: Sendable {
  /// One training picture, as it is or changed.
  public struct Sample: Sendable {
    /// What `PositionRoots` gives. Shape: [features].
    public var features: [Float]
    /// Which one the picture is of: any number, equal for slices of one series, which are left out together.
    public var series: Int
    /// Whether it is a changed copy of another sample; changed copies weigh half of all together.
    public var isChanged: Bool

    /// - Parameters:
    ///   - features: what `PositionRoots` gives. Shape: [features].
    ///   - series: which one the picture is of; slices of one are left out together.
    public init(features: [Float], series: Int, isChanged: Bool = false) {
      self.features = features
      self.series = series
      self.isChanged = isChanged
    }
  }

  /// Why there is no gate.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case tooFewSeries(Int)
    case tooFewImages(Int)
    case notFinite
    case directionsNotFound(rounds: Int)

    /// In words for the model's notes: "no gate: " and the reason.
    public var description: String {
      switch self {
      case .tooFewSeries(let count): "no gate: \(count) series, at least \(GateFit.fewestSeries) are needed"
      case .tooFewImages(let count): "no gate: \(count) training pictures, at least \(GateFit.fewestImages) are needed"
      case .notFinite: "no gate: features that are not finite"
      case .directionsNotFound(let rounds):
        "no gate: the directions of the features' covariance were not found in \(rounds) rounds; check the base's weights"
      }
    }
  }

  /// With fewer series there is no gate.
  public static let fewestSeries = 3
  /// With fewer samples, changed copies included, there is no gate.
  public static let fewestImages = 50
  /// Below this many series a gate comes with a warning.
  public static let seriesWithoutWarning = 20
  /// Slices of CT have no colour but for rounding and marks.
  public static let leastColourLimit = 3.0

  /// Directions in which training pictures may differ freely.
  public var directions = 24
  /// Share of pictures of unseen series, as they are and changed, that may be refused: all of it is used, since what is let
  /// in beyond it could only be chosen by looking at pictures of other things.
  public var wantedRefusals = 0.02
  /// Groups of series that are left out in turn to choose the threshold.
  public var folds = 5

  /// 24 directions, a share of 0.02 refused, five groups of series.
  public init() {}

  /// - Parameters:
  ///   - samples: training pictures; the same ones in the same order give the same gate.
  ///   - layer: that was looked at.
  ///   - colours: of training pictures, in grey levels; a data set with colour gets a higher limit.
  /// - Throws: `Failure` for too few series or pictures, features that are not finite, or a covariance whose directions
  ///   are not found.
  public func callAsFunction(_ samples: [Sample], layer: String, colours: [Double] = []) throws(Failure) -> Gate {
    guard samples.count >= Self.fewestImages else { throw .tooFewImages(samples.count) }
    guard samples.allSatisfy({ $0.features.allSatisfy(\.isFinite) }), colours.allSatisfy(\.isFinite) else {
      throw .notFinite
    }
    let series = Set(samples.map(\.series)).count
    guard series >= Self.fewestSeries else { throw .tooFewSeries(series) }
    let foldOf = Self.deal(samples.map(\.series), folds: min(folds, series))
    let scatter = GateScatter(samples, foldOf: foldOf, folds: min(folds, series))
    // The whole fit and those without one fold each, on all processors.
    let fits: [GateScatter.Components]
    do throws(SymmetricEigen.NotConverged) {
      fits = try parallelMap(scatter.folds + 1) { number throws(SymmetricEigen.NotConverged) in
        try scatter.components(without: number == 0 ? nil : number - 1, directions: directions)
      }
    } catch {
      throw .directionsNotFound(rounds: error.rounds)
    }
    let distances = parallelMap(scatter.folds) { fold in
      let gate = made(fits[fold + 1], layer: layer)
      return samples.indices.filter { foldOf[$0] == fold }.map { place in
        HeldOut(distance: gate.distance(of: samples[place].features), isChanged: samples[place].isChanged)
      }
    }
    var gate = made(fits[0], layer: layer)
    gate.record.threshold = threshold(distances)
    gate.record.largestColour = max(Self.leastColourLimit, 1.25 * Self.quantile(colours.sorted(), 0.995))
    gate.record.fit = Gate.Fit(
      images: samples.count { !$0.isChanged }, series: series, changedImages: samples.count(where: \.isChanged),
      wantedRefusals: wantedRefusals, heldOutRefusals: refusals(distances), folds: scatter.folds,
      warning: series < Self.seriesWithoutWarning
        ? "It was fitted on \(series) series: slices of a scanner or protocol that they do not show may be refused." : nil)
    return gate
  }

  /// A sample's distance by a fit without its fold.
  private struct HeldOut {
    var distance: Double
    var isChanged: Bool
  }

  private func threshold(_ folds: some Collection<[HeldOut]>) -> Double {
    Self.quantile(folds.joined().map(\.distance).sorted(), 1 - wantedRefusals)
  }

  /// The share of unchanged samples that are refused by a fit and a threshold of the other folds; nil where all are changed.
  private func refusals(_ folds: [[HeldOut]]) -> Double? {
    var (refused, count) = (0, 0)
    for (fold, own) in folds.enumerated() {
      let others = threshold(folds.indices.filter { $0 != fold }.map { folds[$0] })
      let unchanged = own.filter { !$0.isChanged }
      refused += unchanged.count { $0.distance > others }
      count += unchanged.count
    }
    return count > 0 ? Double(refused) / Double(count) : nil
  }

  private func made(_ fit: GateScatter.Components, layer: String) -> Gate {
    Gate(
      record: .init(
        layer: layer, features: fit.mean.count, directions: fit.variances.count, residualVariance: fit.residual,
        threshold: .greatestFiniteMagnitude, largestColour: Self.leastColourLimit,
        fit: .init(
          images: 0, series: 0, changedImages: 0, wantedRefusals: wantedRefusals, heldOutRefusals: nil, folds: 0,
          warning: nil)),
      mean: fit.mean.map { Float($0) }, directions: fit.directions.map { Float($0) },
      variances: fit.variances.map { Float($0) })
  }

  /// The fold of each sample: whole series, the largest first, each to the fold with the fewest samples.
  static func deal(_ series: [Int], folds: Int) -> [Int] {
    let sizes = series.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let order = sizes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    var filled = [Int](repeating: 0, count: folds)
    var foldOf: [Int: Int] = [:]
    for (number, size) in order {
      let fold = filled.firstIndex(of: filled.min()!)!
      foldOf[number] = fold
      filled[fold] += size
    }
    return series.map { foldOf[$0]! }
  }

  /// The smallest of the numbers that at least this share of them does not exceed; 0 of none.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
  }
}

/// Loss and accuracy by epoch.
public struct TrainingCurves: Sendable, Equatable {
  /// Epochs, ascending; usually counted from 1.
  public var epochs: [Int]
  /// Mean loss of each epoch; nil where it was not measured.
  public var trainingLoss: [Double?]
  public var validationLoss: [Double?]
  /// Accuracy of each epoch, 0…1; nil where it was not measured.
  public var trainingAccuracy: [Double?]
  public var validationAccuracy: [Double?]
  /// What must stand beside every figure, such as "LEAKY split"; nil where nothing must.
  public var mark: String?

  public init(
    epochs: [Int], trainingLoss: [Double?], validationLoss: [Double?], trainingAccuracy: [Double?],
    validationAccuracy: [Double?], mark: String? = nil
  ) {
    self.mark = mark
    self.epochs = epochs
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.trainingAccuracy = trainingAccuracy
    self.validationAccuracy = validationAccuracy
  }

  /// The loss by epoch; its axis is logarithmic where values span more than a factor of fifty.
  ///
  /// - Throws: `ReportError.differentLengths`.
  public func lossChart() throws -> LineChart {
    try LineChart(
      title: title("Loss by epoch"), horizontalLabel: "epoch", verticalLabel: "loss", places: epochs,
      lines: lines(trainingLoss, validationLoss), verticalAxis: .logarithmicIfWide)
  }

  /// The accuracy by epoch, on an axis from 0 to 1.
  ///
  /// - Throws: `ReportError.differentLengths`.
  public func accuracyChart() throws -> LineChart {
    try LineChart(
      title: title("Accuracy by epoch"), horizontalLabel: "epoch", verticalLabel: "accuracy", places: epochs,
      lines: lines(trainingAccuracy, validationAccuracy), verticalAxis: .fixed(0...1))
  }

  /// Both charts as one SVG document, the loss above the accuracy.
  ///
  /// - Throws: `ReportError.differentLengths`.
  public func svg() throws -> String {
    LineChart.svg(stacking: [try lossChart(), try accuracyChart()])
  }

  private func title(_ text: String) -> String { mark.map { "\(text) (\($0))" } ?? text }

  /// A line that was never measured is left out, legend and all, unless neither was.
  private func lines(_ training: [Double?], _ validation: [Double?]) -> [LineChart.Line] {
    let all = [
      LineChart.Line(name: "training", values: training), LineChart.Line(name: "validation", values: validation),
    ]
    return all.filter { $0.name == "training" || $0.values.count != epochs.count || $0.values.contains { $0 != nil } }
  }
}

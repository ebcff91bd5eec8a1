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
  public func lossChart(in language: Language = .english) throws -> LineChart {
    var chart = try LineChart(
      title: title(.lossByEpoch, language), horizontalLabel: language(ChartText.epoch),
      verticalLabel: language(ChartText.loss), places: epochs, lines: lines(trainingLoss, validationLoss, language),
      verticalAxis: .logarithmicIfWide)
    chart.language = language
    return chart
  }

  /// The accuracy by epoch, on an axis from 0 to 1.
  ///
  /// - Throws: `ReportError.differentLengths`.
  public func accuracyChart(in language: Language = .english) throws -> LineChart {
    var chart = try LineChart(
      title: title(.accuracyByEpoch, language), horizontalLabel: language(ChartText.epoch),
      verticalLabel: language(ChartText.accuracy), places: epochs,
      lines: lines(trainingAccuracy, validationAccuracy, language), verticalAxis: .fixed(0...1))
    chart.language = language
    return chart
  }

  /// Both charts as one SVG document, the loss above the accuracy.
  ///
  /// - Throws: `ReportError.differentLengths`.
  public func svg() throws -> String {
    LineChart.svg(stacking: [try lossChart(), try accuracyChart()])
  }

  private func title(_ text: ChartText, _ language: Language) -> String {
    mark.map { "\(language(text)) (\(MethodText.marks($0, language)))" } ?? language(text)
  }

  /// A line that was never measured is left out, legend and all, unless neither was.
  private func lines(_ training: [Double?], _ validation: [Double?], _ language: Language) -> [LineChart.Line] {
    let first = LineChart.Line(name: language(ChartText.training), values: training)
    let second = LineChart.Line(name: language(ChartText.validation), values: validation)
    let isMeasured = validation.count != epochs.count || validation.contains { $0 != nil }
    return isMeasured ? [first, second] : [first]
  }
}

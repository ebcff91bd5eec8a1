import Evaluation
import Reports

extension SweepResult {
  /// The table and the choice for a person's terminal.
  public var summary: String { summary(fitting: .max) }

  /// The same with a table that fits.
  ///
  /// - Parameter width: of the terminal, in characters.
  public func summary(fitting width: Int) -> String {
    let scoring = "\(folds) grouped folds" + (repeats > 1 ? ", \(repeats) times" : "")
    var text = "Sweep: \(trials.count) trials (\(method.rawValue)), scored by \(metric.title) in \(scoring) on \(pictures) pictures of \(series) series.\n"
    text += table.text(fitting: width)
    if !failed.isEmpty {
      text += "\n\(failed.count) of \(trials.count) trials failed:\n"
      for trial in failed { text += "  trial \(trial.number) (\(trial.name)): \(trial.failure ?? "")\n" }
    }
    let winner = trial(choice.winner)
    text += "\nWinner: trial \(winner.number), \(winner.name): "
    text += score(of: winner).map { MetricText.line(metric.title, $0) } ?? ""
    text += ".\n"
    for note in notes { text += note + "\n" }
    return text + "Research use only.\n"
  }

  /// The scored trials, the best first.
  public var table: TextTable {
    TextTable(
      columns: [.init("trial", .right)] + varied.map { .init($0, .right) }
        + [.init(metric.title, .right), .init("95 % interval"), .init("by fold"), .init("")],
      rows: ranked.map { trial in
        let score = score(of: trial)!
        let interval = score.low.flatMap { low in score.high.map { "\(MetricText.number(low)) to \(MetricText.number($0))" } }
        return ["\(trial.number)"] + varied.map { key in trial.settings.first { $0.key == key }?.value ?? "" }
          + [MetricText.number(score.value), interval ?? score.method, spread(of: trial), role(of: trial)]
      })
  }

  /// "0.500 to 0.900": the worst and the best fold.
  private func spread(of trial: TrialResult) -> String {
    let folds = trial.folds.flatMap { $0 }
    guard let low = folds.min(), let high = folds.max() else { return "" }
    return "\(MetricText.number(low)) to \(MetricText.number(high))"
  }

  private func role(of trial: TrialResult) -> String {
    switch trial.number {
    case choice.winner: choice.winner == choice.best ? "best, winner" : "winner"
    case choice.best: "best"
    default: choice.within.contains(trial.number) ? "as good" : ""
    }
  }

  /// What is to be said of the choice.
  ///
  /// - Parameter winner: its parameters.
  func remarks(winner: TrainingParameters?) -> [String] {
    var lines: [String] = []
    let error = choice.standardError.map { MetricText.number($0) } ?? "unknown"
    lines.append(
      "Rule: the simplest of the \(choice.within.count) within one standard error (\(error), by the folds of trial \(choice.best)) of the best score; simpler means, the first difference deciding: \(choice.simplicityOrder.joined(separator: ", "))."
    )
    lines.append(
      "Looks at the validation data: \(looks) in this sweep, one for each trial with a score; sweeps in other folders, or forgotten with --fresh, are not counted."
    )
    let advice =
      setAside > 0
      ? "The \(setAside) pictures of the test part were not looked at: train the winner, then `nefro evaluate` scores it on them."
      : "These are too few series to set a test part aside, so only new data can tell how good the winner is."
    lines.append(
      looks > 1
        ? "Optimism: the best of \(looks) scores on the same pictures is too good by chance alone, and the more so the more were tried. \(advice)"
        : advice)
    if choice.within.count == looks, looks > 1 {
      lines.append("No trial is worse than the best by more than one standard error: this data does not tell them apart.")
    }
    if seriesBasis == "look" {
      lines.append("Series were found by look; they stand in for patients, who are not known for this data.")
    }
    return lines
  }
}

extension SweepResult {
  /// Every score with its interval, and the scores against each parameter that takes more than one value.
  public var chart: SweepChart {
    let axes = varied.map { key in
      SweepChart.Axis(name: key, values: ranked.map { trial in trial.settings.first { $0.key == key }?.value ?? "" })
    }.filter { Set($0.values).count > 1 }
    return SweepChart(
      title: "Sweep: \(metric.title) of \(ranked.count) trials", label: metric.title,
      trials: ranked.map { trial in
        SweepChart.Trial(
          name: "\(trial.number): \(trial.settings.map(\.value).joined(separator: ", "))", score: score(of: trial)!,
          role: trial.number == choice.winner ? .winner : trial.number == choice.best ? .best : .other)
      },
      threshold: choice.threshold, axes: axes)
  }
}

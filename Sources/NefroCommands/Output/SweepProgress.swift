import Foundation
import Reports
import Training

/// Shows how far a sweep is, and about how long the rest will take.
package final class SweepProgress {
  private let line: ProgressLine
  private let trials: Int
  private let metric: SweepMetric
  private let now: () -> Double
  private var left: Int
  private var current = 0
  private var trialStarted = 0.0
  /// In seconds, of the trials that were tried here.
  private var durations: [Double] = []

  /// A trial that takes less needs no bar of its own, in seconds.
  private static let patience = 1.0

  /// - Parameters:
  ///   - trials: of the whole sweep.
  ///   - now: a clock in seconds.
  package init(
    _ line: ProgressLine, trials: Int, metric: SweepMetric,
    now: @escaping () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
  ) {
    self.line = line
    self.trials = trials
    self.metric = metric
    self.now = now
    left = trials
  }

  package func show(_ event: SweepEvent) {
    switch event {
    case .found(let result):
      left -= 1
      line.note("Trial \(result.number) was done before.")
    case .started(let trial):
      current = trial.number
      trialStarted = now()
    case .progress(let done, let total):
      guard now() - trialStarted > Self.patience else { return }
      line.show("Trial \(current) of \(trials)", done: done, total: total, unit: "images")
    case .ended(let result):
      left -= 1
      durations.append(now() - trialStarted)
      line.note(text(result) + remaining)
    }
  }

  /// "; 12 left, about 40 s". The first trial tells little: it may have computed features that the others find.
  private var remaining: String {
    guard left > 0 else { return "" }
    let typical = durations.count > 1 ? Array(durations.dropFirst()) : durations
    let seconds = typical.reduce(0, +) / Double(typical.count) * Double(left)
    return "; \(left) left, \(durations.count > 1 ? "about" : "at most about") \(ProgressLine.duration(seconds))"
  }

  private func text(_ result: TrialResult) -> String {
    if let failure = result.failure { return "Trial \(result.number) failed (\(result.name)): \(failure)" }
    let score = result.metrics.map { MetricText.line(metric.title, metric.metric(in: $0)) } ?? ""
    return "Trial \(result.number) (\(result.name)): \(score)"
  }
}

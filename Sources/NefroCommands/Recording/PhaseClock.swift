import Dispatch
import Foundation
import Training

/// How long a run's phases took, from what it tells while it goes on.
struct PhaseClock {
  enum Phase: String {
    case preparation, standardisation, training, validation, scoring, checkpoint
  }

  private var last: Double
  private var seconds: [String: Double] = [:]
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - before: the tags of the run as far as it went before it was resumed.
  ///   - now: a clock in seconds.
  init(before: [String: String] = [:], now: @escaping @Sendable () -> Double = PhaseClock.uptime) {
    self.now = now
    last = now()
    for (key, text) in before where key.hasPrefix(RunTags.duration) {
      seconds[String(key.dropFirst(RunTags.duration.count))] = Double(text)
    }
  }

  /// The time since the last event went into this phase.
  mutating func spent(on phase: Phase) {
    let time = now()
    seconds[phase.rawValue, default: 0] += time - last
    last = time
  }

  mutating func spent(on phase: TrainingEvent.Phase) {
    switch phase {
    case .standardisation: spent(on: Phase.standardisation)
    case .training: spent(on: Phase.training)
    case .validation: spent(on: Phase.validation)
    case .scoring: spent(on: Phase.scoring)
    }
  }

  /// Seconds by phase, as tags.
  func tags() -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: seconds.map { (RunTags.duration + $0.key, String(format: "%.3f", $0.value)) })
  }

  static let uptime: @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}

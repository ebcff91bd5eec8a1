import Evaluation

/// Several runs side by side: what differs, what was measured, and whether it can be compared at all.
public struct RunComparison: Sendable, Codable {
  /// One name with its value in each run, in their order; nil where a run has none.
  public struct Row: Equatable, Sendable, Codable {
    /// A parameter's or tag's name.
    public var name: String
    /// Shape: [runs].
    public var values: [String?]
  }

  /// One figure with its value and interval in each run, in their order; nil where a run has none.
  public struct FigureRow: Equatable, Sendable, Codable {
    /// A figure's name, such as `auc`.
    public var name: String
    /// Shape: [runs].
    public var values: [Metric?]
  }

  /// At least two, in the order they were asked for.
  public var runs: [Run]
  /// Parameters that are not the same in all runs.
  public var parameters: [Row]
  /// Digests, methods, program and machine that are not the same in all runs; durations and memory always differ and are
  /// left out.
  public var tags: [Row]
  /// Every figure that one of them has.
  public var figures: [FigureRow]
  /// Why the figures cannot be set against each other; empty if nothing speaks against it.
  public var warnings: [String]

  /// Sets runs side by side.
  ///
  /// - Parameter runs: in the order of the columns; two or more to be of use.
  public init(_ runs: [RunDetails]) {
    self.runs = runs.map(\.run)
    parameters = Self.differing(runs.map(\.parameters))
    tags = Self.differing(runs.map { $0.tags.filter { !Self.alwaysDiffers($0.key) } })
    figures = Set(runs.flatMap(\.figures.keys)).sorted().map { name in
      FigureRow(name: name, values: runs.map { $0.figures[name] })
    }
    warnings = []
    let scored = runs.filter { !$0.figures.isEmpty }
    for (key, what) in [("data.digest", "data sets"), ("split.digest", "splits")] {
      let groups = Dictionary(grouping: scored) { $0.tags[key] ?? "unknown" }
      guard groups.count > 1 else { continue }
      let text = groups.values.map { $0.map(\.run.id.short).joined(separator: ", ") }.sorted().joined(separator: " | ")
      warnings.append("These runs were scored on different \(what), so their figures cannot be compared: \(text).")
    }
    let leaky = scored.filter { $0.tags["leakage"] != nil }
    if !leaky.isEmpty, leaky.count < scored.count {
      warnings.append(
        "Figures of a LEAKY split say nothing of new patients and cannot be set beside honest ones: \(leaky.map(\.run.id.short).joined(separator: ", ")).")
    }
    let younger = scored.filter { $0.tags["test_set.model_predates_first_opening"] == "false" }
    if !younger.isEmpty, younger.count < scored.count {
      warnings.append(
        "Models that were made after their test set was first opened may have been chosen by it, so their figures cannot be set beside the others': \(younger.map(\.run.id.short).joined(separator: ", ")).")
    }
  }

  private static func differing(_ runs: [[String: String]]) -> [Row] {
    Set(runs.flatMap(\.keys)).sorted().compactMap { name in
      let values = runs.map { $0[name] }
      return Set(values).count > 1 ? Row(name: name, values: values) : nil
    }
  }

  private static func alwaysDiffers(_ key: String) -> Bool { key.hasPrefix("duration.") || key.hasPrefix("memory.") }
}

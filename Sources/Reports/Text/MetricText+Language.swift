import Evaluation

extension MetricText {
  /// "0.712 (0.641 to 0.783)", or "0.712 (no interval: 3 series)": a figure is never written without the one or the other.
  public static func value(_ metric: Metric, in language: Language) -> String {
    "\(number(metric.value)) (\(interval(metric, in: language) ?? method(metric, in: language)))"
  }

  /// "139 pictures, 12 series".
  public static func basis(_ metric: Metric, in language: Language) -> String {
    "\(language.pictures(metric.images)), \(language.series(metric.series))"
  }

  /// How the interval was found, or why there is none; marks such as "LEAKY split" stay.
  public static func method(_ metric: Metric, in language: Language) -> String {
    MethodText.translated(metric.method, language)
  }

  /// Value, method and basis in one sentence: "0.712 (0.641 to 0.783), jackknife over series, 139 pictures, 12 series".
  public static func sentence(_ metric: Metric, in language: Language) -> String {
    let method = metric.hasInterval ? ", \(method(metric, in: language))" : ""
    return "\(value(metric, in: language))\(method), \(basis(metric, in: language))"
  }

  /// "0.641 to 0.783"; nil where there is none.
  public static func interval(_ metric: Metric, in language: Language) -> String? {
    guard let low = metric.low, let high = metric.high else { return nil }
    return language(PageText.to, number(low), number(high))
  }
}

/// How much a figure varies from one set of series to another.
struct Spread: Equatable {
  /// How the spread was measured; its text stands in `Metric.method`.
  enum Method: String {
    case bootstrap = "cluster bootstrap"
    case jackknife = "jackknife over series"

    /// What is counted where a figure is undefined.
    var unit: String { self == .bootstrap ? "resamples" : "sets with a series left out" }
  }

  var method: Method
  var standardError: Double
  var degreesOfFreedom: Double
  /// Sets of series in which the figure was undefined, of those tried.
  var undefined: Int
  var drawn: Int
}

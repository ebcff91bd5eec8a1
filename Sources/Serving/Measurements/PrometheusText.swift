/// Measurements in Prometheus' text format, version 0.0.4.
struct PrometheusText {
  private(set) var text = ""

  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String { case counter, gauge, histogram }

  /// Begins a family of measurements.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
    text += "# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(Self.number(value))\n"
  }

  /// A histogram's buckets, sum and count.
  mutating func histogram(_ name: String, label: (key: String, value: String)?, _ histogram: Histogram) {
    let prefix = label.map { "\($0.key)=\"\(Self.escaped($0.value))\"," } ?? ""
    let whole = label.map { "{\($0.key)=\"\(Self.escaped($0.value))\"}" } ?? ""
    var sum = 0
    for (bound, count) in zip(histogram.bounds.map(Self.number) + ["+Inf"], histogram.counts) {
      sum += count
      text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(sum)\n"
    }
    text += "\(name)_sum\(whole) \(Self.number(histogram.sum))\n\(name)_count\(whole) \(sum)\n"
  }

  private static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

/// How often values fell where.
struct Histogram: Equatable, Sendable {
  /// Upper ends, rising, each within its bucket.
  let bounds: [Double]
  /// One more than there are bounds: the last is for what lies above.
  private(set) var counts: [Int]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  mutating func add(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }
}

import Foundation

/// An axis: which values it spans, where its ticks lie, and how they are written.
package struct AxisScale: Equatable {
  /// How values become places on the axis.
  package enum Kind: Equatable {
    case linear, logarithmic
  }

  package let kind: Kind
  package let range: ClosedRange<Double>
  package let ticks: [Double]
  package let labels: [String]

  /// The place of a value between the ends of the axis, 0…1.
  package func position(of value: Double) -> Double {
    switch kind {
    case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic: log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
  }

  /// A linear axis that ends on ticks, at steps of 1, 2 or 5 times a power of ten (Heckbert 1990).
  ///
  /// - Parameters:
  ///   - low: smallest value to show.
  ///   - high: largest value to show; a span of nothing is widened.
  ///   - count: about how many ticks.
  package static func linear(from low: Double, through high: Double, count: Int = 5) -> AxisScale {
    var (low, high) = (low, high)
    if high - low <= 1e-9 * max(abs(low), abs(high)) {
      let margin = max(abs(low) * 0.1, low == 0 ? 1 : 0)
      (low, high) = (low - margin, high + margin)
    }
    let step = niceStep((high - low) / Double(max(1, count)))
    let first = (low / step + 1e-9).rounded(.down)
    let last = max(first + 1, (high / step - 1e-9).rounded(.up))
    let ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
    return AxisScale(kind: .linear, range: ticks[0]...ticks[ticks.count - 1], ticks: ticks, labels: labels(ticks, step))
  }

  /// An axis of whole numbers such as epochs: it spans exactly the given ones, with half a unit around
  /// a single one, and its ticks are whole.
  package static func whole(from low: Int, through high: Int, count: Int = 10) -> AxisScale {
    if low == high {
      return AxisScale(
        kind: .linear, range: Double(low) - 0.5...Double(low) + 0.5, ticks: [Double(low)], labels: ["\(low)"])
    }
    let step = max(1, Int(niceStep(Double(high - low) / Double(max(1, count)))))
    // The first epoch is always marked, and multiples of the step that do not crowd it.
    let multiples = stride(from: (low / step + 1) * step, through: high, by: step).filter { $0 - low >= (step + 1) / 2 }
    let ticks = [low] + multiples
    return AxisScale(
      kind: .linear, range: Double(low)...Double(high), ticks: ticks.map(Double.init), labels: ticks.map { "\($0)" })
  }

  /// A logarithmic axis for positive values. It ends on 1, 2 or 5 times a power of ten; these are its
  /// ticks too where it spans at most three decades, else powers of ten alone are.
  package static func logarithmic(from low: Double, through high: Double) -> AxisScale {
    let first = LogarithmicStep.last(atMost: low)
    var last = first.next
    while last.value < high * (1 - 1e-9) { last = last.next }
    var steps = [first]
    while let step = steps.last, step != last { steps.append(step.next) }
    let decades = steps.count / 3
    if decades > 3 {
      let every = (decades + 7) / 8
      steps = steps.filter { $0.factor == 1 && $0.power % every == 0 }
    }
    let ticks = steps.map(\.value)
    return AxisScale(
      kind: .logarithmic, range: first.value...last.value, ticks: ticks,
      labels: ticks.map { String(format: "%g", $0) })
  }

  private static func niceStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let share = rough / power
    return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power
  }

  private static func labels(_ ticks: [Double], _ step: Double) -> [String] {
    let largest = ticks.map(abs).max() ?? 0
    if largest >= 1e6 || step < 0.99e-4 { return ticks.map { String(format: "%g", $0) } }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return ticks.map { String(format: "%.\(decimals)f", $0 == 0 ? 0 : $0) }
  }
}

/// 1, 2 or 5 times a power of ten.
private struct LogarithmicStep: Equatable {
  var factor: Int
  var power: Int

  var value: Double {
    // Dividing keeps 0.2 the number that is written so; 2 times a rounded 0.1 need not be.
    power < 0 ? Double(factor) / pow(10, Double(-power)) : Double(factor) * pow(10, Double(power))
  }

  var next: LogarithmicStep {
    switch factor {
    case 1: LogarithmicStep(factor: 2, power: power)
    case 2: LogarithmicStep(factor: 5, power: power)
    default: LogarithmicStep(factor: 1, power: power + 1)
    }
  }

  static func last(atMost limit: Double) -> LogarithmicStep {
    var step = LogarithmicStep(factor: 1, power: Int(log10(limit).rounded(.down)) - 1)
    while step.next.value <= limit * (1 + 1e-9) { step = step.next }
    return step
  }
}

/// The relative error of a tensor, as everywhere in this project: max |a - b| / max |b|.
///
/// Counts must agree, and a value that is not finite makes the error infinite, so that neither can
/// slip through a comparison.
public func relativeError<Number: BinaryFloatingPoint>(_ actual: [Number], _ expected: [Number]) -> Double {
  guard actual.count == expected.count, !expected.isEmpty else { return .infinity }
  var difference = 0.0
  var magnitude = 0.0
  for (a, b) in zip(actual, expected) {
    guard a.isFinite, b.isFinite else { return .infinity }
    difference = max(difference, abs(Double(a) - Double(b)))
    magnitude = max(magnitude, abs(Double(b)))
  }
  if difference == 0 { return 0 }
  return magnitude == 0 ? .infinity : difference / magnitude
}

import Foundation

/// Probability that a standard normal variable is at most `x`.
public func normalCumulative(_ x: Double) -> Double {
  0.5 * erfc(-x / 2.0.squareRoot())
}

/// The inverse of `normalCumulative`, for probabilities between 0 and 1, ends excluded.
///
/// Acklam's rational approximation (relative error 1.2e-9) refined by one step of Halley's method.
public func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1)
  if probability > 0.5 { return -normalQuantile(1 - probability) }
  let x: Double
  if probability < 0.02425 {
    let q = (-2 * log(probability)).squareRoot()
    x = polynomial(tailNumerator, q) / polynomial(tailDenominator, q)
  } else {
    let q = probability - 0.5
    x = polynomial(centreNumerator, q * q) * q / polynomial(centreDenominator, q * q)
  }
  let error = (normalCumulative(x) - probability) * (2 * Double.pi).squareRoot() * exp(x * x / 2)
  return x - error / (1 + x * error / 2)
}

private let centreNumerator = [
  -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
  -3.066479806614716e+01, 2.506628277459239e+00,
]
private let centreDenominator = [
  -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
  -1.328068155288572e+01, 1,
]
private let tailNumerator = [
  -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
  4.374664141464968e+00, 2.938163982698783e+00,
]
private let tailDenominator = [
  7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1,
]

/// Horner's rule; the highest power's coefficient comes first.
private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
  coefficients.reduce(0) { $0 * x + $1 }
}

/// Probability that a variable of Student's t distribution is at most `x`; the degrees of freedom
/// need not be whole.
public func studentCumulative(_ x: Double, degreesOfFreedom: Double) -> Double {
  precondition(degreesOfFreedom > 0)
  let share = degreesOfFreedom / (degreesOfFreedom + x * x)
  let tail = 0.5 * incompleteBeta(share, degreesOfFreedom / 2, 0.5)
  return x > 0 ? 1 - tail : tail
}

/// The inverse of `studentCumulative`, for probabilities between 0 and 1, ends excluded.
public func studentQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
  precondition(probability > 0 && probability < 1 && degreesOfFreedom > 0)
  if probability < 0.5 { return -studentQuantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
  // The t distribution's tails are heavier than the normal's, so its quantile lies above.
  var low = 0.0
  var high = max(1, 2 * normalQuantile(max(probability, 0.75)))
  while studentCumulative(high, degreesOfFreedom: degreesOfFreedom) < probability {
    low = high
    high *= 2
  }
  while high - low > 1e-13 * high {
    let middle = low + (high - low) / 2
    if middle == low || middle == high { break }
    if studentCumulative(middle, degreesOfFreedom: degreesOfFreedom) < probability {
      low = middle
    } else {
      high = middle
    }
  }
  return low + (high - low) / 2
}

/// The inverse of `incompleteBeta` in x: the quantile of the beta distribution, by Newton's method
/// kept within a bracket that bisection narrows.
public func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  precondition(probability > 0 && probability < 1 && a > 0 && b > 0)
  let logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  var (low, high) = (0.0, 1.0)
  var x = a / (a + b)
  for _ in 0..<1100 {
    let error = incompleteBeta(x, a, b) - probability
    if error < 0 { low = x } else { high = x }
    let density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta)
    var next = x - error / density
    if !(next > low && next < high) { next = low + (high - low) / 2 }
    if next == low || next == high || abs(next - x) <= 1e-13 * next { return next }
    x = next
  }
  return x
}

/// The regularized incomplete beta function I_x(a, b), the beta distribution's cumulative one, by
/// Lentz's evaluation of its continued fraction (Abramowitz and Stegun 26.5.8).
public func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for step in 1...100_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    var change = 1.0
    for coefficient in [even, odd] {
      d = 1 + coefficient * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + coefficient / c
      if abs(c) < tiny { c = tiny }
      change = c * d
      fraction *= change
    }
    if abs(change - 1) < 4e-15 { break }
  }
  return front * fraction
}

/// The logarithm of the gamma function for positive arguments: Stirling's series, after raising the
/// argument to where five terms are exact to rounding. (The C library's `lgamma` writes a global.)
private func logGamma(_ x: Double) -> Double {
  var x = x
  var product = 1.0
  while x < 12 {
    product *= x
    x += 1
  }
  let square = 1 / (x * x)
  let series = (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square / 1188)))) / x
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
}

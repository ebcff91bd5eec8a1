import Backbones

/// What follows from logits: probabilities, label, and whether it is given as an answer, as `Answer` has it.
extension ONNXGraph {
  /// Softmax and calibration, in double precision.
  ///
  /// - Parameter logits: Shape: [batch, classes], Float32.
  /// - Returns: Shape: [batch, classes], Double.
  mutating func probabilities(_ logits: Value, calibration: Calibration?, classes: [String]) -> Value {
    let softmax = add("Softmax", double(logits), attributes: ["axis": .int(1)])
    switch calibration?.map {
    case nil, .some(.none): return softmax
    case .temperature(let temperature):
      let logarithms = add("Log", atLeast(softmax, Calibration.smallest))
      return add("Softmax", quotient(logarithms, scalar(temperature)), attributes: ["axis": .int(1)])
    case .platt(let positiveClass, let intercept, let slope):
      guard let positive = classes.firstIndex(of: positiveClass), classes.count == 2 else { return softmax }
      let share = atMost(atLeast(column(softmax, positive), Calibration.smallest), 1 - Calibration.smallest)
      let odds = add("Log", quotient(share, complement(share)))
      let exponential = add("Exp", add("Neg", sum(product(odds, slope), intercept)))
      let calibrated = quotient(scalar(1.0), sum(exponential, 1))
      let columns = [calibrated, complement(calibrated)].map { add("Unsqueeze", $0, constant([1])) }
      return add("Concat", positive == 0 ? columns : columns.reversed(), attributes: ["axis": .int(1)])
    }
  }

  /// `DecisionRule.choice`.
  ///
  /// - Parameter probabilities: Shape: [batch, classes], Double.
  /// - Returns: the label's place, Int64, and its confidence, Double. Shape of both: [batch].
  mutating func choice(
    _ probabilities: Value, threshold: DecisionRule.Threshold?, classes: [String]
  ) -> (label: Value, confidence: Value) {
    guard let threshold, let positive = classes.firstIndex(of: threshold.positiveClass) else {
      let label = largest(probabilities)
      return (label, picked(label, of: probabilities))
    }
    let share = column(probabilities, positive)
    let raised = product(share, 1 - threshold.probability)
    let rest = complement(share)
    let moved = quotient(raised, sum(raised, product(rest, threshold.probability)))
    let isPositive = indicator("GreaterOrEqual", share, scalar(threshold.probability))
    // The positive class is put below all others.
    let handicap = classes.indices.map { $0 == positive ? -2.0 : 0 }
    let other = largest(sum(probabilities, constant(handicap, shape: [1, classes.count])))
    let otherShare = atMost(quotient(picked(other, of: probabilities), atLeast(rest, .leastNormalMagnitude)), 1)
    let otherConfidence = product(complement(moved), otherShare)
    let label = add("Where", add("Cast", isPositive, attributes: ["to": .int(9)]), scalar(positive), other)
    let confidence = sum(product(isPositive, moved), product(complement(isPositive), otherConfidence))
    return (label, confidence)
  }

  /// The place of each row's largest number, of equals the first. Shape: from [batch, columns] to [batch].
  private mutating func largest(_ rows: Value) -> Value {
    add("ArgMax", rows, attributes: ["axis": .int(1), "keepdims": .int(0)])
  }

  private mutating func picked(_ place: Value, of rows: Value) -> Value {
    let picked = add("GatherElements", rows, add("Unsqueeze", place, constant([1])), attributes: ["axis": .int(1)])
    return add("Squeeze", picked, constant([1]))
  }

  /// How far a picture lies from the training pictures: `Gate.distance`.
  ///
  /// - Parameter roots: Shape: [batch, features], Double.
  /// - Returns: Shape: [batch], Double.
  mutating func distance(of roots: Value, gate: Gate) -> Value {
    let record = gate.record
    let mean = constant(gate.mean.map(Double.init), shape: [1, record.features])
    let centred = difference(roots, mean)
    let directions = constant(gate.directions.map(Double.init), shape: [record.directions, record.features])
    let parts = add("MatMul", centred, transposed(directions, [1, 0]))
    let squares = product(parts, parts)
    let variances = constant(gate.variances.map(Double.init), shape: [1, record.directions])
    let inside = sum(quotient(squares, variances), axis: 1, keep: false)
    let all = sum(product(centred, centred), axis: 1, keep: false)
    let rest = atLeast(difference(all, sum(squares, axis: 1, keep: false)), 0)
    return sum(
      quotient(inside, scalar(Double(record.directions))),
      quotient(rest, scalar(record.residualVariance * Double(record.features - record.directions))))
  }

  /// How much the channels of pictures differ: `Gate.colour`. Shape: from [batch, height, width, 3] to [batch], Double.
  mutating func colour(of pictures: Value) -> Value {
    let thirds = product(double(pictures), 3)
    let middle = mean(thirds, axes: [3], keep: true)
    let distance = absolute(difference(thirds, middle))
    return quotient(mean(distance, axes: [1, 2, 3], keep: false), scalar(3.0))
  }
}

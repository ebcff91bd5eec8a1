import KidneyData

/// Pearson's correlation of two slices.
func correlation(_ first: [Float], _ second: [Float]) -> Double {
  precondition(first.count == second.count && !first.isEmpty)
  let count = Double(first.count)
  let (meanA, meanB) = (first.reduce(0) { $0 + Double($1) } / count, second.reduce(0) { $0 + Double($1) } / count)
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (a, b) in zip(first, second) {
    let (da, db) = (Double(a) - meanA, Double(b) - meanB)
    ab += da * db
    aa += da * da
    bb += db * db
  }
  return ab / (aa * bb).squareRoot()
}

func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }

func deviation(_ values: [Float]) -> Double {
  let mean = mean(values)
  return (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)).squareRoot()
}

/// The mask without `margin` pixels at its edge, where pixels are part of two things.
func eroded(_ mask: [Bool], size: SliceSize, margin: Int) -> [Bool] {
  mask.indices.map { index in
    let (row, column) = (index / size.width, index % size.width)
    for dy in -margin...margin {
      for dx in -margin...margin {
        let (y, x) = (row + dy, column + dx)
        guard y >= 0, y < size.height, x >= 0, x < size.width, mask[y * size.width + x] else { return false }
      }
    }
    return true
  }
}

func values(_ slice: [Float], where mask: [Bool]) -> [Float] { zip(slice, mask).filter(\.1).map(\.0) }

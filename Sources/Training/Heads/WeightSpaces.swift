import TensorKernels

/// Weights by feature.
struct FeatureSpace: WeightSpace {
  let rowCount: Int
  let dimension: Int
  /// Shape: [rows, features], their mean taken off.
  private let rows: [Double]
  private let pool: ThreadPool

  init(rows: [Float], features: Int, centre: [Double], pool: ThreadPool) {
    rowCount = rows.count / features
    dimension = features
    var centred = [Double](repeating: 0, count: rows.count)
    for row in 0..<rowCount {
      for feature in 0..<features { centred[row * features + feature] = Double(rows[row * features + feature]) - centre[feature] }
    }
    self.rows = centred
    self.pool = pool
  }

  func logits(of coordinates: [Double]) -> [Double] {
    let classes = coordinates.count / dimension
    return parallelFill(count: classes * rowCount, pieces: rowCount, pool: pool) { row, result in
      rows.withUnsafeBufferPointer { rows in
        coordinates.withUnsafeBufferPointer { weights in
          for label in 0..<classes {
            result[label * rowCount + row] = dot(
              rows.baseAddress! + row * dimension, weights.baseAddress! + label * dimension, count: dimension)
          }
        }
      }
    }
  }

  func gradient(_ residuals: [Double]) -> [Double] {
    let classes = residuals.count / rowCount
    let block = 64
    return parallelFill(count: classes * dimension, pieces: (dimension + block - 1) / block, pool: pool) { piece, result in
      let features = piece * block..<min((piece + 1) * block, dimension)
      rows.withUnsafeBufferPointer { rows in
        for row in 0..<rowCount {
          for label in 0..<classes {
            let factor = residuals[label * rowCount + row]
            let target = result + label * dimension
            for feature in features { target[feature] += factor * rows[row * dimension + feature] }
          }
        }
      }
    }
  }

  func product(_ first: WeightVector, _ second: WeightVector) -> Double { dot(first.coordinates, second.coordinates) }
}

/// Weights as sums of the rows: coordinates are how much of each row is in them.
struct GramSpace: WeightSpace {
  let gram: GramMatrix
  let pool: ThreadPool

  var rowCount: Int { gram.count }
  var dimension: Int { gram.count }

  func logits(of coordinates: [Double]) -> [Double] {
    let (count, classes) = (gram.count, coordinates.count / gram.count)
    return parallelFill(count: coordinates.count, pieces: count, pool: pool) { row, result in
      gram.values.withUnsafeBufferPointer { gram in
        coordinates.withUnsafeBufferPointer { coordinates in
          for label in 0..<classes {
            result[label * count + row] = dot(
              gram.baseAddress! + row * count, coordinates.baseAddress! + label * count, count: count)
          }
        }
      }
    }
  }

  func gradient(_ residuals: [Double]) -> [Double] { residuals }

  /// What coordinates give the rows is the Gram matrix times them.
  func product(_ first: WeightVector, _ second: WeightVector) -> Double { dot(first.coordinates, second.logits) }
}

/// Weights from how much of each row is in them.
///
/// - Parameter coefficients: Shape: [classes, rows].
/// - Returns: Shape: [classes, features].
func combined(
  coefficients: [Double], classes: Int, rows: [Float], features: Int, centre: [Double], pool: ThreadPool
) -> [Double] {
  let count = coefficients.count / classes
  let block = 512
  return parallelFill(count: classes * features, pieces: (features + block - 1) / block, pool: pool) { piece, result in
    let range = piece * block..<min((piece + 1) * block, features)
    rows.withUnsafeBufferPointer { rows in
      for row in 0..<count {
        for label in 0..<classes {
          let factor = coefficients[label * count + row]
          let target = result + label * features
          for feature in range { target[feature] += factor * (Double(rows[row * features + feature]) - centre[feature]) }
        }
      }
    }
  }
}

/// An array that pieces of work fill at places of their own, on all threads.
func parallelFill(
  count: Int, pieces: Int, pool: ThreadPool, _ body: (_ piece: Int, UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
  var result = [Double](repeating: 0, count: count)
  result.withUnsafeMutableBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return }
    pool.run(count: pieces) { piece, _ in body(piece, start) }
  }
  return result
}

/// In an order that the lengths alone decide.
func dot(_ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, count: Int) -> Double {
  var sums = (SIMD4<Double>(), SIMD4<Double>())
  var index = 0
  while index + 8 <= count {
    sums.0 += load(first + index) * load(second + index)
    sums.1 += load(first + index + 4) * load(second + index + 4)
    index += 8
  }
  var sum = (sums.0 + sums.1).sum()
  while index < count {
    sum += first[index] * second[index]
    index += 1
  }
  return sum
}

func dot(_ first: [Double], _ second: [Double]) -> Double {
  precondition(first.count == second.count, "as many numbers on both sides")
  return first.withUnsafeBufferPointer { first in
    second.withUnsafeBufferPointer { second in
      guard let start = first.baseAddress, let other = second.baseAddress else { return 0 }
      return dot(start, other, count: first.count)
    }
  }
}

@inline(__always) private func load(_ start: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(start).loadUnaligned(as: SIMD4<Double>.self)
}

import Inference
import RandomStreams
import Testing

@Suite struct SymmetricEigenTests {
  /// How far vectors and values are from being those of the matrix.
  private func worst(_ matrix: [Double], size: Int) throws -> (product: Double, orthogonality: Double) {
    let eigen = try SymmetricEigen(matrix, size: size)
    var (product, orthogonality) = (0.0, 0.0)
    for row in 0..<size {
      let vector = Array(eigen.vectors[row * size..<(row + 1) * size])
      for i in 0..<size {
        let image = (0..<size).reduce(0.0) { $0 + matrix[i * size + $1] * vector[$1] }
        product = max(product, abs(image - eigen.values[row] * vector[i]))
        let dot = (0..<size).reduce(0.0) { $0 + eigen.vectors[i * size + $1] * vector[$1] }
        orthogonality = max(orthogonality, abs(dot - (i == row ? 1 : 0)))
      }
    }
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
    return (product, orthogonality)
  }

  @Test(arguments: [1, 2, 3, 10, 60]) func `vectors are orthonormal and belong to their values`(size: Int) throws {
    var stream = RandomStream(seed: 3, UInt64(size))
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0...i {
        matrix[i * size + j] = stream.uniform(in: -1..<1)
        matrix[j * size + i] = matrix[i * size + j]
      }
    }
    let worst = try worst(matrix, size: size)
    #expect(worst.product < 1e-12 * Double(size) && worst.orthogonality < 1e-12 * Double(size))
  }

  @Test func `a matrix without full rank has zeros at the end`() throws {
    // x x' + y y' of 30 numbers.
    var stream = RandomStream(seed: 4)
    let x: [Double] = (0..<30).map { _ in stream.uniform(in: -1..<1) }
    let y: [Double] = (0..<30).map { _ in stream.uniform(in: -1..<1) }
    var matrix: [Double] = []
    for i in 0..<30 { for j in 0..<30 { matrix.append(x[i] * x[j] + y[i] * y[j]) } }
    let eigen = try SymmetricEigen(matrix, size: 30)
    #expect(eigen.values[1] > 0.1)
    #expect(eigen.values[2...].allSatisfy { abs($0) < 1e-12 })
    #expect(try worst(matrix, size: 30).orthogonality < 1e-11)
  }

  @Test func `far fewer samples than numbers leave noise, in which no eigenvalue is sought for ever`() throws {
    // The covariance of 36 samples of 256 numbers, of which each comes twice.
    let size = 256
    var stream = RandomStream(seed: 5)
    let samples = (0..<18).flatMap { _ in
      let sample: [Double] = (0..<size).map { _ in stream.uniform(in: 0..<3) }
      return [sample, sample]
    }
    let mean = (0..<size).map { place in samples.reduce(0) { $0 + $1[place] } / Double(samples.count) }
    var matrix = [Double](repeating: 0, count: size * size)
    for sample in samples {
      for i in 0..<size { for j in 0..<size { matrix[i * size + j] += (sample[i] - mean[i]) * (sample[j] - mean[j]) } }
    }
    let eigen = try SymmetricEigen(matrix, size: size)
    #expect(eigen.values[16] > 1 && eigen.values[17...].allSatisfy { abs($0) < 1e-12 * eigen.values[0] })
    let worst = try worst(matrix, size: size)
    #expect(worst.product < 1e-12 * eigen.values[0] && worst.orthogonality < 1e-11)
  }

  @Test func `a diagonal matrix gives its own numbers`() throws {
    let eigen = try SymmetricEigen([2, 0, 0, 0, 5, 0, 0, 0, -1], size: 3)
    #expect(eigen.values == [5, 2, -1])
    #expect(try SymmetricEigen([Double](repeating: 0, count: 16), size: 4).values == [0, 0, 0, 0])
  }

  @Test func `an eigenvalue that is not found in the rounds allowed is an error`() throws {
    let matrix: [Double] = [2, 1, 0.5, 1, 3, 1, 0.5, 1, 4]
    #expect(throws: SymmetricEigen.NotConverged(rounds: 1)) { try SymmetricEigen(matrix, size: 3, rounds: 1) }
    #expect(try SymmetricEigen(matrix, size: 3, rounds: 20).values.count == 3)
  }
}

import TensorKernels

/// Cross-validated answers of a logistic regression, from the pictures' inner products alone: a fold costs no look at
/// any feature.
package struct GramCrossValidation {
  /// Of all pictures.
  let gram: GramMatrix
  let pool: ThreadPool

  package init(gram: GramMatrix, pool: ThreadPool) {
    self.gram = gram
    self.pool = pool
  }

  package struct Answers {
    /// Shape: [pictures][classes].
    package var probabilities: [[Double]]
    /// Fits that stopped before the minimum.
    package var unconverged: Int
  }

  /// - Parameters:
  ///   - pictures: rows of the Gram matrix.
  ///   - labels: one for each of them.
  ///   - foldOf: one for each of them, 0-based.
  ///   - fitted: called after each fit.
  /// - Returns: of each picture what a model says that was fitted without its fold.
  /// - Throws: `LogisticRegressionError` if a class is missing outside of a fold.
  package func answers(
    of pictures: [Int], labels: [Int], classCount: Int, foldOf: [Int], fitted: () -> Void
  ) throws -> Answers {
    var answers = Answers(probabilities: Array(repeating: [], count: pictures.count), unconverged: 0)
    for fold in 0...(foldOf.max() ?? 0) {
      let known = pictures.indices.filter { foldOf[$0] != fold }
      let asked = pictures.indices.filter { foldOf[$0] == fold }
      let settings = LogisticRegression.Settings(lambda: 1 / Double(known.count), classWeights: .balanced)
      let objective = try SoftmaxObjective(
        labels: known.map { labels[$0] }, importance: nil, classCount: classCount, settings: settings)
      let rows = CentredRows(gram: gram, known: known.map { pictures[$0] }, pool: pool)
      let solution = objective.minimize(in: GramSpace(gram: rows.gram, pool: pool), settings: settings)
      if !solution.hasConverged { answers.unconverged += 1 }
      for place in asked {
        let products = rows.products(of: pictures[place], in: gram)
        answers.probabilities[place] = softmax(
          solution.biases.indices.map { label in
            let own = solution.coordinates[label * known.count..<(label + 1) * known.count]
            return zip(own, products).reduce(solution.biases[label]) { $0 + $1.0 * $1.1 }
          })
      }
      fitted()
    }
    return answers
  }
}

/// The pictures that are fitted to, with their mean taken off, as inner products.
private struct CentredRows {
  let gram: GramMatrix
  private let known: [Int]
  /// Of each known picture, its mean product with all known ones.
  private let means: [Double]
  private let mean: Double

  init(gram all: GramMatrix, known: [Int], pool: ThreadPool) {
    let count = known.count
    let means = known.map { row in known.reduce(0) { $0 + all.values[row * all.count + $1] } / Double(count) }
    let mean = means.reduce(0, +) / Double(count)
    gram = GramMatrix(
      count: count,
      values: parallelFill(count: count * count, pieces: count, pool: pool) { row, result in
        for column in 0..<count {
          result[row * count + column] =
            all.values[known[row] * all.count + known[column]] - means[row] - means[column] + mean
        }
      })
    self.known = known
    self.means = means
    self.mean = mean
  }

  /// The products of another picture, less the known ones' mean, with each of the known ones.
  func products(of picture: Int, in all: GramMatrix) -> [Double] {
    let row = known.map { all.values[picture * all.count + $0] }
    let own = row.reduce(0, +) / Double(known.count)
    return row.indices.map { row[$0] - own - means[$0] + mean }
  }
}

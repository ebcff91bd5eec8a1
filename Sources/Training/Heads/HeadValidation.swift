import Digests
import Foundation
import KidneyData
import TensorKernels

/// Cross-validation of one head: each picture is answered by a head that was fitted without its fold.
struct HeadValidation {
  let features: HeadFeatures
  let task: HeadTask
  let pool: ThreadPool
  /// Nil fits every head anew.
  var kept: KeptWork?

  /// What heads said of pictures they were not trained on.
  struct Answers {
    /// Of every picture of the data, of the task's classes or not. Shape: [pictures][classes], 0…1.
    var asTheyAre: [[Double]]
    /// Of changed copies, by picture.
    var changed: [PictureChange: [Int: [Double]]]
  }

  private var data: DataSet { features.data }

  /// The task's label of each picture; nil for one of another class.
  var labels: [Int?] { data.labels.map { task.classes.firstIndex(of: data.classes[$0]) } }

  /// The head fitted to the pictures of its classes among some, and to the recipe's copies of them: a picture and its copies
  /// weigh together what a picture without copies weighs.
  func fit(to pictures: [Int]) throws -> LinearHead {
    let own = data.labels.map { task.fittedClasses.firstIndex(of: data.classes[$0]) }
    let classCount = task.fittedClasses.count
    let members = pictures.filter { own[$0] != nil }
    var (rows, rowPictures) = (features.rows(of: members), members)
    for copy in features.recipe.copies {
      let changed = Set(features.pictures(with: copy))
      let copied = members.filter { changed.contains($0) }
      rows += features.rows(of: copied, copy)
      rowPictures += copied
    }
    let counts = Dictionary(rowPictures.map { ($0, 1) }, uniquingKeysWith: +)
    let rowLabels = rowPictures.map { own[$0]! }
    let importance = rowPictures.map { 1 / Double(counts[$0]!) }
    let recipe = features.recipe
    func fitted() throws -> LinearHead {
      try LinearHead(
        rows: rows, labels: rowLabels, importance: importance, unchangedRows: members.count,
        blocks: features.blockRanges, classCount: classCount, lambda: recipe.lambda,
        iterations: recipe.iterations, pool: pool)
    }
    let columns = task.classes.compactMap { task.fittedClasses.firstIndex(of: $0) }
    guard let kept else { return try fitted().columns(columns) }
    var digest = StreamingDigest()
    rows.withUnsafeBytes { digest.update($0) }
    digest.update(
      Data(
        """
        \(rowLabels) \(importance) \(members.count) \(features.blockRanges) \(classCount) \(recipe.lambda) \
        \(recipe.iterations)
        """.utf8))
    return try kept.head(digest.finalize(), shape: [features.count, classCount], or: fitted).columns(columns)
  }

  /// - Parameters:
  ///   - foldOf: the fold of each picture.
  ///   - trials: changes that are answered too, where their features are prepared.
  ///   - progress: called after each fold.
  /// - Throws: `LogisticRegressionError`.
  func answers(foldOf: [Int], trials: [PictureChange] = [], progress: () -> Void) throws -> Answers {
    var answers = Answers(asTheyAre: [[Double]](repeating: [], count: data.count), changed: [:])
    for fold in Set(foldOf).sorted() {
      let head = try fit(to: foldOf.indices.filter { foldOf[$0] != fold })
      let held = foldOf.indices.filter { foldOf[$0] == fold }
      for (picture, row) in zip(held, head.probabilities(of: features.rows(of: held))) {
        answers.asTheyAre[picture] = row
      }
      for trial in trials {
        let changed = Set(features.triedPictures(with: trial))
        let tried = held.filter { changed.contains($0) }
        for (picture, row) in zip(tried, head.probabilities(of: features.rows(of: tried, trial))) {
          answers.changed[trial, default: [:]][picture] = row
        }
      }
      progress()
    }
    return answers
  }
}

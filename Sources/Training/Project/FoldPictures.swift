import KidneyData

/// The pictures of one fold of a grouped cross-validation: those that are answered, and those that a model is trained on
/// before it answers them.
struct FoldPictures {
  /// The fold's own, in rising order.
  let answered: [Int]
  /// All others, in rising order.
  let rest: [Int]

  /// - Parameters:
  ///   - foldOf: of each of `pictures`.
  ///   - pictures: of the data set, in rising order.
  init(_ fold: Int, of foldOf: [Int], among pictures: [Int]) {
    precondition(foldOf.count == pictures.count, "one fold a picture")
    answered = zip(pictures, foldOf).filter { $0.1 == fold }.map(\.0)
    rest = zip(pictures, foldOf).filter { $0.1 != fold }.map(\.0)
  }

  /// What is trained on. A stop by validation, or a plateau, needs series of its own, apart from those answered: they are
  /// taken from the rest.
  ///
  /// - Throws: `KidneyDataError.tooFewSeries` if there are none to spare.
  func sides(
    for parameters: TrainingParameters, division: Division, data: DataSet
  ) throws -> (training: [Int], validation: [Int]) {
    guard parameters.earlyStopping != nil || parameters.schedule == .plateau else { return (rest, []) }
    let inner = try Splitter.split(
      labels: rest.map { data.labels[$0] }, series: rest.map { division.series.seriesOf[$0] },
      paths: rest.map { data.manifest.pictures[$0].path }, classes: data.classes, method: .series,
      validationFraction: parameters.validationFraction, testFraction: 0, seed: parameters.seed)
    return (inner.training.map { rest[$0] }, inner.validation.map { rest[$0] })
  }
}

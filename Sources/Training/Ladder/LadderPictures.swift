import Evaluation
import KidneyData
import RandomStreams

extension LadderClimb {
  /// Some pictures of a data set with their labels and series.
  struct Pictures {
    /// In the data set.
    let numbers: [Int]
    let labels: [Int]
    /// Numbered from 0 without gaps.
    let series: [Int]
    let classCount: Int

    /// - Parameters:
    ///   - labels: of all pictures of the data set.
    ///   - series: of all pictures of the data set.
    init(_ numbers: [Int], labels: [Int], series: [Int], classCount: Int) {
      self.init(
        numbers: numbers, labels: numbers.map { labels[$0] }, series: numbers.map { series[$0] }, classCount: classCount)
    }

    private init(numbers: [Int], labels: [Int], series: [Int], classCount: Int) {
      var place: [Int: Int] = [:]
      self.numbers = numbers
      self.labels = labels
      self.series = series.map { number in
        let known = place[number, default: place.count]
        place[number] = known
        return known
      }
      self.classCount = classCount
    }

    var seriesPerClass: [Int] {
      (0..<classCount).map { label in Set(zip(labels, series).filter { $0.0 == label }.map(\.1)).count }
    }

    /// As many folds as are wanted, or as the class with fewest series allows.
    func groupedFolds(wanted: Int) -> Int { min(wanted, seriesPerClass.min() ?? 0) }

    /// Each class's pictures are dealt out to the folds in a random order.
    func randomFolds(_ folds: Int, stream: inout RandomStream) -> [Int] {
      var foldOf = [Int](repeating: 0, count: labels.count)
      var next = 0
      for label in 0..<classCount {
        let own = labels.indices.filter { labels[$0] == label }
        for place in stream.permutation(of: own.count) {
          foldOf[own[place]] = next % folds
          next += 1
        }
      }
      return foldOf
    }

    /// The same with the labels of series permuted: every series gets that of one drawn at random, now and then its own. A
    /// series' label is that of most of its pictures.
    func withShuffledSeries(_ stream: inout RandomStream) -> Pictures {
      let count = (series.max() ?? -1) + 1
      var votes = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: count)
      for (label, number) in zip(labels, series) { votes[number][label] += 1 }
      let labelOf = votes.map { $0.firstIndex(of: $0.max() ?? 0) ?? 0 }
      let order = stream.permutation(of: count)
      return Pictures(
        numbers: numbers, labels: series.map { labelOf[order[$0]] }, series: series, classCount: classCount)
    }

    func predictions(_ probabilities: [[Double]], classes: [String]) throws -> Predictions {
      try Predictions(classes: classes, labels: labels, probabilities: probabilities, series: series)
    }
  }
}

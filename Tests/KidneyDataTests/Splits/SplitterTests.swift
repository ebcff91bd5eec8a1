import KidneyData
import RandomStreams
import Testing

@Suite struct SplitterTests {
  /// A made-up hospital: series of random length; one in ten holds two classes, as after an over-merge.
  private struct Hospital {
    var labels: [Int] = []
    var series: [Int] = []
    var paths: [String] { labels.indices.map { "c\(labels[$0])/\($0).png" } }

    init(seed: UInt64, seriesPerClass: Int = 12, classes: Int = 3) {
      var stream = RandomStream(seed: seed, 99)
      var number = 0
      for label in 0..<classes {
        for _ in 0..<seriesPerClass {
          for _ in 0..<(1 + stream.index(below: 30)) {
            labels.append(label)
            series.append(number)
          }
          if stream.index(below: 10) == 0 {
            labels.append((label + 1) % classes)
            series.append(number)
          }
          number += 1
        }
      }
      // Pictures of a series need not stand together.
      let order = stream.permutation(of: labels.count)
      labels = order.map { labels[$0] }
      series = order.map { series[$0] }
    }
  }

  @Test func `no series is on two sides in a hundred seeds, and every picture is in one part`() throws {
    for seed in 0..<100 as Range<UInt64> {
      let hospital = Hospital(seed: seed)
      let split = try Splitter.split(
        labels: hospital.labels, series: hospital.series, paths: hospital.paths, method: .series,
        validationFraction: 0.2, testFraction: 0.2, seed: seed)
      let parts = [split.training, split.validation, split.test]
      let sides = parts.map { Set($0.map { hospital.series[$0] }) }
      #expect(
        sides[0].isDisjoint(with: sides[1]) && sides[0].isDisjoint(with: sides[2])
          && sides[1].isDisjoint(with: sides[2]))
      #expect(parts.flatMap { $0 }.sorted() == Array(hospital.labels.indices))
      for label in 0..<3 {
        let total = Double(hospital.labels.count { $0 == label })
        for (part, share) in zip(parts, [0.6, 0.2, 0.2]) {
          let actual = Double(part.count { hospital.labels[$0] == label }) / total
          #expect(abs(actual - share) < 0.06, "seed \(seed), class \(label): \(actual)")
        }
      }
    }
  }

  @Test func `no series is in two folds in a hundred seeds, and folds are balanced in every class`() throws {
    for seed in 0..<100 as Range<UInt64> {
      let hospital = Hospital(seed: seed)
      let k = 2 + Int(seed % 5)
      let folds = try Splitter.groupedFolds(labels: hospital.labels, series: hospital.series, folds: k, seed: seed)
      var foldOf: [Int: Int] = [:]
      for (series, fold) in zip(hospital.series, folds) {
        #expect(foldOf[series] ?? fold == fold)
        foldOf[series] = fold
      }
      #expect(Set(folds) == Set(0..<k))
      for label in 0..<3 {
        let total = Double(hospital.labels.count { $0 == label })
        for fold in 0..<k {
          let actual = Double(folds.indices.count { folds[$0] == fold && hospital.labels[$0] == label }) / total
          #expect(abs(actual - 1 / Double(k)) < 0.08, "seed \(seed), \(k) folds, class \(label): \(actual)")
        }
      }
    }
  }

  @Test func `small cases are balanced as well as any division could be`() throws {
    for seed in 0..<30 as Range<UInt64> {
      var stream = RandomStream(seed: seed, 5)
      var (labels, series) = ([Int](), [Int]())
      for number in 0..<8 {
        for _ in 0..<(1 + stream.index(below: 40)) {
          labels.append(number % 2)
          series.append(number)
        }
      }
      func worst(_ part: (Int) -> Int) -> Double {
        (0..<2).map { label in
          let total = labels.count { $0 == label }
          let first = labels.indices.count { labels[$0] == label && part(series[$0]) == 0 }
          return first == 0 || first == total ? 9 : abs(Double(first) / Double(total) - 0.5)
        }.reduce(0) { $0 + $1 * $1 }
      }
      let best = (0..<256).map { mask in worst { mask >> $0 & 1 } }.min()!
      let folds = try Splitter.groupedFolds(labels: labels, series: series, folds: 2, seed: seed)
      let foldOf = Dictionary(zip(series, folds)) { a, _ in a }
      #expect(worst { foldOf[$0]! } <= best + 1e-9, "seed \(seed)")
    }
  }

  @Test func `a seed gives the same split, another seed another one`() throws {
    let hospital = Hospital(seed: 3)
    for method in [SplitMethod.series, .random] {
      func split(_ seed: UInt64) throws -> DataSplit {
        try Splitter.split(
          labels: hospital.labels, series: hospital.series, paths: hospital.paths, method: method,
          validationFraction: 0.2, testFraction: 0.1, seed: seed)
      }
      #expect(try split(1) == split(1))
      #expect(try split(1).digest == split(1).digest)
      #expect(try split(1).training != split(2).training)
      #expect(try split(1).digest != split(2).digest)
    }
  }

  @Test func `the random split takes its share of each class and tears series apart`() throws {
    let hospital = Hospital(seed: 4)
    let split = try Splitter.split(
      labels: hospital.labels, series: hospital.series, paths: hospital.paths, method: .random,
      validationFraction: 0.25, testFraction: 0.25, seed: 1)
    for label in 0..<3 {
      let total = hospital.labels.count { $0 == label }
      #expect(split.validation.count { hospital.labels[$0] == label } == Int((0.25 * Double(total)).rounded()))
    }
    #expect((split.training + split.validation + split.test).sorted() == Array(hospital.labels.indices))
    #expect(
      !Set(split.training.map { hospital.series[$0] }).isDisjoint(with: split.validation.map { hospital.series[$0] }))
  }

  // MARK: - Keras

  private let twoClassPaths =
    (1...240).map { "Normal/Normal- (\($0)).jpg" } + (1...225).map { "Tumor/Tumor- (\($0)).jpg" }
  private let twoClassLabels = [Int](repeating: 0, count: 240) + [Int](repeating: 1, count: 225)

  @Test func `keras takes the head of each class by code points`() throws {
    let split = try Splitter.split(
      labels: twoClassLabels, series: Array(0..<465), paths: twoClassPaths, method: .keras, validationFraction: 0.2,
      seed: 0)
    #expect(split.validation.count == 93 && split.training.count == 372 && split.test.isEmpty)
    let head = split.validation.map { twoClassPaths[$0] }
    // (1), (10), (100), (101) ... come first, (2) does not.
    #expect(head.contains("Normal/Normal- (100).jpg"))
    #expect(!head.contains("Normal/Normal- (2).jpg"))
    #expect(Splitter.kerasHead(labels: twoClassLabels, paths: twoClassPaths, fraction: 0.3).count == 139)
  }

  @Test func `keras sorts by folder before it sorts by name`() {
    let paths = ["N/b/1.png", "N/z.png", "N/a.png", "N/b.png"]
    #expect(Splitter.kerasHead(labels: [0, 0, 0, 0], paths: paths, fraction: 0.75) == [1, 2, 3])
  }

  @Test func `keras truncates`() {
    let paths = (0..<10).map { "N/\($0).png" }
    #expect(Splitter.kerasHead(labels: Array(repeating: 0, count: 10), paths: paths, fraction: 0.29) == [0, 1])
    #expect(Splitter.kerasHead(labels: Array(repeating: 0, count: 10), paths: paths, fraction: 0) == [])
  }

  // MARK: - What cannot be

  @Test func `too few series is an error that names the class`() throws {
    let labels = [0, 0, 0, 0, 1, 1, 1, 1]
    let series = [0, 1, 2, 3, 4, 4, 5, 5]
    let error = #expect(throws: KidneyDataError.self) {
      try Splitter.groupedFolds(labels: labels, series: series, classes: ["Normal", "Tumor"], folds: 3, seed: 0)
    }
    #expect(
      error == .tooFewSeries(className: "Tumor", series: 2, needed: 3, purpose: "3-fold cross-validation"))
    #expect(throws: KidneyDataError.self) {
      try Splitter.split(
        labels: labels, series: series, paths: labels.map(String.init), method: .series, validationFraction: 0.2,
        testFraction: 0.2, seed: 0)
    }
    _ = try Splitter.groupedFolds(labels: labels, series: series, folds: 2, seed: 0)
  }

  @Test func `a class that only occurs beside another one can make folds impossible`() {
    // Class 1 lives in the two series that class 0 needs, class 2 in one of them: 2 series each, never one a fold.
    #expect(throws: KidneyDataError.self) {
      try Splitter.groupedFolds(labels: [0, 1, 0, 1, 2, 2], series: [0, 0, 0, 0, 0, 0], folds: 2, seed: 0)
    }
  }

  @Test(arguments: [-0.1, 1, 1.5, .nan, .infinity])
  func `a fraction out of range is refused`(fraction: Double) {
    for (validation, test) in [(fraction, 0.1), (0.1, fraction)] {
      #expect(throws: KidneyDataError.self) {
        try Splitter.split(
          labels: [0, 1], series: [0, 1], paths: ["a", "b"], method: .random, validationFraction: validation,
          testFraction: test, seed: 0)
      }
    }
  }

  @Test func `nothing left for training, a test part for keras and one fold are refused`() {
    func split(_ method: SplitMethod, _ validation: Double, _ test: Double) throws -> DataSplit {
      try Splitter.split(
        labels: [0, 0, 1, 1], series: [0, 1, 2, 3], paths: ["a", "b", "c", "d"], method: method,
        validationFraction: validation, testFraction: test, seed: 0)
    }
    #expect(throws: KidneyDataError.self) { try split(.series, 0.5, 0.5) }
    #expect(throws: KidneyDataError.self) { try split(.keras, 0.5, 0.1) }
    #expect(throws: KidneyDataError.self) {
      try Splitter.groupedFolds(labels: [0, 1], series: [0, 1], folds: 1, seed: 0)
    }
    // 0.2 of two pictures is none.
    #expect(throws: KidneyDataError.tooFewPictures(className: "0", pictures: 2)) { try split(.random, 0.2, 0) }
    #expect(throws: KidneyDataError.tooFewPictures(className: "0", pictures: 2)) { try split(.keras, 0.2, 0) }
  }

  @Test func `without fractions everything is for training`() throws {
    for method in SplitMethod.allCases {
      let split = try Splitter.split(
        labels: [0, 1], series: [0, 1], paths: ["a", "b"], method: method, validationFraction: 0, seed: 0)
      #expect(split.training == [0, 1] && split.validation.isEmpty && split.test.isEmpty)
    }
  }

  @Test func `thousands of series are divided in good time`() throws {
    let hospital = Hospital(seed: 8, seriesPerClass: 2000, classes: 4)
    let folds = try Splitter.groupedFolds(labels: hospital.labels, series: hospital.series, folds: 5, seed: 1)
    for label in 0..<4 {
      let counts = (0..<5).map { fold in folds.indices.count { folds[$0] == fold && hospital.labels[$0] == label } }
      #expect(counts.max()! - counts.min()! <= 30, "\(counts)")
    }
  }
}

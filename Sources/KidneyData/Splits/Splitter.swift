import RandomStreams

/// Divides a data set.
public enum Splitter {
  /// - Parameters:
  ///   - labels: the class of each picture, 0-based.
  ///   - series: the series of each picture, as `SeriesAssignment.seriesOf`.
  ///   - paths: of each picture, relative, as in the manifest.
  ///   - classes: names for messages; a label stands for itself without.
  ///   - validationFraction: 0 for none.
  ///   - testFraction: 0 for none; must be 0 for `keras`, which knows two parts only.
  ///   - seed: what `series` and `random` draw with.
  /// - Returns: every picture in exactly one part; each part that was asked for has pictures of every class.
  /// - Throws: `KidneyDataError.invalidSetting` for fractions out of range, `.tooFewSeries` (or `.tooFewPictures`) if a
  ///   class cannot be in every part.
  public static func split(
    labels: [Int], series: [Int], paths: [String], classes: [String]? = nil, method: SplitMethod,
    validationFraction: Double, testFraction: Double = 0, seed: UInt64
  ) throws -> DataSplit {
    check(labels, series, paths.count)
    for (key, fraction) in [("validation fraction", validationFraction), ("test fraction", testFraction)]
    where !(fraction >= 0 && fraction < 1) {
      throw KidneyDataError.invalidSetting(key: key, value: "\(fraction)", allowed: "0 to below 1")
    }
    guard validationFraction + testFraction < 1 else {
      throw KidneyDataError.invalidSetting(
        key: "validation and test fraction together", value: "\(validationFraction + testFraction)",
        allowed: "below 1, so that something is left for training")
    }
    let parts: [[Int]]
    switch method {
    case .keras:
      guard testFraction == 0 else {
        throw KidneyDataError.invalidSetting(
          key: "test fraction", value: "\(testFraction)", allowed: "0 with the split 'keras', which has two parts only")
      }
      let head = Set(kerasHead(labels: labels, paths: paths, fraction: validationFraction))
      parts = [labels.indices.filter { !head.contains($0) }, head.sorted(), []]
    case .random:
      parts = randomParts(labels: labels, fractions: [validationFraction, testFraction], seed: seed)
    case .series:
      parts = try seriesParts(
        labels: labels, series: series, classes: classes, fractions: [validationFraction, testFraction], seed: seed)
    }
    for (part, fraction) in zip(parts.dropFirst(), [validationFraction, testFraction]) where fraction > 0 {
      try requireEveryClass(labels, in: part, classes: classes)
    }
    try requireEveryClass(labels, in: parts[0], classes: classes)
    return DataSplit(method: method, seed: seed, training: parts[0], validation: parts[1], test: parts[2])
  }

  /// Divides whole series into k folds, each with its share of every class as nearly as series allow.
  ///
  /// - Returns: the fold of each picture, 0..<k; every fold has pictures of every class.
  /// - Throws: `KidneyDataError.tooFewSeries` if a class has fewer than k series, or series that hold several classes
  ///   leave it out of a fold; `.invalidSetting` for k below 2.
  public static func groupedFolds(
    labels: [Int], series: [Int], classes: [String]? = nil, folds k: Int, seed: UInt64
  ) throws -> [Int] {
    check(labels, series, labels.count)
    guard k >= 2 else { throw KidneyDataError.invalidSetting(key: "folds", value: "\(k)", allowed: "2 or more") }
    let parts = try assign(
      labels: labels, series: series, classes: classes, shares: Array(repeating: 1 / Double(k), count: k),
      purpose: "\(k)-fold cross-validation", seed: seed)
    return series.map { parts[$0] }
  }

  /// Grouped folds again and again, each time drawn anew: scores that rest on few series depend on how they fall.
  ///
  /// - Returns: for each repeat the fold of each picture, as `groupedFolds`; the first is that of `groupedFolds` with
  ///   the same seed.
  /// - Throws: as `groupedFolds`; `.invalidSetting` for fewer than one repeat.
  public static func repeatedGroupedFolds(
    labels: [Int], series: [Int], classes: [String]? = nil, folds k: Int, repeats: Int, seed: UInt64
  ) throws -> [[Int]] {
    guard repeats >= 1 else {
      throw KidneyDataError.invalidSetting(key: "repeats", value: "\(repeats)", allowed: "1 or more")
    }
    return try (0..<repeats).map { number in
      var stream = RandomStream(seed: seed, RandomStream.number(of: "repeated folds"), UInt64(number))
      return try groupedFolds(
        labels: labels, series: series, classes: classes, folds: k, seed: number == 0 ? seed : stream.next())
    }
  }

  /// Keras's validation part: the first trunc(fraction * n) files of each class, sorted by folder, then by name, by
  /// code points (`keras/preprocessing/image.py` of 2.12.0, `_list_valid_filenames_in_directory`). No shuffling.
  ///
  /// - Returns: indices in rising order.
  public static func kerasHead(labels: [Int], paths: [String], fraction: Double) -> [Int] {
    precondition(labels.count == paths.count, "one path a picture")
    return members(labels).flatMap { pictures -> ArraySlice<Int> in
      let sorted = pictures.sorted { a, b in
        let (first, second) = (ClassFolders.parent(paths[a]), ClassFolders.parent(paths[b]))
        if !isSameByCodePoints(first, second) { return precedesByCodePoints(first, second) }
        return precedesByCodePoints(ClassFolders.lastPart(paths[a]), ClassFolders.lastPart(paths[b]))
      }
      return sorted.prefix(Int(fraction * Double(sorted.count)))
    }.sorted()
  }

  /// How many series have pictures of each class.
  public static func seriesPerClass(labels: [Int], series: [Int]) -> [Int] {
    members(labels).map { Set($0.map { series[$0] }).count }
  }

  // MARK: -

  private static func check(_ labels: [Int], _ series: [Int], _ paths: Int) {
    precondition(labels.count == series.count && labels.count == paths, "one label, one series, one path a picture")
    precondition(!labels.isEmpty && labels.allSatisfy { $0 >= 0 } && series.allSatisfy { $0 >= 0 }, "0-based numbers")
  }

  /// The pictures of each class.
  private static func members(_ labels: [Int]) -> [[Int]] {
    var result = Array(repeating: [Int](), count: (labels.max() ?? -1) + 1)
    for (index, label) in labels.enumerated() { result[label].append(index) }
    return result
  }

  private static func randomParts(labels: [Int], fractions: [Double], seed: UInt64) -> [[Int]] {
    var parts: [[Int]] = [[], [], []]
    for (label, pictures) in members(labels).enumerated() {
      var stream = RandomStream(seed: seed, RandomStream.number(of: "random split"), UInt64(label))
      let order = stream.permutation(of: pictures.count).map { pictures[$0] }
      let validation = Int((fractions[0] * Double(order.count)).rounded())
      let test = min(Int((fractions[1] * Double(order.count)).rounded()), order.count - validation)
      parts[1] += order[..<validation]
      parts[2] += order[validation..<validation + test]
      parts[0] += order[(validation + test)...]
    }
    return parts
  }

  private static func seriesParts(
    labels: [Int], series: [Int], classes: [String]?, fractions: [Double], seed: UInt64
  ) throws -> [[Int]] {
    let wanted = [0] + fractions.indices.filter { fractions[$0] > 0 }.map { $0 + 1 }
    let shares = wanted.map { $0 == 0 ? 1 - fractions.reduce(0, +) : fractions[$0 - 1] }
    let assigned = try assign(
      labels: labels, series: series, classes: classes, shares: shares,
      purpose: "a split into \(wanted.count) parts", seed: seed)
    var parts: [[Int]] = [[], [], []]
    for index in labels.indices { parts[wanted[assigned[series[index]]]].append(index) }
    return parts
  }

  /// - Returns: the part of each series.
  private static func assign(
    labels: [Int], series: [Int], classes: [String]?, shares: [Double], purpose: String, seed: UInt64
  ) throws -> [Int] {
    let available = seriesPerClass(labels: labels, series: series)
    func refuse(_ label: Int) -> KidneyDataError {
      .tooFewSeries(
        className: name(label, classes), series: available[label], needed: shares.count, purpose: purpose)
    }
    if let label = available.indices.filter({ available[$0] > 0 && available[$0] < shares.count })
      .min(by: { available[$0] < available[$1] })
    {
      throw refuse(label)
    }
    var counts = Array(repeating: Array(repeating: 0, count: available.count), count: (series.max() ?? 0) + 1)
    for (label, number) in zip(labels, series) { counts[number][label] += 1 }
    let parts = GroupBalancer(counts: counts, shares: shares).assign(seed: seed)
    for label in available.indices where available[label] > 0 {
      let reached = Set(counts.indices.filter { counts[$0][label] > 0 }.map { parts[$0] })
      guard reached.count == shares.count else { throw refuse(label) }
    }
    return parts
  }

  private static func requireEveryClass(_ labels: [Int], in part: [Int], classes: [String]?) throws {
    let present = Set(part.map { labels[$0] })
    for (label, pictures) in members(labels).enumerated() where !pictures.isEmpty && !present.contains(label) {
      throw KidneyDataError.tooFewPictures(className: name(label, classes), pictures: pictures.count)
    }
  }

  private static func name(_ label: Int, _ classes: [String]?) -> String {
    if let classes, classes.indices.contains(label) { return classes[label] }
    return "\(label)"
  }
}

/// One statistic of one layer's planes, and its derivative.
struct FeatureBlock: Sendable {
  let layer: String
  let statistic: FeatureRecipe.Statistic
  let height: Int
  let width: Int
  let channels: Int
  /// The place of its first feature.
  let first: Int

  /// - Parameter shape: of the layer's output, without the batch.
  /// - Throws: `InferenceError.noSuchFeatures`.
  init(_ block: FeatureRecipe.Block, shape: [Int], first: Int) throws {
    guard shape.count == 3 else {
      throw InferenceError.noSuchFeatures(reason: "layer '\(block.layer)' puts out \(shape), not planes of channels")
    }
    if let cells = block.statistic.cellsPerSide, !(1...min(shape[0], shape[1])).contains(cells) {
      throw InferenceError.noSuchFeatures(
        reason: "planes of \(shape[0]) x \(shape[1]) cannot be cut into \(cells) x \(cells) cells (layer '\(block.layer)')")
    }
    layer = block.layer
    statistic = block.statistic
    (height, width, channels) = (shape[0], shape[1], shape[2])
    self.first = first
  }

  /// The values of one picture's output.
  var planeCount: Int { height * width * channels }

  /// The number of features.
  var count: Int {
    switch statistic {
    case .mean, .deviation, .cellDeviation: channels
    case .cells(let cells): cells * cells * channels
    case .positions: planeCount
    }
  }

  /// - Parameters:
  ///   - values: shape [height, width, channels].
  ///   - features: gets the roots. Shape: [count].
  func write(of values: UnsafePointer<Float>, into features: UnsafeMutablePointer<Float>) {
    if case .positions = statistic {
      for index in 0..<planeCount { features[index] = max(values[index], 0).squareRoot() }
      return
    }
    let statistics = statistics(of: values)
    for index in statistics.indices { features[index] = Float(max(statistics[index], 0).squareRoot()) }
  }

  /// Adds the derivative of a weighted sum of the features to a gradient.
  ///
  /// A root has no derivative at zero; there a feature counts as constant.
  ///
  /// - Parameters:
  ///   - values: shape [height, width, channels].
  ///   - weights: of the features. Shape: [count].
  ///   - gradient: with respect to `values`, in the same shape.
  func addGradient(
    at values: UnsafePointer<Float>, weights: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>
  ) {
    if case .positions = statistic {
      for index in 0..<planeCount where values[index] > 0 {
        gradient[index] += weights[index] * 0.5 / values[index].squareRoot()
      }
      return
    }
    // Of the statistics, before the root.
    let slopes = zip(0..., statistics(of: values)).map { index, value in
      value > 0 ? Double(weights[index]) * 0.5 / value.squareRoot() : 0
    }
    switch statistic {
    case .mean: spread(slopes, cells: 1, to: gradient)
    case .cells(let cells): spread(slopes, cells: cells, to: gradient)
    case .deviation:
      let (means, deviations) = moments(of: values)
      let share = 1 / Double(height * width)
      for position in 0..<height * width {
        for channel in 0..<channels where deviations[channel] > 0 {
          let place = position * channels + channel
          gradient[place] += Float(
            slopes[channel] * share * (Double(values[place]) - means[channel]) / deviations[channel])
        }
      }
    case .cellDeviation(let cells):
      let means = cellMeans(of: values, cells: cells)
      let (middle, deviations) = Self.moments(means, channels: channels)
      let share = 1 / Double(cells * cells)
      let inner = means.indices.map { index in
        let channel = index % channels
        guard deviations[channel] > 0 else { return 0.0 }
        return slopes[channel] * share * (means[index] - middle[channel]) / deviations[channel]
      }
      spread(inner, cells: cells, to: gradient)
    case .positions: break
    }
  }

  // MARK: - Before the root

  private func statistics(of values: UnsafePointer<Float>) -> [Double] {
    switch statistic {
    case .mean: cellMeans(of: values, cells: 1)
    case .cells(let cells): cellMeans(of: values, cells: cells)
    case .deviation: moments(of: values).deviations
    case .cellDeviation(let cells):
      Self.moments(cellMeans(of: values, cells: cells), channels: channels).deviations
    case .positions: (0..<planeCount).map { Double(values[$0]) }
    }
  }

  /// What a cell covers: places from floor(cell · length / cells) to below that of the next.
  static func places(of cell: Int, of cells: Int, in length: Int) -> Range<Int> {
    cell * length / cells..<(cell + 1) * length / cells
  }

  /// Means over cells of one axis as a matrix. Shape: [cells, length]; each row sums to 1.
  func averaging(_ length: Int, cells: Int) -> [Double] {
    (0..<cells).flatMap { cell in
      let range = Self.places(of: cell, of: cells, in: length)
      return (0..<length).map { range.contains($0) ? 1 / Double(range.count) : 0 }
    }
  }

  /// Shape: [cells, cells, channels].
  private func cellMeans(of values: UnsafePointer<Float>, cells: Int) -> [Double] {
    var means = [Double](repeating: 0, count: cells * cells * channels)
    means.withUnsafeMutableBufferPointer { means in
      forEachCell(cells) { cell, rows, columns in
        let sums = means.baseAddress! + cell * channels
        for row in rows {
          for column in columns {
            let pixel = values + (row * width + column) * channels
            for channel in 0..<channels { sums[channel] += Double(pixel[channel]) }
          }
        }
        let count = Double(rows.count * columns.count)
        for channel in 0..<channels { sums[channel] /= count }
      }
    }
    return means
  }

  /// Adds to each value its share of its cell's slope.
  private func spread(_ slopes: [Double], cells: Int, to gradient: UnsafeMutablePointer<Float>) {
    forEachCell(cells) { cell, rows, columns in
      let count = Double(rows.count * columns.count)
      for row in rows {
        for column in columns {
          let pixel = gradient + (row * width + column) * channels
          for channel in 0..<channels { pixel[channel] += Float(slopes[cell * channels + channel] / count) }
        }
      }
    }
  }

  private func forEachCell(_ cells: Int, _ body: (_ cell: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    for down in 0..<cells {
      let rows = Self.places(of: down, of: cells, in: height)
      for across in 0..<cells {
        let columns = Self.places(of: across, of: cells, in: width)
        body(down * cells + across, rows, columns)
      }
    }
  }

  private func moments(of values: UnsafePointer<Float>) -> (means: [Double], deviations: [Double]) {
    let means = cellMeans(of: values, cells: 1)
    var squares = [Double](repeating: 0, count: channels)
    squares.withUnsafeMutableBufferPointer { squares in
      means.withUnsafeBufferPointer { means in
        for position in 0..<height * width {
          let pixel = values + position * channels
          for channel in 0..<channels {
            let difference = Double(pixel[channel]) - means[channel]
            squares[channel] += difference * difference
          }
        }
      }
    }
    return (means, squares.map { ($0 / Double(height * width)).squareRoot() })
  }

  /// Mean and population deviation of each channel over rows of channels.
  private static func moments(_ rows: [Double], channels: Int) -> (means: [Double], deviations: [Double]) {
    let count = Double(rows.count / channels)
    var means = [Double](repeating: 0, count: channels)
    var squares = means
    for (index, value) in rows.enumerated() { means[index % channels] += value / count }
    for (index, value) in rows.enumerated() {
      let difference = value - means[index % channels]
      squares[index % channels] += difference * difference
    }
    return (means, squares.map { ($0 / count).squareRoot() })
  }
}

extension FeatureRecipe.Statistic {
  var cellsPerSide: Int? {
    switch self {
    case .cells(let cells), .cellDeviation(let cells): cells
    case .mean, .deviation, .positions: nil
    }
  }
}

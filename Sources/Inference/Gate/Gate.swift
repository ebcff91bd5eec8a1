import NeuralNetworks

/// Tells what is no kidney CT: pictures with colour, and pictures whose early features lie far from those of the training
/// pictures (Mahalanobis distance in the directions in which these vary most, and what is left over).
///
/// It was fitted with the model on its training pictures and is part of the model file, so it knows only what those show:
/// a scanner that it never saw may be refused too.
public struct Gate: Equatable, Sendable {
  /// The layer it looks at, its limits and what it was fitted on.
  public var record: Record
  /// Shape: [features].
  public var mean: [Float]
  /// Orthonormal rows, of the largest variance first. Shape: [directions, features].
  public var directions: [Float]
  /// Along each direction, shrunk. Shape: [directions].
  public var variances: [Float]

  /// The layer that a gate looks at: early enough to show texture rather than organs, late enough for shapes of some size.
  public static let defaultLayer = "block3_pool"

  /// What a model file says of its gate beside the tensors.
  public struct Record: Codable, Equatable, Sendable {
    /// The layer of the base whose mean over positions is looked at; its square root is the feature.
    public var layer: String
    /// How many features a picture has: the layer's channels.
    public var features: Int
    /// How many directions the training pictures may differ in freely: at least 1, fewer than `features`.
    public var directions: Int
    /// Of each feature outside the directions.
    public var residualVariance: Double
    /// A picture with a larger distance is refused.
    public var threshold: Double
    /// A picture whose channels differ from their mean by more grey levels on average is refused.
    public var largestColour: Double
    /// The pictures it was fitted on, and how many of them it refuses.
    public var fit: Fit

    /// - Parameters:
    ///   - features, directions: 1 or more, fewer `directions` than `features`.
    ///   - residualVariance, threshold: above 0; the threshold is a distance.
    ///   - largestColour: in grey levels, 0…255.
    public init(
      layer: String, features: Int, directions: Int, residualVariance: Double, threshold: Double, largestColour: Double,
      fit: Fit
    ) {
      self.layer = layer
      self.features = features
      self.directions = directions
      self.residualVariance = residualVariance
      self.threshold = threshold
      self.largestColour = largestColour
      self.fit = fit
    }
  }

  /// What a gate rests on.
  public struct Fit: Codable, Equatable, Sendable {
    /// Training pictures and series.
    public var images: Int
    /// The series that these pictures come from.
    public var series: Int
    /// Changed copies of training pictures that were used too.
    public var changedImages: Int
    /// Wanted share of refused slices of unseen series.
    public var wantedRefusals: Double
    /// Share of unchanged training slices that were refused when distance and threshold came from fits to the other folds
    /// of series. Nil with changed pictures alone.
    public var heldOutRefusals: Double?
    /// Groups of series that were held out in turn.
    public var folds: Int
    /// What a user must know, such as that it knows few series.
    public var warning: String?

    /// - Parameters:
    ///   - images, series, changedImages, folds: counts.
    ///   - wantedRefusals, heldOutRefusals: shares, 0…1.
    public init(
      images: Int, series: Int, changedImages: Int, wantedRefusals: Double, heldOutRefusals: Double?, folds: Int,
      warning: String?
    ) {
      self.images = images
      self.series = series
      self.changedImages = changedImages
      self.wantedRefusals = wantedRefusals
      self.heldOutRefusals = heldOutRefusals
      self.folds = folds
      self.warning = warning
    }
  }

  /// - Precondition: the numbers have the shapes that `record` says.
  public init(record: Record, mean: [Float], directions: [Float], variances: [Float]) {
    precondition(
      mean.count == record.features && directions.count == record.directions * record.features
        && variances.count == record.directions, "a gate's numbers must have the shapes its record says")
    self.record = record
    self.mean = mean
    self.directions = directions
    self.variances = variances
  }
}

extension Gate {
  /// Begins the name of each of its tensors in a model file.
  static let prefix = "gate/"
  private static let names = (mean: prefix + "mean", directions: prefix + "directions", variances: prefix + "variances")

  /// Its numbers as a model file holds them.
  var tensors: [(name: String, tensor: Tensor)] {
    [
      (Self.names.mean, Tensor(shape: [record.features], values: mean)),
      (Self.names.directions, Tensor(shape: [record.directions, record.features], values: directions)),
      (Self.names.variances, Tensor(shape: [record.directions], values: variances)),
    ]
  }

  /// - Parameters:
  ///   - tensor: gives a tensor of the file by name, nil if there is none.
  ///   - path: of the file, for errors.
  /// - Throws: `InferenceError` if one is missing, has another shape or holds numbers that cannot be.
  init(record: Record, path: String, tensor: (String) throws -> Tensor?) throws {
    func values(_ name: String, _ shape: [Int]) throws -> [Float] {
      let found = try tensor(name)
      guard let found, found.shape == shape else {
        throw InferenceError.wrongTensor(path: path, name: name, expected: shape, actual: found?.shape)
      }
      let values = found.withUnsafeValues { Array($0) }
      guard values.allSatisfy(\.isFinite) else {
        throw InferenceError.notAModel(path: path, reason: "its tensor '\(name)' has numbers that are not finite")
      }
      return values
    }
    let variances = try values(Self.names.variances, [record.directions])
    guard variances.allSatisfy({ $0 > 0 }) else {
      throw InferenceError.notAModel(path: path, reason: "its gate has a variance that is not above 0")
    }
    self.init(
      record: record, mean: try values(Self.names.mean, [record.features]),
      directions: try values(Self.names.directions, [record.directions, record.features]), variances: variances)
  }
}

extension Gate.Record {
  /// What is wrong with it; nil if nothing is.
  var fault: String? {
    guard features > 0, directions > 0, directions < features else {
      return "its gate has \(directions) directions of \(features) features"
    }
    guard residualVariance.isFinite, residualVariance > 0, threshold.isFinite, threshold > 0, largestColour.isFinite,
      largestColour >= 0
    else { return "its gate's variance, threshold or colour limit is no number above 0" }
    return nil
  }
}

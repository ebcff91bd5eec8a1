import Foundation

/// How a model's softmax is changed before it is given as a probability. It is part of the model file, and was fitted on
/// series that the model was neither trained nor judged on.
public struct Calibration: Codable, Equatable, Sendable {
  public var map: Map
  /// Number of pictures and series it was fitted on; 0 where it was not fitted.
  public var images: Int
  public var series: Int
  /// How it was found, or why there is none, in words.
  public var note: String

  /// The function from softmax to probability, the same as `Evaluation`'s scalings, which this room does not know, give;
  /// tests of `Training` hold both against each other.
  public enum Map: Codable, Equatable, Sendable {
    /// The softmax as it is.
    case none
    /// All logits divided by one number (Guo et al. 2017).
    case temperature(value: Double)
    /// Of two classes: log odds of the positive one are intercept + slope times the model's (Platt 1999).
    case platt(positiveClass: String, intercept: Double, slope: Double)
  }

  /// - Parameters:
  ///   - images: number of pictures it was fitted on; 0 where it was not fitted.
  ///   - series: number of their series.
  ///   - note: how it was found, or why there is none.
  public init(map: Map, images: Int, series: Int, note: String) {
    self.map = map
    self.images = images
    self.series = series
    self.note = note
  }

  /// Probabilities below this count as this, so that their logarithm is finite.
  static let smallest = 1e-12

  /// A row of calibrated probabilities.
  ///
  /// - Parameters:
  ///   - row: Shape: [classes], 0…1; sums to 1.
  ///   - classes: their names.
  /// - Returns: Shape: [classes], 0…1; sums to 1.
  public func applied(to row: [Double], classes: [String]) -> [Double] {
    switch map {
    case .none:
      return row
    case .temperature(let temperature):
      let scaled = row.map { log(max($0, Self.smallest)) / temperature }
      let highest = scaled.max() ?? 0
      let powers = scaled.map { exp($0 - highest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    case .platt(let positiveClass, let intercept, let slope):
      guard let positive = classes.firstIndex(of: positiveClass), classes.count == 2 else { return row }
      let share = min(max(row[positive], Self.smallest), 1 - Self.smallest)
      let calibrated = 1 / (1 + exp(-(intercept + slope * log(share / (1 - share)))))
      return classes.indices.map { $0 == positive ? calibrated : 1 - calibrated }
    }
  }

  /// What is wrong with it for a model of these classes; nil if nothing is.
  func fault(classes: [String]) -> String? {
    switch map {
    case .none: return nil
    case .temperature(let temperature):
      return temperature.isFinite && temperature > 0 ? nil : "its temperature is \(temperature), not a number above 0"
    case .platt(let positiveClass, let intercept, let slope):
      guard classes.count == 2, classes.contains(positiveClass) else {
        return "its Platt scaling is for class '\(positiveClass)' of two, its classes are \(classes.joined(separator: ", "))"
      }
      return intercept.isFinite && slope.isFinite ? nil : "its Platt scaling has numbers that are not finite"
    }
  }
}

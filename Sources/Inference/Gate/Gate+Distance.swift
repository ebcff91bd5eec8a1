import MedicalImages

extension Gate {
  /// How far a picture lies from the training pictures: the squared Mahalanobis distance a direction, plus that a
  /// remaining feature. About 2 for a training picture.
  ///
  /// - Parameter features: what `PositionRoots` gives. Shape: [features].
  /// - Returns: 0 or more; infinite for features that are not finite.
  public func distance(of features: some Collection<Float>) -> Double {
    precondition(features.count == record.features, "a gate looks at \(record.features) features")
    let centred = zip(features, mean).map { Double($0) - Double($1) }
    var inside = 0.0
    var rest = centred.reduce(0) { $0 + $1 * $1 }
    for direction in 0..<record.directions {
      var part = 0.0
      let first = direction * record.features
      for feature in 0..<record.features { part += Double(directions[first + feature]) * centred[feature] }
      inside += part * part / Double(variances[direction])
      rest -= part * part
    }
    let distance =
      inside / Double(record.directions)
      + max(0, rest) / record.residualVariance / Double(record.features - record.directions)
    return distance.isFinite ? distance : .infinity
  }

  /// What the gate says of one picture.
  ///
  /// - Returns: why it is refused, in words; nil if it passes.
  public func refusal(colour: Double, distance: Double) -> String? {
    if colour > record.largestColour {
      return "the picture is coloured (its channels differ by \(Self.short(colour)) grey levels, those of CT slices by at most "
        + "\(Self.short(record.largestColour)))"
    }
    if distance > record.threshold {
      return "the picture is unlike those the model was trained on (distance \(Self.short(distance)), at most "
        + "\(Self.short(record.threshold)))"
    }
    return nil
  }

  private static func short(_ number: Double) -> String {
    number.isFinite ? String((number * 100).rounded() / 100) : "infinite"
  }

  /// How much the channels of a picture differ: the mean over pixels and channels of the distance from the pixel's mean.
  ///
  /// - Returns: grey levels, 0…170; 0 for a grey picture.
  public static func colour(of picture: Picture) -> Double {
    guard picture.channels == 3 else { return 0 }
    return picture.pixels.withUnsafeBufferPointer { pixels in
      // In thirds of grey levels.
      var sum = 0
      for first in stride(from: 0, to: pixels.count - 2, by: 3) {
        let (red, green, blue) = (3 * Int(pixels[first]), 3 * Int(pixels[first + 1]), 3 * Int(pixels[first + 2]))
        let total = (red + green + blue) / 3
        sum += abs(red - total) + abs(green - total) + abs(blue - total)
      }
      return Double(sum) / 3 / Double(max(1, pixels.count))
    }
  }
}

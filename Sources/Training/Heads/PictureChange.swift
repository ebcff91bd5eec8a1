import Foundation
import MedicalImages
import RandomStreams

/// A change that a slice may have gone through on its way here: it must not change what is answered.
///
/// Most start from the grey picture of the preprocessing's common size and give one of the same size, so that nothing but
/// the change differs. The same picture is always changed alike.
public enum PictureChange: Hashable, Sendable {
  case none
  /// Encoded again as JPEG.
  case jpeg(quality: Int)
  /// Brought to the common size by the triangle filter instead of the preprocessing's own; changes pictures of another
  /// size alone.
  case otherResampling
  /// Brought to the network's size at once; changes pictures of another than the common size alone.
  case straight
  /// Every grey level times so many hundredths, cut at white.
  case brightness(hundredths: Int)
  /// Blurred by a Gaussian of so many hundredths of a pixel.
  case blur(hundredths: Int)
  /// Made smaller by the triangle filter, and large again by Lanczos.
  case smaller(side: Int)
  /// Left and right exchanged.
  case mirrored
  /// Normal noise of so many grey levels of deviation, drawn with the picture's own pixels as seed.
  case noise(deviation: Int)

  /// A text that is the same only for the same change.
  public var identity: String {
    switch self {
    case .none: "as it is"
    case .jpeg(let quality): "JPEG \(quality)"
    case .otherResampling: "bilinear instead of Lanczos"
    case .straight: "straight to the network's size"
    case .brightness(let hundredths): "brightness x \(Self.hundredths(hundredths))"
    case .blur(let hundredths): "blur \(Self.hundredths(hundredths)) px"
    case .smaller(let side): "\(side) px and back"
    case .mirrored: "mirrored"
    case .noise(let deviation): "noise of \(deviation) grey levels"
    }
  }

  private static func hundredths(_ value: Int) -> String { String(format: "%d.%02d", value / 100, value % 100) }

  /// Whether it changes a picture of this size at all.
  public func applies(width: Int, height: Int, preprocessing: PreprocessingSpecification) -> Bool {
    guard self == .otherResampling || self == .straight, let common = preprocessing.common else { return true }
    return width != common.width || height != common.height
  }

  /// - Parameters:
  ///   - picture: as it was decoded.
  ///   - preprocessing: of the model, with a common size.
  /// - Returns: a grey picture that the preprocessing's `resizedItself` takes on from: of the common size, but for
  ///   `straight`.
  /// - Throws: `MedicalImageError` if it cannot be encoded.
  public func applied(to picture: Picture, preprocessing: PreprocessingSpecification) throws -> Picture {
    guard let common = preprocessing.common else { preconditionFailure("changes start from a common size") }
    func sized(_ resampling: Resampling) -> Picture {
      picture.grey().resized(width: common.width, height: common.height, by: resampling)
    }
    if self == .otherResampling { return sized(.bilinear) }
    if self == .straight { return preprocessing.resizedItself.resized(picture) }
    var changed = sized(common.resampling)
    switch self {
    case .none, .otherResampling, .straight: break
    case .jpeg(let quality):
      let file = try PictureWriter.jpeg(changed, quality: quality)
      changed = try PictureReader.decode(file, name: "a picture encoded again").picture.grey()
    case .brightness(let hundredths):
      changed.pixels = changed.pixels.map { UInt8(min(255, (Int($0) * hundredths + 50) / 100)) }
    case .blur(let hundredths):
      changed = changed.blurred(deviation: Double(hundredths) / 100)
    case .smaller(let side):
      changed = changed.resized(width: side, height: side, by: .bilinear)
        .resized(width: common.width, height: common.height, by: .lanczos)
    case .mirrored:
      let width = changed.width
      let pixels = changed.pixels
      changed.pixels = pixels.indices.map { pixels[$0 / width * width + width - 1 - $0 % width] }
    case .noise(let deviation):
      let seed = changed.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
      var stream = RandomStream(seed: seed, RandomStream.number(of: "noise"))
      changed.pixels = changed.pixels.map {
        UInt8(min(max((Double($0) + stream.normal() * Double(deviation)).rounded(), 0), 255))
      }
    }
    return changed
  }
}

extension Picture {
  /// A grey picture, blurred by a Gaussian along rows, then along columns; the edge's pixels are repeated beyond it.
  ///
  /// - Parameter deviation: in pixels, above 0.
  func blurred(deviation: Double) -> Picture {
    precondition(channels == 1 && deviation > 0, "a grey picture, and a blur that blurs")
    let reach = max(1, Int((deviation * 4).rounded(.up)))
    let weights = (-reach...reach).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    func along(_ values: [Double], step: Int, length: Int) -> [Double] {
      values.indices.map { index in
        let place = index / step % length
        return (-reach...reach).reduce(0.0) { total, offset in
          let other = min(max(place + offset, 0), length - 1)
          return total + weights[offset + reach] / sum * values[index + (other - place) * step]
        }
      }
    }
    let rows = along(pixels.map(Double.init), step: 1, length: width)
    let both = along(rows, step: width, length: height)
    return Picture(width: width, height: height, channels: 1, pixels: both.map { UInt8(min(max($0.rounded(), 0), 255)) })
  }
}

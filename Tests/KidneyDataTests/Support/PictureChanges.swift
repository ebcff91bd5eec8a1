import Foundation
import MedicalImages

/// The picture without a share of each side.
func cut(_ picture: Picture, left: Double, right: Double, top: Double, bottom: Double) -> Picture {
  let (x, y) = (Int(left * Double(picture.width)), Int(top * Double(picture.height)))
  let width = picture.width - x - Int(right * Double(picture.width))
  let height = picture.height - y - Int(bottom * Double(picture.height))
  let rows = (0..<height).map { row in
    picture.pixels[((row + y) * picture.width + x) * picture.channels..<((row + y) * picture.width + x + width) * picture.channels]
  }
  return Picture(width: width, height: height, channels: picture.channels, pixels: Array(rows.joined()))
}

/// The picture in a mirror: left and right exchanged, or top and bottom.
func turned(_ picture: Picture, horizontally: Bool) -> Picture {
  var result = picture
  for row in 0..<picture.height {
    for column in 0..<picture.width {
      let from = horizontally ? (row, picture.width - 1 - column) : (picture.height - 1 - row, column)
      for channel in 0..<picture.channels {
        result.pixels[(row * picture.width + column) * picture.channels + channel] =
          picture.pixels[(from.0 * picture.width + from.1) * picture.channels + channel]
      }
    }
  }
  return result
}

/// The picture with each value changed, cut to 0…255.
func mapped(_ picture: Picture, _ change: (Double) -> Double) -> Picture {
  var result = picture
  result.pixels = picture.pixels.map { UInt8(min(max(change(Double($0)), 0), 255).rounded()) }
  return result
}

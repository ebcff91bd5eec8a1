import Foundation
import MedicalImages

/// What can be told of a picture without looking at its middle: size, file, compression, borders.
///
/// Nothing here should know a kidney's finding. A class that can be told by these alone is told by how its files were
/// made, and a classifier may learn just that.
public struct FormatTraits: Sendable {
  /// Names of the values, in their order.
  public static let names = [
    "width", "height", "aspect", "bytes", "bytes per pixel", "colour mode", "real colour", "file format",
    "JPEG quantisation", "JPEG progressive", "JPEG chroma subsampling", "metadata bytes", "black border top",
    "black border bottom", "black border left", "black border right", "edge brightness", "edge contrast",
  ]

  /// One for each name.
  public let values: [Double]

  private func value(_ name: String) -> Double { values[Self.names.firstIndex(of: name)!] }

  /// Whether no pixel is brighter than a black border's: the border from the top is the whole picture.
  var isBlack: Bool { value("black border top") == 1 }

  /// Those that come in a few values rather than by degrees, in words: what a person can compare in a file browser.
  public var properties: [(name: String, value: String)] {
    let isJPEG = value("file format") == 0
    return [
      ("size", "\(Int(value("width"))) x \(Int(value("height")))"),
      ("colour mode", value("colour mode") == 0 ? "grey" : "colour"),
      ("file format", isJPEG ? "JPEG" : "PNG"),
      ("JPEG quantisation", isJPEG ? "mean \((value("JPEG quantisation") * 10).rounded() / 10)" : "none"),
      ("JPEG progressive", value("JPEG progressive") == 1 ? "yes" : "no"),
      ("JPEG chroma subsampling", value("JPEG chroma subsampling") == 1 ? "yes" : "no"),
      ("metadata bytes", "\(Int(value("metadata bytes")))"),
    ]
  }

  /// Whether an RGB file shows colours at all.
  public let hasColour: Bool

  /// - Parameter bytes: the file's.
  init(_ picture: Picture, information: PictureInformation, bytes: [UInt8]) {
    let grey = GreyPicture(picture)
    let (width, height) = (grey.width, grey.height)
    hasColour = Self.isColoured(picture)
    let jpeg = JPEGTraits(bytes)
    let border = Self.border(of: grey)
    let edge = Self.edge(of: grey)
    func number(_ holds: Bool) -> Double { holds ? 1 : 0 }
    let frame: [Double] = [
      Double(width), Double(height), Double(width) / Double(height), Double(bytes.count),
      Double(bytes.count) / Double(width * height), number(information.mode != "L"), number(hasColour),
    ]
    let file: [Double] = [
      number(information.format != .jpeg), jpeg?.quantization ?? 0, number(jpeg?.isProgressive == true),
      number(jpeg?.isSubsampled == true), Double(jpeg?.metadataBytes ?? 0),
    ]
    values = frame + file + border + [edge.mean, edge.deviation]
  }

  /// A few coloured pixels, such as a mark in red, are enough; JPEG alone makes grey ones differ by a little.
  private static func isColoured(_ picture: Picture) -> Bool {
    guard picture.channels == 3 else { return false }
    var count = 0
    let pixels = picture.pixels
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let (red, green, blue) = (Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
      if max(red, green, blue) - min(red, green, blue) > 40 { count += 1 }
    }
    return count > picture.width * picture.height / 2000
  }

  /// The share of rows or columns at each side in which nothing is brighter than near black.
  private static func border(of grey: GreyPicture) -> [Double] {
    func isDark(row: Int) -> Bool { (0..<grey.width).allSatisfy { grey.values[row * grey.width + $0] <= 12 } }
    func isDark(column: Int) -> Bool { (0..<grey.height).allSatisfy { grey.values[$0 * grey.width + column] <= 12 } }
    let top = (0..<grey.height).first { !isDark(row: $0) } ?? grey.height
    let bottom = (0..<grey.height).reversed().first { !isDark(row: $0) }.map { grey.height - 1 - $0 } ?? grey.height
    let left = (0..<grey.width).first { !isDark(column: $0) } ?? grey.width
    let right = (0..<grey.width).reversed().first { !isDark(column: $0) }.map { grey.width - 1 - $0 } ?? grey.width
    return [
      Double(top) / Double(grey.height), Double(bottom) / Double(grey.height), Double(left) / Double(grey.width),
      Double(right) / Double(grey.width),
    ]
  }

  /// Of the outermost pixels.
  private static func edge(of grey: GreyPicture) -> (mean: Double, deviation: Double) {
    var values: [Double] = []
    for column in 0..<grey.width {
      values.append(Double(grey.values[column]))
      values.append(Double(grey.values[(grey.height - 1) * grey.width + column]))
    }
    for row in 0..<grey.height {
      values.append(Double(grey.values[row * grey.width]))
      values.append(Double(grey.values[row * grey.width + grey.width - 1]))
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square.squareRoot())
  }
}

import Foundation
import MedicalImages
import RandomStreams

/// A patient cut out of paper: a body with blobs that come and go from slice to slice, enough for what series are
/// told by (structure that changes slowly, grey values, planes). No anatomy.
struct PaperStudy {
  let patient: UInt64
  /// Grey value of soft tissue; that of fat is a third of it.
  var soft: Double = 130
  var side = 128

  /// - Parameters:
  ///   - number: of the slice; neighbours are similar.
  ///   - longitudinal: a body taller than wide, with structures of its own.
  func slice(_ number: Int, longitudinal: Bool = false) -> Picture {
    var stream = RandomStream(seed: patient, RandomStream.number(of: longitudinal ? "coronal" : "axial"))
    let (halfWidth, halfHeight) =
      longitudinal
      ? (stream.uniform(in: 0.2..<0.28), 0.46)
      : (stream.uniform(in: 0.36..<0.44), stream.uniform(in: 0.24..<0.32))
    // No two bodies have the same outline, nor lie in the same place.
    let waves = (2...5).map { (Double($0), stream.uniform(in: 0.02..<0.06), stream.uniform(in: 0..<2 * .pi)) }
    let (middleX, middleY) = (stream.uniform(in: -0.04..<0.04), longitudinal ? 0 : stream.uniform(in: -0.1..<0.1))
    var values = [Double](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        let x = (Double(column) + 0.5) / Double(side) - 0.5 - middleX
        let y = (Double(row) + 0.5) / Double(side) - 0.5 - middleY
        let angle = atan2(y, x)
        let outline = waves.reduce(1) { $0 + $1.1 * sin($1.0 * angle + $1.2) }
        let distance = (x * x / (halfWidth * halfWidth) + y * y / (halfHeight * halfHeight)).squareRoot() / outline
        if distance < 1 { values[row * side + column] = distance > 0.86 ? soft / 3 : soft }
      }
    }
    for _ in 0..<50 {
      let angle = stream.uniform(in: 0..<2 * .pi)
      let reach = 0.8 * stream.uniform().squareRoot()
      let (x, y) = (0.5 + middleX + halfWidth * reach * cos(angle), 0.5 + middleY + halfHeight * reach * sin(angle))
      let radius = stream.uniform(in: 0.02..<0.06)
      let strength = stream.uniform(in: -120..<120)
      let phase = stream.uniform(in: 0..<2 * .pi)
      let weight = strength * cos(phase + 0.06 * Double(number))
      let extent = Int(2.5 * radius * Double(side)) + 1
      let (centerRow, centerColumn) = (Int(y * Double(side)), Int(x * Double(side)))
      for row in max(0, centerRow - extent)..<min(side, centerRow + extent) {
        for column in max(0, centerColumn - extent)..<min(side, centerColumn + extent)
        where values[row * side + column] > 0 {
          let (dx, dy) = ((Double(column) + 0.5) / Double(side) - x, (Double(row) + 0.5) / Double(side) - y)
          values[row * side + column] += weight * exp(-(dx * dx + dy * dy) / (2 * radius * radius) * 4)
        }
      }
    }
    var noise = RandomStream(seed: patient, RandomStream.number(of: "noise"), UInt64(number))
    return Picture(
      width: side, height: side, channels: 1,
      pixels: values.map { $0 > 0 ? UInt8(min(max($0 + 2 * noise.normal(), 1), 255)) : 0 })
  }
}

/// Writes a picture as PNG or, by its suffix, as JPEG.
func write(_ picture: Picture, to url: URL, quality: Int = 90) throws {
  try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  let data =
    url.pathExtension == "png" ? try PictureWriter.png(picture) : try PictureWriter.jpeg(picture, quality: quality)
  try data.write(to: url)
}

/// A small picture that differs for each number.
func smallPicture(_ number: Int, side: Int = 8) -> Picture {
  var stream = RandomStream(seed: 77, UInt64(number))
  return Picture(
    width: side, height: side, channels: 1, pixels: (0..<side * side).map { _ in UInt8(stream.index(below: 256)) })
}

/// Class folders of small pictures, named `NAME- (1).png` and so on.
func writeClasses(_ classes: KeyValuePairs<String, Int>, to folder: URL) throws {
  var number = 0
  for (name, count) in classes {
    for index in 1...count {
      number += 1
      let leaf = name.split(separator: "/").last.map(String.init) ?? name
      try write(smallPicture(number), to: folder.appending(path: "\(name)/\(leaf)- (\(index)).png"))
    }
  }
}

/// Paths of all files below a folder, hidden ones included, sorted.
func allFiles(in folder: URL) -> [String] {
  (FileManager.default.subpaths(atPath: folder.path) ?? []).sorted()
}

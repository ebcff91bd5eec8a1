import Foundation
import MedicalImages

/// A square of grey values, the average of a rectangle of a picture.
///
/// Shape of `values`: [side, side], Float32, 0…255.
package struct Thumbnail: Equatable {
  package let side: Int
  package var values: [Float]
}

/// A picture's grey values.
///
/// Shape of `values`: [height, width], UInt8, 0…255.
package struct GreyPicture {
  package let width: Int
  package let height: Int
  package let values: [UInt8]

  /// Colours become grey as by Pillow's `convert("L")`.
  package init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    values = picture.grey().pixels
  }

  package struct Box: Equatable {
    package var rows: Range<Int>
    package var columns: Range<Int>

    package init(rows: Range<Int>, columns: Range<Int>) {
      self.rows = rows
      self.columns = columns
    }
  }

  package var frame: Box { Box(rows: 0..<height, columns: 0..<width) }

  /// The rectangle that the body fills: letterbox and dark margins are cut away, so that a picture that was padded or
  /// cropped still matches itself. The whole frame where nothing is bright.
  package func body() -> Box {
    var rowCounts = [Int](repeating: 0, count: height)
    var columnCounts = [Int](repeating: 0, count: width)
    values.withUnsafeBufferPointer { values in
      for row in 0..<height {
        for column in 0..<width where values[row * width + column] > Self.darkest {
          rowCounts[row] += 1
          columnCounts[column] += 1
        }
      }
    }
    func extent(_ counts: [Int], of length: Int) -> Range<Int>? {
      func isBody(_ count: Int) -> Bool { Double(count) > Self.least * Double(length) }
      guard let first = counts.firstIndex(where: isBody), let last = counts.lastIndex(where: isBody) else { return nil }
      return first..<last + 1
    }
    guard let rows = extent(rowCounts, of: width), let columns = extent(columnCounts, of: height) else { return frame }
    return Box(rows: rows, columns: columns)
  }

  /// Grey values up to this are background.
  private static let darkest: UInt8 = 24
  /// A row with less than this share of brighter pixels is margin.
  private static let least = 0.03

  /// Averages over areas, each pixel weighing by the part of it that is inside.
  package func thumbnail(of box: Box, side: Int) -> Thumbnail {
    let horizontal = Self.spans(from: box.columns, to: side)
    let vertical = Self.spans(from: box.rows, to: side)
    let rowCount = box.rows.count
    var narrow = [Float](repeating: 0, count: rowCount * side)
    values.withUnsafeBufferPointer { values in
      for row in 0..<rowCount {
        let line = (box.rows.lowerBound + row) * width
        for (column, span) in horizontal.enumerated() {
          var sum: Float = 0
          for (offset, weight) in span.weights.enumerated() {
            sum += weight * Float(values[line + span.start + offset])
          }
          narrow[row * side + column] = sum
        }
      }
    }
    var result = [Float](repeating: 0, count: side * side)
    for (row, span) in vertical.enumerated() {
      for (offset, weight) in span.weights.enumerated() {
        let line = (span.start - box.rows.lowerBound + offset) * side
        for column in 0..<side { result[row * side + column] += weight * narrow[line + column] }
      }
    }
    return Thumbnail(side: side, values: result)
  }

  private struct Span {
    var start: Int
    /// They add up to 1.
    var weights: [Float]
  }

  private static func spans(from range: Range<Int>, to side: Int) -> [Span] {
    let scale = Double(range.count) / Double(side)
    return (0..<side).map { index in
      let (low, high) = (Double(index) * scale, Double(index + 1) * scale)
      let first = min(Int(low), range.count - 1)
      let last = min(max(first, Int(high.rounded(.up)) - 1), range.count - 1)
      let parts = (first...last).map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) }
      let total = parts.reduce(0, +)
      return Span(start: range.lowerBound + first, weights: parts.map { Float($0 / total) })
    }
  }
}

extension Thumbnail {
  /// The average of blocks of `factor` x `factor`.
  package func reduced(by factor: Int) -> Thumbnail {
    precondition(side % factor == 0, "whole blocks")
    let small = side / factor
    var result = [Float](repeating: 0, count: small * small)
    for row in 0..<side {
      for column in 0..<side { result[row / factor * small + column / factor] += values[row * side + column] }
    }
    let share = 1 / Float(factor * factor)
    return Thumbnail(side: small, values: result.map { $0 * share })
  }

  /// What is left when a Gaussian blur is taken away: outlines and structures, without overall brightness or shape.
  package func structure(sigma: Double) -> [Float] {
    let radius = Int((4 * sigma).rounded())
    let raw = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let total = raw.reduce(0, +)
    let kernel = raw.map { Float($0 / total) }
    let smooth = blurredDown(blurredAcross(values, by: kernel), by: kernel)
    let difference = zip(values, smooth).map { $0 - $1 }
    let mean = difference.reduce(0, +) / Float(difference.count)
    return difference.map { $0 - mean }
  }

  /// Beyond an edge the last value goes on. Each sum has the kernel's order; a row of sums at a time is quicker.
  private func blurredAcross(_ source: [Float], by kernel: [Float]) -> [Float] {
    let radius = kernel.count / 2
    var padded = [Float](repeating: 0, count: side + 2 * radius)
    var target = [Float](repeating: 0, count: source.count)
    for row in 0..<side {
      for place in padded.indices { padded[place] = source[row * side + min(max(place - radius, 0), side - 1)] }
      for (offset, weight) in kernel.enumerated() { add(weight, of: padded, from: offset, to: &target, row: row) }
    }
    return target
  }

  private func blurredDown(_ source: [Float], by kernel: [Float]) -> [Float] {
    let radius = kernel.count / 2
    var target = [Float](repeating: 0, count: source.count)
    for row in 0..<side {
      for (offset, weight) in kernel.enumerated() {
        add(weight, of: source, from: min(max(row + offset - radius, 0), side - 1) * side, to: &target, row: row)
      }
    }
    return target
  }

  private func add(_ weight: Float, of source: [Float], from start: Int, to target: inout [Float], row: Int) {
    precondition(start >= 0 && start + side <= source.count && (row + 1) * side <= target.count, "whole rows")
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        let (from, to) = (source.baseAddress! + start, target.baseAddress! + row * side)
        for column in 0..<side { to[column] += weight * from[column] }
      }
    }
  }
}

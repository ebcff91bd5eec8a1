/// A chart over two continuous axes, for a page. Dark on white; lines differ by colour and dashes at once.
struct Plot {
  struct Point {
    var x: Double
    var y: Double
  }

  /// What is drawn, in the order of drawing.
  enum Layer {
    /// A line with its place in the list of looks.
    case curve([Point], name: String, look: Int)
    /// The area between two heights, such as a curve's interval, in the pale colour of a look. It has no entry in the
    /// legend: it belongs to the curve of that look.
    case band([Span], look: Int)
    /// What curves are compared with: thin, grey, dashed.
    case reference([Point], name: String)
    /// Marks with their intervals and what a pointer over them shows.
    case marks([Mark], name: String, look: Int)
    /// Bars with a text above each, in a band of their own between the horizontal axis and the vertical scale; their
    /// heights have a scale of their own.
    case bars([Bar])

    var name: String? {
      switch self {
      case .curve(_, let name, _), .reference(_, let name), .marks(_, let name, _): name
      case .bars, .band: nil
      }
    }
  }

  /// A place of a band; neighbours are joined, a place without heights ends it.
  struct Span {
    var x: Double
    var low: Double?
    var high: Double?
  }

  struct Mark {
    var x: Double
    var y: Double
    var low: Double?
    var high: Double?
    var tooltip: String
  }

  struct Bar {
    var from: Double
    var through: Double
    /// Share of the space for bars, 0…1.
    var height: Double
    var text: String
  }

  var title: String
  var horizontalLabel: String
  var verticalLabel: String
  var horizontal: ClosedRange<Double>
  var vertical: ClosedRange<Double>
  var layers: [Layer]
  var width = 470.0
  var height = 420.0

  func drawing() -> SVGDrawing { SVGDrawing(title: title, width: width, height: height, body: PlotDrawing(self).body) }
}

extension Plot {
  /// A line without the points that lie on a straight piece between their neighbours, horizontal or upright: a curve of
  /// a thousand pictures has few corners.
  static func corners(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    for point in points {
      if let last = kept.last, last.x == point.x, last.y == point.y { continue }
      if kept.count >= 2 {
        let (a, b) = (kept[kept.count - 2], kept[kept.count - 1])
        if (a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y) { kept.removeLast() }
      }
      kept.append(point)
    }
    return kept
  }

  /// The pieces of a line that lie inside a range of heights, cut at its ends.
  static func pieces(of points: [Point], inside range: ClosedRange<Double>) -> [[Point]] {
    var pieces: [[Point]] = []
    var open = false
    for (a, b) in zip(points, points.dropFirst()) {
      guard a.y.isFinite, b.y.isFinite else {
        open = false
        continue
      }
      // Where the piece from a to b enters and leaves the range, as shares of it.
      var (from, through) = (0.0, 1.0)
      if a.y == b.y {
        if !range.contains(a.y) { (from, through) = (1, 0) }
      } else {
        let ends = [range.lowerBound, range.upperBound].map { ($0 - a.y) / (b.y - a.y) }.sorted()
        (from, through) = (max(0, ends[0]), min(1, ends[1]))
      }
      guard from <= through else {
        open = false
        continue
      }
      func at(_ share: Double) -> Point {
        share == 1 ? b : Point(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y))
      }
      if open, from == 0 { pieces[pieces.count - 1].append(at(through)) } else { pieces.append([at(from), at(through)]) }
      open = through == 1
    }
    return pieces
  }
}

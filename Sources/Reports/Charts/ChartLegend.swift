/// The legend above a chart: samples of lines with their names, in as many rows as they need.
enum ChartLegend {
  struct Entry {
    var line: Int
    var x: Double
    var row: Int
  }

  static let sampleWidth = 30.0
  static let rowHeight = 18.0

  static func place(_ names: [String], from left: Double, to right: Double) -> [Entry] {
    var (x, row) = (left, 0)
    return names.enumerated().map { index, name in
      let width = sampleWidth + 6 + SVGText.width(of: name, size: 12) + 22
      if x > left, x + width > right { (x, row) = (left, row + 1) }
      defer { x += width }
      return Entry(line: index, x: x, row: row)
    }
  }

  static func sample(
    _ entry: Entry, name: String, class classes: String, mark: ChartStyle.Mark?, baseline: Double
  ) -> String {
    let y = baseline + rowHeight * Double(entry.row)
    let end = entry.x + sampleWidth
    var svg = SVGText.line(
      from: (entry.x, y - 4), to: (end, y - 4), class: classes == "reference" ? classes : "curve \(classes)")
    if let mark { svg += SVGText.mark(mark, class: classes, x: (entry.x + end) / 2, y: y - 4, size: 3.5) }
    return svg + SVGText.text(name, x: end + 6, y: y)
  }
}

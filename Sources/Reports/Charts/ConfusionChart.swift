/// Pictures by true class (rows) and predicted class (columns): a cell's number, its share of the row, and a shade for it.
public enum ConfusionChart {
  /// - Parameters:
  ///   - classes: names, in the order of rows and columns.
  ///   - counts: Shape: [true class, predicted class].
  public static func drawing(classes: [String], counts: [[Int]], in language: Language) -> SVGDrawing {
    let cell = (width: max(64.0, 300 / Double(max(1, classes.count))), height: 56.0)
    let widest = classes.map { SVGText.width(of: shortened($0), size: 12) }.max() ?? 0
    let left = 40 + widest
    let top = 76.0
    let width = max(300, left + cell.width * Double(classes.count) + 16)
    let height = top + cell.height * Double(classes.count) + 16
    var svg = SVGText.text(language(ChartText.confusion), x: 8, y: 24, attributes: " class=\"heading\"")
    svg += SVGText.text(
      language(ChartText.predictedClass), x: left + cell.width * Double(classes.count) / 2, y: 48, anchor: "middle",
      attributes: " class=\"strong\"")
    let middle = SVGText.number(top + cell.height * Double(classes.count) / 2)
    svg += SVGText.text(
      language(ChartText.trueClass), x: 18, y: top + cell.height * Double(classes.count) / 2, anchor: "middle",
      attributes: " class=\"strong\" transform=\"rotate(-90 18 \(middle))\"")
    for (row, name) in classes.enumerated() {
      let y = top + cell.height * Double(row)
      svg += SVGText.text(shortened(name), x: left - 8, y: y + cell.height / 2 + 4, anchor: "end")
      svg += SVGText.text(
        shortened(name), x: left + cell.width * (Double(row) + 0.5), y: top - 8, anchor: "middle")
      let total = counts[row].reduce(0, +)
      for (column, count) in counts[row].enumerated() {
        let share = total > 0 ? Double(count) / Double(total) : 0
        let x = left + cell.width * Double(column)
        svg += "<rect x=\"\(SVGText.number(x + 1))\" y=\"\(SVGText.number(y + 1))\" width=\"\(SVGText.number(cell.width - 2))\" "
          + "height=\"\(SVGText.number(cell.height - 2))\" fill=\"\(shade(share))\" stroke=\"#AEB6BE\"/>\n"
        // Dark shades carry white text: contrast is above 4.5 for every share.
        let classes = share > 0.55 ? "inverse" : "plain"
        svg += SVGText.text(
          "\(count)", x: x + cell.width / 2, y: y + cell.height / 2 - 2, anchor: "middle",
          attributes: " class=\"\(classes)\" style=\"font-size:15px\"")
        let percent = "\(Int((100 * share).rounded())) %"
        svg += SVGText.text(
          percent, x: x + cell.width / 2, y: y + cell.height / 2 + 15, anchor: "middle", attributes: " class=\"\(classes)\"")
      }
    }
    return SVGDrawing(title: language(ChartText.confusion), width: width, height: height, body: svg)
  }

  /// White to the blue of the charts.
  static func shade(_ share: Double) -> String {
    let ends = ((255.0, 255.0, 255.0), (0.0, 76.0, 130.0))
    func mix(_ a: Double, _ b: Double) -> Int { Int((a + (b - a) * share).rounded()) }
    return "rgb(\(mix(ends.0.0, ends.1.0)),\(mix(ends.0.1, ends.1.1)),\(mix(ends.0.2, ends.1.2)))"
  }

  /// Long folder names would run over the next column; the table beside the chart has them whole.
  private static func shortened(_ name: String) -> String { name.count > 14 ? name.prefix(13) + "…" : name }
}

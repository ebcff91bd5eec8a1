import Foundation

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
        svg +=
          "<rect x=\"\(SVGText.number(x + 1))\" y=\"\(SVGText.number(y + 1))\" width=\"\(SVGText.number(cell.width - 2))\" "
          + "height=\"\(SVGText.number(cell.height - 2))\" fill=\"\(shade(share))\" stroke=\"#AEB6BE\"/>\n"
        let classes = isDark(share) ? "inverse" : "plain"
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

  private static func shade(_ share: Double) -> String {
    "rgb(\(channels(share).map(String.init).joined(separator: ",")))"
  }

  /// White to the blue of the charts: red, green and blue, 0…255.
  private static func channels(_ share: Double) -> [Int] {
    [0.0, 76, 130].map { Int((255 + ($0 - 255) * share).rounded()) }
  }

  /// Whether white text stands out more than black: below the luminance of 0.179 (WCAG 2's, 0…1), where both have a
  /// contrast of 4.58. So each shade has the 4.5 that AA asks for.
  private static func isDark(_ share: Double) -> Bool {
    let linear = channels(share).map { channel in
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179
  }

  /// Long folder names would run over the next column; the table beside the chart has them whole.
  private static func shortened(_ name: String) -> String { name.count > 14 ? name.prefix(13) + "…" : name }
}

import Foundation

/// Small pieces of SVG.
enum SVGText {
  /// A coordinate with at most two decimals.
  static func number(_ value: Double) -> String {
    var text = String(format: "%.2f", value)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// A value as a reader sees it, with four significant digits.
  static func value(_ value: Double) -> String { String(format: "%.4g", value) }

  /// About how wide a text is in a sans-serif font, in the unit of `size`.
  static func width(of text: String, size: Double) -> Double { 0.58 * size * Double(text.count) }

  /// A whole SVG file with its style.
  static func document(title: String, width: Double, height: Double, body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="nefro-chart" role="img" viewBox="0 0 \(number(width)) \(number(height))" \
    width="\(number(width))" height="\(number(height))">
    <title>\(title.escapedForXML)</title>
    <style>
    \(ChartStyle.sheet)
    </style>
    <rect class="paper" width="\(number(width))" height="\(number(height))"/>
    \(body)</svg>

    """
  }

  /// How far a chart may shrink on a narrow screen before it scrolls: letters of 12 pixels are then 8, and a chart of 492
  /// pixels fits a phone's screen of 360.
  private static let smallestScale = 0.67

  /// An SVG element for a page of ours, whose style has the rules; in a page it needs no namespace.
  static func element(title: String, width: Double, height: Double, body: String) -> String {
    let name = title.escapedForXML
    return """
      <svg class="nefro-chart" role="img" aria-label="\(name)" viewBox="0 0 \(number(width)) \(number(height))" \
      width="\(number(width))" height="\(number(height))" style="min-width:\(number(smallestScale * width))px">
      <title>\(name)</title>
      \(body)</svg>

      """
  }

  static func text(
    _ content: String, x: Double, y: Double, anchor: String = "start", attributes: String = ""
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(attributes)>"
      + "\(content.escapedForXML)</text>\n"
  }

  static func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), class name: String) -> String {
    "<line class=\"\(name)\" x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" x2=\"\(number(end.x))\" "
      + "y2=\"\(number(end.y))\"/>\n"
  }

  /// A mark centred at a point, with a tooltip where one is given.
  static func mark(
    _ mark: ChartStyle.Mark, class name: String, x: Double, y: Double, size: Double, tooltip: String? = nil
  ) -> String {
    let r = size
    let end = tooltip.map { "><title>\($0.escapedForXML)</title></" } ?? ""
    func element(_ tag: String, _ shape: String) -> String {
      "<\(tag) class=\"mark \(name)\" \(shape)" + (end.isEmpty ? "/>\n" : "\(end)\(tag)>\n")
    }
    func polygon(_ points: [(Double, Double)]) -> String {
      element(
        "polygon",
        "points=\"" + points.map { "\(number(x + $0.0)),\(number(y + $0.1))" }.joined(separator: " ") + "\"")
    }
    switch mark {
    case .circle: return element("circle", "cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(r))\"")
    case .square: return polygon([(-r, -r), (r, -r), (r, r), (-r, r)])
    case .triangle: return polygon([(0, -1.3 * r), (1.2 * r, r), (-1.2 * r, r)])
    case .diamond: return polygon([(0, -1.4 * r), (1.4 * r, 0), (0, 1.4 * r), (-1.4 * r, 0)])
    }
  }
}

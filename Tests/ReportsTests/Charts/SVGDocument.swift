import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An SVG document as an XML parser sees it.
final class SVGDocument: NSObject, XMLParserDelegate {
  /// Numbers of elements by name.
  private(set) var elements: [String: Int] = [:]
  private(set) var polylines: [[(x: Double, y: Double)]] = []
  /// Contents of text elements.
  private(set) var labels: [String] = []
  /// All character data but that of the style.
  private(set) var text = ""
  /// The document's title.
  private(set) var title = ""
  /// Heights at which the legend's samples lie.
  private(set) var legendRows = Set<String>()

  /// The height of the longest line of class "axis", on which a plot stands.
  private(set) var axisHeight: Double?

  private var path: [String] = []

  struct Malformed: Error {
    var line: Int
    var reason: String
  }

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw Malformed(line: parser.lineNumber, reason: parser.parserError.map { "\($0)" } ?? "unknown")
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    elements[name, default: 0] += 1
    if name == "text" { labels.append("") }
    if name == "line", attributes["class"]?.hasPrefix("curve") == true, let y = attributes["y1"] {
      legendRows.insert(y)
    }
    if name == "line", attributes["class"] == "axis", attributes["y1"] == attributes["y2"] {
      axisHeight = attributes["y1"].flatMap(Double.init)
    }
    if name == "polyline" {
      polylines.append(
        (attributes["points"] ?? "").split(separator: " ").map { pair in
          let numbers = pair.split(separator: ",").compactMap { Double($0) }
          return numbers.count == 2 ? (numbers[0], numbers[1]) : (.nan, .nan)
        })
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    path.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard path.last != "style" else { return }
    text += string
    if path == ["svg", "title"] { title += string }
    if path.last == "text" { labels[labels.count - 1] += string }
  }
}

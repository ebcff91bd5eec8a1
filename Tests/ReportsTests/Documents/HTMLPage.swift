import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a strict parser sees it: our pages are also well-formed XML, once void elements are closed.
final class HTMLPage: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  /// All attributes by name, with the element they stand on.
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var headings: [Int] = []
  /// All character data but that of styles.
  private(set) var text = ""
  private(set) var styles = ""
  private var path: [String] = []
  private var mistake: String?

  struct Malformed: Error {
    var line: Int
    var reason: String
  }

  init(_ html: String) throws {
    super.init()
    var xml = html.replacing("<!DOCTYPE html>\n", with: "")
    for tag in ["meta", "img", "br"] {
      xml = xml.replacing(try Regex("<\(tag)((?:[^>\"]|\"[^\"]*\")*)>")) { "<\(tag)\($0.output[1].substring ?? "")/>" }
    }
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = self
    let isParsed = parser.parse()
    guard isParsed, path.isEmpty, mistake == nil else {
      throw Malformed(line: parser.lineNumber, reason: mistake ?? "an element is not closed: \(path)")
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes found: [String: String]
  ) {
    path.append(name)
    elements[name, default: 0] += 1
    for (attribute, value) in found { attributes.append((name, attribute, value)) }
    if let level = name.wholeMatch(of: /h([1-6])/) { headings.append(Int(level.1) ?? 0) }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if path.removeLast() != name { mistake = "\(name) ends before another element in it" }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { mistake = "\(error)" }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if path.last == "style" { styles += string } else { text += string }
  }

  func values(of name: String) -> [String] { attributes.filter { $0.name == name }.map(\.value) }

  /// What a browser would fetch, or run, for this page.
  var outside: [String] {
    var found: [String] = []
    for (element, name, value) in attributes {
      if name == "src", !value.hasPrefix("data:image/") { found.append("\(element) src \(value)") }
      if name == "href", element != "a" { found.append("\(element) href \(value)") }
      if name == "style", value.contains("url(") { found.append("style \(value)") }
      if name.hasPrefix("on") || value.lowercased().hasPrefix("javascript:") { found.append("\(name) \(value)") }
      if ["srcset", "action", "data", "poster", "background", "xlink:href"].contains(name) { found.append("\(name) \(value)") }
    }
    for word in ["url(", "@import", "@font-face"] where styles.contains(word) { found.append("style with \(word)") }
    for element in ["script", "link", "iframe", "object", "embed", "form", "base", "image", "use"]
    where elements[element] != nil { found.append(element) }
    return found
  }
}

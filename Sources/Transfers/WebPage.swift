import Foundation

/// A web page that came instead of a file.
package struct WebPage: Sendable, Equatable {
  package let url: URL
  package let status: UInt
  package let html: String

  package init(url: URL, status: UInt, html: String) {
    self.url = url
    self.status = status
    self.html = html
  }

  /// As much of a page as is read.
  package static let maximumBytes = 1 << 20
  /// As many bytes as are needed to tell a page from a file.
  package static let prefixBytes = 512

  /// Whether an answer is a page.
  ///
  /// - Parameters:
  ///   - prefix: the first `prefixBytes` bytes, or all there are.
  ///   - contentType: what the server says. Files are served as `text/html` by mistake, so binary bytes overrule it;
  ///     pages are served as `application/octet-stream` seldom, but then their first tag gives them away.
  package static func isPage(prefix: some Collection<UInt8>, contentType: String?) -> Bool {
    let text = String(decoding: prefix, as: UTF8.self)
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(14).lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return true }
    // Control characters other than white space and escape are in no text, but in the head of every archive.
    return saysHTML(contentType) && !prefix.contains { $0 < 9 || (14..<32).contains($0) && $0 != 27 }
  }

  package static func saysHTML(_ contentType: String?) -> Bool {
    let type = contentType?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    return type == "text/html" || type == "application/xhtml+xml"
  }

  package var title: String? {
    guard let start = html.range(of: "<title", options: .caseInsensitive),
      let open = html.range(of: ">", range: start.upperBound..<html.endIndex),
      let end = html.range(of: "</title", options: .caseInsensitive, range: open.upperBound..<html.endIndex)
    else { return nil }
    let words = HTMLTag.decode(html[open.upperBound..<end.lowerBound]).split(whereSeparator: \.isWhitespace)
    let title = words.joined(separator: " ")
    return title.isEmpty ? nil : String(title.prefix(120))
  }

  /// The address that sending a form leads to: its action, with its fields as the query.
  ///
  /// - Parameter id: of the form.
  /// - Returns: nil if there is no such form, or its action is no address.
  package func formAddress(id: String) -> URL? {
    let tags = HTMLTag.all(in: html)
    guard let start = tags.firstIndex(where: { $0.name == "form" && $0.attributes["id"] == id }) else { return nil }
    let end = tags[start...].firstIndex { $0.name == "/form" } ?? tags.endIndex
    guard let action = tags[start].attributes["action"],
      let address = URL(string: action, relativeTo: url)?.absoluteURL,
      var parts = URLComponents(url: address, resolvingAgainstBaseURL: true)
    else { return nil }
    var items = parts.queryItems ?? []
    for tag in tags[start..<end].lazy.filter({ $0.name == "input" }).prefix(100) {
      guard let name = tag.attributes["name"], !name.isEmpty else { continue }
      items.removeAll { $0.name == name }
      items.append(URLQueryItem(name: name, value: tag.attributes["value"] ?? ""))
    }
    parts.queryItems = items.isEmpty ? nil : items
    return parts.url
  }
}

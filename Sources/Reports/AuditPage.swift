import Foundation

/// The page of a data set's audit: one HTML file that needs nothing else.
public struct AuditPage: Sendable {
  public struct EmbeddedPicture: Sendable {
    public var jpeg: Data
    /// For who does not see it.
    public var description: String

    public init(jpeg: Data, description: String) {
      self.jpeg = jpeg
      self.description = description
    }
  }

  /// Pictures side by side.
  public struct Figure: Sendable {
    public var pictures: [EmbeddedPicture]
    public var caption: String

    public init(pictures: [EmbeddedPicture], caption: String) {
      self.pictures = pictures
      self.caption = caption
    }
  }

  public struct Section: Sendable {
    public var title: String
    public var text: String
    public var table: TextTable?
    public var figures: [Figure]

    public init(title: String, text: String, table: TextTable? = nil, figures: [Figure] = []) {
      self.title = title
      self.text = text
      self.table = table
      self.figures = figures
    }
  }

  public var title: String
  public var facts: [String]
  public var findings: [(title: String, text: String)]
  public var sections: [Section]

  public init(title: String, facts: [String], findings: [(title: String, text: String)], sections: [Section]) {
    self.title = title
    self.facts = facts
    self.findings = findings
    self.sections = sections
  }

  /// The whole file.
  public var html: String {
    var text = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escapedForXML)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>\(title.escapedForXML)</h1>

      """
    text += "<p class=\"facts\">" + facts.map(\.escapedForXML).joined(separator: "<br>") + "</p>\n"
    text += "<dl>\n" + findings.map { "<dt>\($0.title.escapedForXML)</dt><dd>\($0.text.escapedForXML)</dd>\n" }.joined() + "</dl>\n"
    text += sections.map(Self.html).joined()
    return text + "<footer>Research use only.</footer>\n</body>\n</html>\n"
  }

  private static func html(_ section: Section) -> String {
    var text = "<section>\n<h2>\(section.title.escapedForXML)</h2>\n<p>\(section.text.escapedForXML)</p>\n"
    if let table = section.table {
      func row(_ cells: [String], _ tag: String) -> String {
        let parts = zip(table.columns, cells).map { column, cell in
          "<\(tag)\(column.alignment == .right ? " class=\"right\"" : "")>\(cell.escapedForXML)</\(tag)>"
        }
        return "<tr>\(parts.joined())</tr>\n"
      }
      text += "<table>\n<thead>\(row(table.columns.map(\.heading), "th"))</thead>\n<tbody>\n"
      text += table.rows.map { row($0, "td") }.joined() + "</tbody>\n</table>\n"
    }
    if !section.figures.isEmpty {
      text += "<div class=\"sheet\">\n"
      for figure in section.figures {
        let images = figure.pictures.map {
          "<img alt=\"\($0.description.escapedForXML)\" src=\"data:image/jpeg;base64,\($0.jpeg.base64EncodedString())\">"
        }
        text += "<figure><div>\(images.joined())</div><figcaption>\(figure.caption.escapedForXML)</figcaption></figure>\n"
      }
      text += "</div>\n"
    }
    return text + "</section>\n"
  }

  private static let style = """
    body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:76rem;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.6rem;margin:0 0 .4rem}h2{font-size:1.2rem;margin:2rem 0 .3rem;border-top:1px solid #d5dae0;padding-top:1rem}
    .facts{color:#4a5560}dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem}dt{font-weight:600}dd{margin:0}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #e4e8ec;vertical-align:top}
    .right{text-align:right}.sheet{display:flex;flex-wrap:wrap;gap:1rem}
    figure{margin:0;break-inside:avoid;background:#f3f5f7;padding:.5rem;border-radius:4px}
    figure div{display:flex;gap:.25rem;align-items:center}img{display:block;max-width:168px;height:auto;background:#000}
    figcaption{font-size:.78rem;color:#3b454f;margin-top:.35rem;width:0;min-width:100%;overflow-wrap:anywhere}
    footer{margin-top:2.5rem;color:#4a5560;border-top:1px solid #d5dae0;padding-top:.6rem}
    @media print{body{margin:0;max-width:none}figure{background:none;border:1px solid #d5dae0}}
    """
}

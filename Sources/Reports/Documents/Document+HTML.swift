extension Document {
  /// One page that needs nothing else: no script, no outside asset. Its policy forbids a browser both, so that a mistake
  /// of ours in escaping a name could still not run anything.
  public var html: String {
    var text = """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <title>\(title.escapedForXML)</title>
      <style>
      \(PageStyle.sheet)
      </style>
      </head>
      <body>
      <header>
      <h1>\(title.escapedForXML)</h1>

      """
    if !facts.isEmpty { text += "<p class=\"facts\">\(facts.map(HTMLText.inline).joined(separator: "<br>\n"))</p>\n" }
    text += "</header>\n"
    if hasContents { text += contents }
    text += "<main>\n"
    for (index, section) in sections.enumerated() {
      text += "<section aria-labelledby=\"s\(index + 1)\">\n<h2 id=\"s\(index + 1)\">\(section.title.escapedForXML)</h2>\n"
      text += section.blocks.map(html).joined() + "</section>\n"
    }
    return text + "</main>\n<footer>\(language(PageText.researchUseOnly).escapedForXML)</footer>\n</body>\n</html>\n"
  }

  /// The content alone, for a page that has a frame and a style of its own: what it is about, then each section under a
  /// heading of the second level. Nothing in it brings a style, so that a policy which forbids that can stand: letters
  /// of another size have it in `data-size`, in pixels.
  public var fragment: String {
    var text = facts.isEmpty ? "" : "<p class=\"about\">\(facts.map(HTMLText.inline).joined(separator: "<br>\n"))</p>\n"
    for (index, section) in sections.enumerated() {
      text += "<section aria-labelledby=\"s\(index + 1)\">\n<h2 id=\"s\(index + 1)\">\(section.title.escapedForXML)</h2>\n"
      text += section.blocks.map(html).joined() + "</section>\n"
    }
    // Quotes in names are escaped, so these are ours.
    return text.replacing(#/ style="font-size: ?([0-9.]+)px"/#) { " data-size=\"\($0.1)\"" }
      .replacing(#/ style="[^"]*"/#, with: "")
  }

  private var contents: String {
    let entries = sections.enumerated().map { index, section in
      "<li><a href=\"#s\(index + 1)\">\(section.title.escapedForXML)</a></li>\n"
    }
    let name = language(PageText.contents).escapedForXML
    return "<nav aria-label=\"\(name)\">\n<ol>\n\(entries.joined())</ol>\n</nav>\n"
  }

  private func html(_ block: Block) -> String {
    switch block {
    case .paragraph(let text): return "<p>\(HTMLText.inline(text))</p>\n"
    case .heading(let text): return "<h3>\(text.escapedForXML)</h3>\n"
    case .list(let items): return "<ul>\n" + items.map { "<li>\(HTMLText.inline($0))</li>\n" }.joined() + "</ul>\n"
    case .definitions(let list):
      return "<dl>\n"
        + list.map { "<dt>\($0.term.escapedForXML)</dt><dd>\(HTMLText.inline($0.text))</dd>\n" }.joined() + "</dl>\n"
    case .callout(let kind, let text):
      let (name, word) = kind == .warning ? ("warning", PageText.warning) : ("note", PageText.note)
      return "<p class=\"callout \(name)\" role=\"note\"><strong>\(language(word).escapedForXML):</strong> "
        + "\(HTMLText.inline(text))</p>\n"
    case .table(let table): return HTMLText.table(table)
    case .figures(let figures):
      return figures.isEmpty ? "" : "<div class=\"figures\">\n\(figures.map(HTMLText.figure).joined())</div>\n"
    }
  }
}

/// Pieces of a page.
enum HTMLText {
  static func inline(_ text: InlineText) -> String {
    text.runs.map { run in
      switch run {
      case .plain(let text): text.escapedForXML
      case .strong(let text): "<strong>\(text.escapedForXML)</strong>"
      case .warning(let text): "<strong class=\"warning\">\(text.escapedForXML)</strong>"
      case .code(let text): "<code>\(text.escapedForXML)</code>"
      case .link(let text, let address): "<a href=\"\(address.escapedForXML)\" rel=\"noreferrer\">\(text.escapedForXML)</a>"
      }
    }.joined()
  }

  static func table(_ table: DocumentTable) -> String {
    func open(_ tag: String, _ column: Int, scope: String?) -> String {
      let right = table.columns[column].alignment == .right ? " class=\"right\"" : ""
      let heading = table.columns[column].heading
      // What stands before a cell where a narrow screen shows rows as lists.
      let label = tag == "td" && !heading.isEmpty ? " data-label=\"\(heading.escapedForXML)\"" : ""
      return "<\(tag)\(scope.map { " scope=\"\($0)\"" } ?? "")\(right)\(label)>"
    }
    // On a narrow screen a wide table shows each row as a list; what is wide all the same scrolls by itself, by keys too.
    let caption = table.caption.escapedForXML
    var text = "<div class=\"wide\(table.isWide ? " rows" : "")\" role=\"region\" tabindex=\"0\" aria-label=\"\(caption)\">\n"
    text += "<table>\n<caption>\(caption)</caption>\n<thead><tr>"
    for (column, heading) in table.columns.enumerated() {
      text += open("th", column, scope: "col") + heading.heading.escapedForXML + "</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      text += "<tr>"
      for column in table.columns.indices {
        let isHeader = column == 0 && table.hasRowHeaders
        let tag = isHeader ? "th" : "td"
        text += open(tag, column, scope: isHeader ? "row" : nil) + (column < row.count ? inline(row[column]) : "") + "</\(tag)>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody>\n</table>\n</div>\n"
  }

  static func figure(_ figure: DocumentFigure) -> String {
    let caption = figure.caption.plain.isEmpty ? "" : "<figcaption>\(inline(figure.caption))</figcaption>\n"
    switch figure.content {
    case .drawing(let drawing): return "<figure class=\"drawing\">\n\(drawing.svg)\(caption)</figure>\n"
    case .pictures(let pictures):
      let images = pictures.map {
        "<img width=\"\($0.width)\" height=\"\($0.height)\" alt=\"\($0.description.escapedForXML)\" src=\"\($0.address)\">"
      }
      return "<figure>\n<div>\(images.joined())</div>\n\(caption)</figure>\n"
    }
  }
}

import Foundation

extension Document {
  /// The same content as a Markdown file (CommonMark, with GitHub's tables), without figures.
  public var markdown: String {
    var parts = ["# \(MarkdownText.escaped(title))"]
    if !facts.isEmpty { parts.append(facts.map(MarkdownText.inline).joined(separator: "\\\n")) }
    for section in sections {
      parts.append("## \(MarkdownText.escaped(section.title))")
      parts += section.blocks.compactMap(markdown)
    }
    parts.append("*\(MarkdownText.escaped(language(PageText.researchUseOnly)))*")
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func markdown(_ block: Block) -> String? {
    switch block {
    case .paragraph(let text): return MarkdownText.inline(text)
    case .heading(let text): return "### \(MarkdownText.escaped(text))"
    case .list(let items): return items.map { "- \(MarkdownText.inline($0))" }.joined(separator: "\n")
    case .definitions(let list):
      return list.map { "- **\(MarkdownText.escaped($0.term))**: \(MarkdownText.inline($0.text))" }.joined(separator: "\n")
    case .callout(let kind, let text):
      return "> **\(language(kind == .warning ? PageText.warning : .note)):** \(MarkdownText.inline(text))"
    case .table(let table): return MarkdownText.table(table)
    case .figures: return nil
    }
  }
}

/// Pieces of Markdown.
enum MarkdownText {
  /// The text so that no character of it is markup, at the start of a line neither.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#": escaped += "\\\(scalar)"
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}": escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    if let first = escaped.first, "-+=".contains(first) { return "\\" + escaped }
    if let number = escaped.prefixMatch(of: /\d{1,9}[.)](?=\s|$)/) {
      escaped.insert("\\", at: escaped.index(before: number.range.upperBound))
    }
    return escaped
  }

  static func inline(_ text: InlineText) -> String {
    text.runs.enumerated().map { index, run in
      switch run {
      case .plain(let text): index == 0 ? escaped(text) : continued(text)
      case .strong(let text), .warning(let text): "**\(continued(text))**"
      case .code(let text): code(text)
      case .link(let text, let address): "[\(continued(text))](<\(target(address))>)"
      }
    }.joined()
  }

  /// Escaped for the middle of a line, where a dash or a number begins nothing.
  private static func continued(_ text: String) -> String {
    String(escaped("x" + text).dropFirst())
  }

  /// A code span that holds any text: its fence is longer than any run of backticks in it.
  private static func code(_ text: String) -> String {
    // A bar would end a table's cell even here, and outside of a table its escape would show.
    let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
      .replacing("|", with: "\u{2223}")
    var (longest, run) = (0, 0)
    for character in line {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return longest == 0 ? "`\(line)`" : "\(fence) \(line) \(fence)"
  }

  /// The address without what would end it or its line.
  private static func target(_ address: String) -> String {
    var target = ""
    for scalar in address.unicodeScalars {
      if scalar.value <= 0x20 || "<>[]\\|`".unicodeScalars.contains(scalar) {
        target += String(format: "%%%02X", scalar.value)
      } else {
        target.unicodeScalars.append(scalar)
      }
    }
    return target
  }

  static func table(_ table: DocumentTable) -> String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = ["*\(escaped(table.caption))*", "", row(table.columns.map { escaped($0.heading) })]
    lines.append("|" + table.columns.map { $0.alignment == .right ? "---:|" : "---|" }.joined())
    for cells in table.rows { lines.append(row(table.columns.indices.map { $0 < cells.count ? inline(cells[$0]) : "" })) }
    return lines.joined(separator: "\n")
  }
}

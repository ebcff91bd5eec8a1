extension TextTable {
  /// Columns are made no narrower than this, in characters, to fit.
  private static let least = 8
  /// As `least`, for a column that `blocks` puts beside others: a figure's interval stays in one line.
  private static let leastInBlock = 16

  /// The table's lines where they fit, else with the widest columns narrower: what is too long for its column goes on
  /// below, between words where there are some.
  ///
  /// - Parameter width: in characters. Where so many columns do not fit in their narrowest form, lines are longer.
  public func text(fitting width: Int) -> String {
    var widths = columns.indices.map { column in
      max(columns[column].heading.count, rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
    }
    func total() -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }
    guard total() > width else { return text }
    while total() > width, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.least {
      widths[widest] -= 1
    }
    let wrapped = TextTable(
      columns: columns, rows: rows.flatMap { row in Self.wrapped(row, widths) })
    let headings = Self.wrapped(columns.map(\.heading), widths)
    guard headings.count > 1 else { return wrapped.text }
    // Headings that go on below are rows of their own under the first.
    return TextTable(
      columns: zip(columns, headings[0]).map { Column($1, $0.alignment) }, rows: headings.dropFirst() + wrapped.rows
    ).text
  }

  /// The same where columns beside the first are alike, such as runs: as many as fit stand beside each other, the others
  /// below them with the first column again.
  ///
  /// - Parameter width: in characters.
  public func blocks(fitting width: Int) -> String {
    let names = max(columns.first?.heading.count ?? 0, rows.compactMap { $0.first?.count }.max() ?? 0)
    let room = width - min(names, width / 3)
    let most = max(1, room / (Self.leastInBlock + 2))
    let others = columns.count - 1
    guard others > most else { return text(fitting: width) }
    // Blocks of about the same number of columns.
    let count = (others + most - 1) / most
    return (0..<count).map { block in
      let places = [0] + (1 + block * others / count..<1 + (block + 1) * others / count)
      return TextTable(
        columns: places.map { columns[$0] }, rows: rows.map { row in places.map { $0 < row.count ? row[$0] : "" } }
      ).text(fitting: width)
    }.joined(separator: "\n")
  }

  /// One row as the lines that it takes.
  private static func wrapped(_ row: [String], _ widths: [Int]) -> [[String]] {
    let cells = zip(row, widths).map { lines(of: $0, width: $1) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { line in cells.map { line < $0.count ? $0[line] : "" } }
  }

  /// A text in lines of at most `width` characters; words longer than that are cut.
  private static func lines(of text: String, width: Int) -> [String] {
    guard text.count > width else { return [text] }
    var lines: [String] = []
    var line = ""
    for var word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count <= width {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line = String(word)
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}

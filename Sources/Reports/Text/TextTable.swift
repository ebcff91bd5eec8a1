/// A table for the terminal: columns padded with spaces, no colours, no lines drawn.
public struct TextTable: Sendable, Equatable {
  /// On which side a column's cells are padded.
  public enum Alignment: Sendable, Equatable {
    case left, right
  }

  /// A column's heading, and how its cells stand.
  public struct Column: Sendable, Equatable {
    public var heading: String
    public var alignment: Alignment

    public init(_ heading: String, _ alignment: Alignment = .left) {
      self.heading = heading
      self.alignment = alignment
    }
  }

  public var columns: [Column]
  /// Cells of each row; missing ones at its end are empty.
  public var rows: [[String]]

  public init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The table's lines, each ended by a newline, without blanks at their ends.
  public var text: String {
    let lines = ([columns.map(\.heading)] + rows).map { row in
      columns.indices.map { $0 < row.count ? Self.printable(row[$0]) : "" }
    }
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      var text = ""
      for (column, cell) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        text += (column == 0 ? "" : "  ") + (columns[column].alignment == .left ? cell + padding : padding + cell)
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  /// Control characters become "?": a class folder's name must not steer the terminal.
  static func printable(_ cell: String) -> String {
    String(
      String.UnicodeScalarView(
        cell.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .lineSeparator, .paragraphSeparator, .format: "?"
          default: scalar
          }
        }))
  }
}

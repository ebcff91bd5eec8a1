import Reports
import Testing

struct TextTableTests {
  @Test func `columns are padded and lines have no blanks at their ends`() {
    let table = TextTable(
      columns: [.init("name"), .init("n", .right), .init("remark")],
      rows: [["Tumor", "7", ""], ["ñandú", "1234", "x"], ["short"]])
    #expect(
      table.text == """
        name      n  remark
        Tumor     7
        ñandú  1234  x
        short

        """)
  }

  @Test func `a table without rows is its headings`() {
    #expect(TextTable(columns: [.init("a"), .init("b")]).text == "a  b\n")
  }

  @Test func `cells cannot steer the terminal`() {
    let text = TextTable(columns: [.init("a")], rows: [["\u{1B}[2J\nx\u{202E}\u{7}"]]).text
    #expect(text == "a\n?[2J?x??\n")
  }
}

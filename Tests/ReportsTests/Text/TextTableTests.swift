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

  @Test func `a table that does not fit has its widest columns narrower, with the rest of a cell below`() {
    let table = TextTable(
      columns: [.init("figure"), .init("n", .right), .init("method")],
      rows: [["auc", "47", "jackknife over series, of patients"], ["loss", "7", "none"]])
    #expect(table.text(fitting: 46) == table.text, "it fits")
    #expect(
      table.text(fitting: 28) == """
        figure   n  method
        auc     47  jackknife over
                    series, of
                    patients
        loss     7  none

        """)
    let long = TextTable(columns: [.init("digest")], rows: [[String(repeating: "ab", count: 10)]])
    #expect(long.text(fitting: 12) == "digest\nabababababab\nabababab\n", "a word without blanks is cut")
  }

  @Test(arguments: [40, 60, 80, 120]) func `columns that do not fit beside each other come below, and none is lost`(width: Int) {
    let runs = (0..<10).map { "run\($0)" }
    let table = TextTable(
      columns: [.init("figure (interval)")] + runs.map { .init($0) },
      rows: [["decision.calibration.intercept"] + runs.map { "0.912 (0.850 to \($0))" }])
    let text = table.blocks(fitting: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
    for run in runs { #expect(text.ranges(of: run).count == 2, "\(run) as heading and value:\n\(text)") }
    #expect(table.blocks(fitting: 400) == table.text)
  }
}

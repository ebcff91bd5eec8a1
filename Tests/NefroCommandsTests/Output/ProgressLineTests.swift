import NefroCommands
import Testing

@Suite struct ProgressLineTests {
  /// A progress line with a clock and a page of its own.
  final class Page: @unchecked Sendable {
    var text = ""
    var time = 0.0
  }

  private func make(isTerminal: Bool) -> (ProgressLine, Page) {
    let page = Page()
    return (ProgressLine(isTerminal: isTerminal, now: { page.time }, write: { page.text += $0 }), page)
  }

  @Test func `a terminal sees one line that is drawn over, with rate and time left`() {
    let (line, page) = make(isTerminal: true)
    line.show("Epoch 1/5", done: 0, total: 100, unit: "images")
    page.time = 2
    line.show("Epoch 1/5", done: 25, total: 100, unit: "images")
    #expect(page.text.hasSuffix("\r\u{1B}[KEpoch 1/5  [#####...............] 25/100 images  12 images/s  6 s left"))
    #expect(!page.text.contains("\n"))
    page.time = 8
    line.show("Epoch 1/5", done: 100, total: 100, unit: "images")
    #expect(page.text.hasSuffix("100/100 images  12 images/s\n"))
  }

  @Test func `a log gets a line every ten seconds and none for what ends at once`() {
    let (line, page) = make(isTerminal: false)
    line.show("Reading", done: 1, total: 3, unit: "images")
    page.time = 0.5
    line.show("Reading", done: 3, total: 3, unit: "images")
    #expect(page.text.isEmpty)
    for second in 1...25 {
      page.time = Double(second)
      line.show("Epoch", done: second * 4, total: 100, unit: "images")
    }
    let lines = page.text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { !$0.contains("\r") && !$0.contains("\u{1B}") })
    #expect(lines[0] == "Epoch  [########............] 44/100 images  4.0 images/s  14 s left")
    #expect(lines[2].contains("100/100"))
  }

  @Test func `a note ends the line that is being drawn`() {
    let (line, page) = make(isTerminal: true)
    line.show("Epoch", done: 1, total: 2, unit: "images")
    line.note("done")
    #expect(page.text.hasSuffix("1/2 images\ndone\n"))
  }

  @Test func `an unknown total shows what is done`() {
    let (line, page) = make(isTerminal: true)
    line.show("Downloading", done: 0, total: nil, unit: "KiB")
    page.time = 1
    line.show("Downloading", done: 300, total: nil, unit: "KiB")
    #expect(page.text.hasSuffix("Downloading  300 KiB  300 KiB/s"))
  }

  @Test(arguments: [(0.2, "1 s"), (59, "59 s"), (61, "1 min 01 s"), (3599.5, "1 h 00 min"), (7325, "2 h 02 min")])
  func `time left is written for people`(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }
}

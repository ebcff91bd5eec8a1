import Evaluation
import Foundation
import Reports
import Testing

struct DocumentTests {
  private static let hostile = "</p><script>alert(\"1\")</script> & 'Ñ' | `x` [a](http://b) *c*\n# d \u{0}\u{1B}[2J ]]>"

  private func document(_ word: String, language: Language = .english, pictures: Int = 2) -> Document {
    let metric = Metric(value: 0.75, low: 0.5, high: 0.9, method: "jackknife over series", images: 20, series: 7)
    let missing = Metric(value: 0.5, low: nil, high: nil, method: "no interval: 3 series, LEAKY split", images: 9, series: 3)
    let picture = EmbeddedPicture(.png, Data([1, 2, 3]), width: 10, height: 12, description: word)
    return Document(
      language: language, title: word, facts: [InlineText(word), .code(word)],
      sections: [
        .init(
          word,
          [
            .paragraph(InlineText(word) + .strong(word) + .warning(word)), .heading(word),
            .list([InlineText(word), .link(word, to: "https://example.org/\(word)")]),
            .definitions([.init(word, InlineText(word))]), .callout(.warning, InlineText(word)),
            .callout(.note, InlineText(word)),
          ]),
        .init(
          "figures",
          [
            .table(
              .metrics(
                caption: word, name: word, [.init(word, metric), .init("b", missing), .init("c", undefined: word)],
                level: 0.95, in: language)),
            .figures([.init(pictures: [EmbeddedPicture](repeating: picture, count: pictures), caption: InlineText(word))]),
          ]),
      ], hasContents: true)
  }

  @Test func `a page is well-formed whatever its names hold`() throws {
    let page = try HTMLPage(document(Self.hostile).html)
    #expect(page.elements["script"] == nil && page.outside.isEmpty)
    #expect(page.text.contains("</p><script>alert(\"1\")</script> & 'Ñ'"))
    #expect(page.headings == [1, 2, 3, 2])
    #expect(page.values(of: "lang") == ["en"])
  }

  @Test func `a fragment is the same content without a frame or a style`() throws {
    let confusion = ConfusionChart.drawing(classes: ["a", "b"], counts: [[3, 1], [0, 4]], in: .english)
    var whole = document(Self.hostile)
    whole.sections.append(.init("drawn", [.figures([.init(confusion, caption: "counts")])]))
    #expect(whole.html.contains("style=\"font-size:15px\""))
    let page = try HTMLPage("<html><body>\(whole.fragment)</body></html>")
    #expect(page.elements["script"] == nil && page.elements["style"] == nil && page.outside.isEmpty)
    #expect(page.values(of: "style") == [] && page.values(of: "data-size").contains("15"))
    #expect(page.headings == [2, 3, 2, 2])
    #expect(page.text.contains("</p><script>alert(\"1\")</script> & 'Ñ'"))
    // Attributes of that kind in a name stay what they are.
    #expect(document("x style=\"color:red\" y").fragment.contains("x style=&quot;color:red&quot; y"))
  }

  @Test func `a page says what its parts are`() throws {
    let page = try HTMLPage(document("word", language: .spanish).html)
    #expect(page.values(of: "alt") == ["word", "word"])
    #expect(page.values(of: "scope").count { $0 == "col" } == 6)
    #expect(page.values(of: "scope").count { $0 == "row" } == 3)
    #expect(page.elements["caption"] == 1 && page.elements["figcaption"] == 1 && page.elements["nav"] == 1)
    #expect(page.values(of: "href").filter { $0.hasPrefix("#") } == ["#s1", "#s2"])
    #expect(page.values(of: "id") == ["s1", "s2"])
    #expect(page.values(of: "lang") == ["es"])
    #expect(page.text.contains("Advertencia:") && page.text.contains("Solo para investigación"))
  }

  @Test func `a table of metrics has each with its interval, or why it has none`() throws {
    let page = try HTMLPage(document("word", language: .spanish).html)
    for text in ["intervalo del 95 %", "0.750", "0.500 a 0.900", "jackknife por series", "sin intervalo: 3 series, división CON FUGA"] {
      #expect(page.text.contains(text), "\(text)")
    }
    #expect(page.attributes.contains { $0.element == "strong" && $0.value == "warning" })
    let english = document("word").markdown
    #expect(english.contains("| word | 0.750 | 0.500 to 0.900 | 20 | 7 | jackknife over series |"))
    #expect(english.contains("| b | 0.500 | – | 9 | 3 | **no interval: 3 series, LEAKY split** |"))
    #expect(english.contains("| c | – | – | – | – | word |"))
  }

  @Test func `Markdown keeps its shape whatever its names hold`() {
    let plain = document("word").markdown.split(separator: "\n", omittingEmptySubsequences: false)
    let text = document(Self.hostile).markdown
    let hostile = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(plain.count == hostile.count)
    for (a, b) in zip(plain, hostile) where a.hasPrefix("|") {
      #expect(b.replacing("\\|", with: "").count { $0 == "|" } == a.replacing("\\|", with: "").count { $0 == "|" })
    }
    let outsideCode = text.replacing(/\\[^\n]/, with: "").replacing(/(`+).*?\1/, with: "")
    #expect(!outsideCode.contains("<script") && !outsideCode.contains("](http://b"))
    #expect(!text.contains("\u{1B}") && !text.contains("\u{0}"))
  }

  @Test(arguments: [("- a", "\\- a"), ("1. a", "1\\. a"), ("+ a", "\\+ a"), ("# a", "\\# a"), ("a_b", "a\\_b"), ("2 a", "2 a")])
  func `what would begin a list or a heading is escaped`(text: String, expected: String) {
    let document = Document(language: .english, title: "t", sections: [.init("s", [.paragraph(InlineText(text))])])
    #expect(document.markdown.contains("\n\n\(expected)\n\n"))
  }

  @Test func `only web addresses become links`() {
    #expect(InlineText.link("a", to: "javascript:alert(1)").runs == [.plain("a")])
    #expect(InlineText.link("a", to: "https://example.org").runs == [.link("a", to: "https://example.org")])
  }

  @Test func `the parser of these tests finds what a browser would fetch`() throws {
    for bad in [
      "<img alt=\"\" src=\"http://a/b.png\">", "<script>x</script>", "<p onclick=\"x\">a</p>",
      "<a href=\"javascript:x\">a</a>", "<link href=\"a.css\"/>", "<style>a{background:url(b)}</style>",
    ] {
      #expect(try !HTMLPage("<html><body>\(bad)</body></html>").outside.isEmpty, "\(bad)")
    }
    #expect(throws: HTMLPage.Malformed.self) { try HTMLPage("<html><body><p></body></html>") }
  }
}

import DocumentSupport
import Testing

/// The helpers of these tests must be able to find something wrong.
@Suite struct DocumentHelperTests {
  private let sample = Document(
    path: "docs/sample.md",
    text: """
      # Title

      Run `nefro train` or look at `Sources/Nothing.swift`; see [there](../README.md) and [nowhere](nowhere.md).

      | key | value |
      |---|---|
      | `A` | 1 |

      ## Second

      ```sh
      nefro train --resume
      nefro audit one \\
        two
      ```

      ```
      # not a heading, `not code`
      ```

      It takes FIGURE:some-time.
      """)

  @Test func `a document is taken apart`() {
    #expect(sample.headings == [1, 2])
    #expect(sample.codeSpans == ["nefro train", "Sources/Nothing.swift", "A"])
    #expect(sample.commands == ["nefro train --resume", "nefro audit one two"])
    #expect(sample.tables == [["| key | value |", "| `A` | 1 |"]])
    #expect(Document.cells("| `A` | 1 |") == ["`A`", "1"])
    #expect(sample.placeholders == ["some-time"])
  }

  @Test func `paths that lead nowhere are found`() {
    #expect(sample.brokenPaths == ["docs/nowhere.md", "Sources/Nothing.swift"])
  }

  @Test(arguments: [
    "nefro frobnicate", "nefro train --frobnicate", "nefro predict", "nefro weights frobnicate",
    "nefro ingest --per-class 0", "nefro train --set EPOCHS", "scripts/demo --frobnicate x", "scripts/frobnicate",
    "cp nothing.yaml there", "frobnicate /", "sudo -u nefro env A=b nefro frobnicate", "python3 nothing.py", "bash",
    "scripts/deploy --frobnicate", "sudo frobnicate",
  ])
  func `command lines that are wrong are found`(line: String) {
    #expect(CommandLines.problem(with: line) != nil)
  }

  @Test(arguments: [
    "nefro frobnicate", "nefro train --frobnicate", "nefro weights fetch --resume", "--frobnicate",
    "scripts/test --frobnicate",
  ])
  func `mentions that are wrong are found`(text: String) {
    #expect(CommandLines.problem(withMention: text) != nil)
  }

  @Test(arguments: [
    "nefro --version", "nefro weights fetch vgg16", "nefro predict --json", "--from", "--set KEY=VALUE", "--prepare",
    "scripts/demo --data FOLDER",
  ])
  func `mentions that are right pass`(text: String) {
    #expect(CommandLines.problem(withMention: text) == nil)
  }

  @Test func `quotes keep spaces`() {
    let words = CommandLines.words(of: "nefro predict 'Tumor- (1).jpg' \"a b\" c")
    #expect(words == ["nefro", "predict", "Tumor- (1).jpg", "a b", "c"])
  }
}

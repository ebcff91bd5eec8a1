import KidneyData
import Testing

@Suite struct FormatRuleTests {
  /// One picture a series.
  private func rules(_ values: [[String]], _ labels: [Int], classes: Int) -> [FormatRule] {
    FormatRule.all(
      values.enumerated().map { (name: "property \($0)", values: $1) }, labels: labels, series: Array(labels.indices),
      classes: classes, seed: 1)
  }

  @Test func `four series a class that a value parts completely are more than chance`() throws {
    let rule = try #require(rules([["a", "a", "a", "a", "b", "b", "b", "b"]], [0, 0, 0, 0, 1, 1, 1, 1], classes: 2).first)
    #expect(rule.accuracy == 1)
    // 2 of the 70 ways to deal four of eight part them as well.
    #expect(abs(rule.chance - 2.0 / 70) < 0.012)
    #expect(rule.values.map(\.text) == ["a", "b"])
    #expect(rule.values.map(\.series) == [[4, 0], [0, 4]])
  }

  @Test func `two series a class that a value parts completely may be chance`() throws {
    let rule = try #require(rules([["a", "a", "b", "b"]], [0, 0, 1, 1], classes: 2).first)
    #expect(rule.accuracy == 1)
    #expect(abs(rule.chance - 2.0 / 6) < 0.04)
  }

  @Test func `a value of its own for each series tells nothing of another series`() throws {
    let rule = try #require(rules([(0..<20).map { "\($0)" }], (0..<20).map { $0 % 2 }, classes: 2).first)
    #expect(rule.accuracy == 0.5)
    #expect(rule.chance == 1)
  }

  @Test func `a value that two of four classes never have is more than chance, and classes weigh the same`() throws {
    // As in a mixture of two releases: two classes come from both, two from one.
    let labels = Array(repeating: 0, count: 7) + Array(repeating: 1, count: 6) + Array(repeating: 2, count: 13) + Array(repeating: 3, count: 7)
    let values = labels.indices.map { index in
      switch labels[index] {
      case 1: index - 7 < 4 ? "colour" : "grey"
      case 3: index - 26 < 4 ? "colour" : "grey"
      default: "grey"
      }
    }
    let rule = try #require(rules([values], labels, classes: 4).first)
    #expect(rule.accuracy > 0.35)
    #expect(rule.chance < 0.05)
    #expect(rule.values.first { $0.text == "colour" }?.series == [0, 4, 0, 4])
  }

  @Test func `looking at many properties does not make chance look like a find`() {
    // Twelve properties dealt at random to six series a class: the best of them is not called telling.
    var telling = 0
    for trial in 0..<10 {
      let labels = (0..<12).map { $0 % 2 }
      let values = (0..<12).map { property in
        (0..<12).map { series in (series * 7 + property * 5 + trial * 3 + series * property) % 13 < 6 ? "a" : "b" }
      }
      if rules(values, labels, classes: 2).first!.chance <= 0.05 { telling += 1 }
    }
    #expect(telling <= 2, "\(telling) of 10")
  }

  @Test func `properties with one value, and series of several classes, are no trouble`() {
    #expect(rules([["a", "a", "a"]], [0, 1, 0], classes: 2).isEmpty)
    let found = FormatRule.all(
      [(name: "size", values: ["a", "b", "a", "b"])], labels: [0, 1, 0, 1], series: [0, 0, 1, 1], classes: 2, seed: 1)
    #expect(found.first?.accuracy == 1)
  }
}

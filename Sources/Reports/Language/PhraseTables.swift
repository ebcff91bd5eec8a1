/// Every table of texts, so that a test can read them all.
package enum PhraseTables {
  package static let all: [[(name: String, phrase: Phrase)]] = [
    entries(AnswerText.self), entries(ChartText.self), entries(CountText.self), entries(DataText.self),
    entries(EvidenceText.self), entries(GateText.self),
    entries(LadderText.self),
    entries(MethodText.self), entries(PageText.self), entries(PurposeText.self),
    entries(RecordText.self), entries(RuleText.self), entries(ScoreText.self), entries(TeamProcessText.self),
  ]

  private static func entries<Table: PhraseTable>(_ table: Table.Type) -> [(name: String, phrase: Phrase)] {
    table.allCases.map { ("\(table).\($0)", $0.phrase) }
  }
}

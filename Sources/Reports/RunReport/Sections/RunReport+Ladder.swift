extension RunReport {
  func ladderSection(_ language: Language) -> Document.Section {
    let title = language(ScoreText.ladder)
    guard let ladder, !ladder.page.dataSets.isEmpty else {
      return Document.Section(title, [.paragraph(InlineText(withCode: language(ScoreText.noLadder)))])
    }
    let page = ladder.page
    var blocks: [Document.Block] = []
    if !ladder.isOfTheRunsData {
      let made = page.dataSets.map { "\($0.name) (\($0.digest.prefix(12)))" }.joined(separator: ", ")
      blocks.append(
        .callout(
          .warning, InlineText(language(ScoreText.ladderOfOtherData, made, String(ladder.dataDigest.prefix(12))))))
    }
    blocks += [
      .paragraph(InlineText(language(ScoreText.ladderIntro))),
      .paragraph(
        InlineText(language(LadderText.facts, String(page.folds), String(page.repeats), String(page.seed)) + ". ")
          + InlineText(language(ScoreText.ladderMadeBy, page.version))),
      .list(LadderPage.RungKind.allCases.map { page.meaning(of: $0, language) }),
    ]
    let shown = ladder.isOfTheRunsData ? ladder.own + ladder.joined : page.dataSets
    for set in shown { blocks += [.heading(set.title(in: language))] + page.blocks(of: set, language) }
    return Document.Section(title, blocks)
  }
}

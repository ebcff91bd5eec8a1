/// The data dictionary: what the records of a data set and of its answers hold, field by field.
extension RunReport {
  func dictionary(_ language: Language) -> [Document.Section] {
    [
      Document.Section(
        language(TeamProcessText.target),
        [
          .table(
            DocumentTable(
              caption: language(TeamProcessText.targetTable),
              columns: [
                .init(language(TeamProcessText.index), .right), .init(language(TeamProcessText.className)),
                .init(language(PageText.pictures), .right), .init(language(PageText.series), .right),
              ],
              rows: data.classes.enumerated().map { index, item in
                ["\(index)", InlineText(item.name), "\(item.pictures)", "\(item.series)"]
              }, hasRowHeaders: false))
        ]),
      fields(.pictureTable, Self.manifestFields, language), fields(.answerTable, Self.answerFields, language),
      Document.Section(
        language(TeamProcessText.inputTitle),
        [.paragraph(InlineText(language(TeamProcessText.input, model.preprocessing)))]),
    ]
  }

  private typealias Field = (name: String, type: TeamProcessText, isOptional: Bool, meaning: TeamProcessText)

  /// As `PictureRecord` writes it.
  private static var manifestFields: [Field] {
    [
      ("path", .text, false, .fieldPath), ("className", .text, false, .fieldClass),
      ("byteCount", .count, false, .fieldBytes),
      ("sha256", .text, false, .fieldSHA), ("width", .count, false, .fieldWidth),
      ("height", .count, false, .fieldHeight), ("mode", .text, false, .fieldMode),
      ("patient", .text, true, .fieldPatient), ("site", .text, true, .fieldSite), ("copyOf", .text, true, .fieldCopy),
    ]
  }

  /// As `PredictionRecord.Row` writes it.
  private static var answerFields: [Field] {
    [
      ("path", .text, false, .fieldPath), ("sha256", .text, false, .fieldSHA), ("series", .count, false, .fieldSeries),
      ("label", .text, false, .fieldLabel), ("probabilities", .textList, false, .fieldProbabilities),
      ("fold", .count, true, .fieldFold),
    ]
  }

  private func fields(_ title: TeamProcessText, _ fields: [Field], _ language: Language) -> Document.Section {
    Document.Section(
      language(title),
      [
        .table(
          DocumentTable(
            caption: language(title),
            columns: [
              .init(language(TeamProcessText.field)), .init(language(TeamProcessText.type)),
              .init(language(TeamProcessText.meaning)),
            ],
            rows: fields.map { field in
              let type = language(field.type)
              return [
                .code(field.name),
                InlineText(field.isOptional ? language(TeamProcessText.optional, type) : type),
                InlineText(language(field.meaning)),
              ]
            }))
      ])
  }
}

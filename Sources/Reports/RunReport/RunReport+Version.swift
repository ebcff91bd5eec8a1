extension RunReport {
  /// What a registered version is to be judged by: the model card with its curves, without what only the data set's own
  /// pictures could tell.
  ///
  /// - Throws: as `document(in:)`.
  public func versionCard(in language: Language) throws -> Document {
    let curves = try RunCurves(self)
    return Document(
      language: language, title: language(ScoreText.card, name), facts: titleFacts(language),
      sections: [
        metricsSection(language), curvesSection(curves, language), calibrationSection(curves, language),
        decisionSection(curves, language), abstentionSection(curves, language), rulesSection(language),
        purpose(language), try modelSection(language, withCurves: false), PurposeSection.licences(in: language),
      ])
  }
}

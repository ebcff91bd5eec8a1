import Evaluation

/// A model card for a model that is shipped: what its maker knows of it, between the words every card has.
public struct ModelCard: Sendable {
  /// The model's name.
  public var name: String
  public var classes: [DataFacts.ClassFacts]
  /// Whether series stand in for patients.
  public var seriesByLook: Bool
  /// Lines below the title.
  public var facts: [InlineText]
  /// How it was made, what was measured and how: tables by `DocumentTable.metrics`.
  public var sections: [Document.Section]

  public init(
    name: String, classes: [DataFacts.ClassFacts], seriesByLook: Bool, facts: [InlineText], sections: [Document.Section]
  ) {
    self.name = name
    self.classes = classes
    self.seriesByLook = seriesByLook
    self.facts = facts
    self.sections = sections
  }

  /// What the model is for and not for, its maker's sections, and the licences.
  public func document(in language: Language) -> Document {
    Document(
      language: language, title: language(ScoreText.card, name), facts: facts,
      sections: [
        PurposeSection.purpose(
          classes: classes.map(\.name), fewest: classes.min { $0.series < $1.series }, seriesByLook: seriesByLook,
          in: language)
      ] + sections + [PurposeSection.licences(in: language)])
  }
}

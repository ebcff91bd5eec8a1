/// A report as its content, which becomes a page (`html`) or a Markdown file (`markdown`).
///
/// It is built of values alone, and only the two writers make markup: a class folder's name or a file's name with "<"
/// in it cannot change a page.
public struct Document: Sendable, Equatable {
  /// A part under a heading of its own; the contents link to it.
  public struct Section: Sendable, Equatable {
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// A part of a section, in the order of reading.
  public enum Block: Sendable, Equatable {
    case paragraph(InlineText)
    /// A heading within a section.
    case heading(String)
    case list([InlineText])
    /// Terms with what is said of each.
    case definitions([Definition])
    /// Something set apart from the text.
    case callout(Callout, InlineText)
    case table(DocumentTable)
    /// Figures side by side where there is room. Markdown leaves them out.
    case figures([DocumentFigure])
  }

  /// A term and what is said of it.
  public struct Definition: Sendable, Equatable {
    public var term: String
    public var text: InlineText

    public init(_ term: String, _ text: InlineText) {
      self.term = term
      self.text = text
    }
  }

  /// How much a block stands out: a remark, or something the reader must not miss.
  public enum Callout: Sendable, Equatable {
    case note, warning
  }

  public var language: Language
  public var title: String
  /// A line or two below the title each: what this is about.
  public var facts: [InlineText]
  public var sections: [Section]
  /// Whether a page begins with links to its sections.
  public var hasContents: Bool

  public init(
    language: Language, title: String, facts: [InlineText] = [], sections: [Section], hasContents: Bool = false
  ) {
    self.language = language
    self.title = title
    self.facts = facts
    self.sections = sections
    self.hasContents = hasContents
  }
}

/// Running text: plain words, and some that stand out. Nothing in it is markup: whoever writes it out escapes it.
public struct InlineText: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// A stretch of text of one kind.
  public enum Run: Sendable, Equatable {
    case plain(String)
    case strong(String)
    /// Something the reader must not miss, such as "LEAKY split": red, and bold for who sees no red.
    case warning(String)
    /// A name that a program reads: a file, a command, a digest.
    case code(String)
    /// A link that a reader may follow, such as a licence's; the page itself never loads it.
    case link(String, to: String)
  }

  /// In reading order, joined without anything between them.
  public var runs: [Run]

  /// Text of these stretches, in reading order.
  public init(_ runs: [Run]) { self.runs = runs }
  /// Plain words.
  public init(_ text: String) { runs = [.plain(text)] }
  /// Plain words, from a literal; what is interpolated is plain too.
  public init(stringLiteral text: String) { runs = [.plain(text)] }

  /// A sentence of ours in which names that a program reads stand between backticks: `nefro report`. Never for text from
  /// elsewhere, in which a backtick is a backtick.
  init(withCode sentence: String) {
    runs = sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { $0.isMultiple(of: 2) ? .plain(String($1)) : .code(String($1)) }
  }

  /// Words that stand out.
  public static func strong(_ text: String) -> InlineText { InlineText([.strong(text)]) }
  /// Words that the reader must not miss.
  public static func warning(_ text: String) -> InlineText { InlineText([.warning(text)]) }
  /// A name that a program reads.
  public static func code(_ text: String) -> InlineText { InlineText([.code(text)]) }

  /// - Parameter address: an http or https address; anything else becomes plain text.
  public static func link(_ text: String, to address: String) -> InlineText {
    let scheme = address.lowercased()
    let isWeb = scheme.hasPrefix("https://") || scheme.hasPrefix("http://")
    return InlineText([isWeb ? .link(text, to: address) : .plain(text)])
  }

  /// The left text and then the right one, nothing between them.
  public static func + (left: InlineText, right: InlineText) -> InlineText { InlineText(left.runs + right.runs) }

  /// The words alone.
  public var plain: String {
    runs.map { run in
      switch run {
      case .plain(let text), .strong(let text), .warning(let text), .code(let text), .link(let text, _): text
      }
    }.joined()
  }
}

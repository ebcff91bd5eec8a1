/// Finds English that is left on a page in another language.
public enum EnglishWords {
  /// Words that an English sentence can hardly do without, and no Spanish one has.
  private static var regex: Regex<(Substring, Substring)> {
    /\b(the|and|of|with|from|are|was|were|each|pictures?|which|not|this|than|by|it|that|black|bytes per)\b/
  }

  /// Where they stand, each with what stands around it, in order and each once.
  ///
  /// - Parameter page: HTML or Markdown; style, markup, pictures and what programs read are left out.
  public static func found(in page: String) -> [String] {
    let words = plain(page)
    return Set(
      words.matches(of: regex).map { match in
        let start = words.index(match.range.lowerBound, offsetBy: -60, limitedBy: words.startIndex) ?? words.startIndex
        let end = words.index(match.range.upperBound, offsetBy: 60, limitedBy: words.endIndex) ?? words.endIndex
        return String(words[start..<end])
      }
    ).sorted()
  }

  private static func plain(_ page: String) -> String {
    // Names of licences are names.
    page.replacing("CC BY", with: "").replacing(/<style>(?s:.)*?<\/style>/, with: "").replacing(
      /<code>[^<]*<\/code>/, with: ""
    )
    .replacing(/src="[^"]*"/, with: "").replacing(/`[^`]*`/, with: "").replacing(/<[^>]*>/, with: "\n")
    .lowercased()
  }
}

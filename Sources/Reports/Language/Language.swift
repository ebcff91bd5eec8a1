/// A language that pages and model cards are written in.
///
/// Numbers keep their decimal point in both, so that they can be compared with `scores.json` and pasted anywhere.
public enum Language: String, CaseIterable, Codable, Sendable {
  case english = "en"
  case spanish = "es"

  /// The language's name in itself.
  public var name: String {
    switch self {
    case .english: "English"
    case .spanish: "Español"
    }
  }

  /// A text of a table in this language: `language(PageText.contents)`.
  ///
  /// - Parameter values: what stands for `%1`, `%2` and so on, one for each.
  public func callAsFunction(_ text: some PhraseTable, _ values: String...) -> String {
    text.phrase.filled(self, values)
  }
}

/// One text in every language.
public struct Phrase: Sendable, Equatable {
  public let english: String
  public let spanish: String

  public init(_ english: String, _ spanish: String) {
    self.english = english
    self.spanish = spanish
  }

  public subscript(language: Language) -> String {
    switch language {
    case .english: english
    case .spanish: spanish
    }
  }

  /// The number of values a text asks for: the highest of its `%1`…`%9`.
  package static func valueCount(of text: String) -> Int {
    var highest = 0
    var previous: Character?
    for character in text {
      if previous == "%", character.isASCII, let digit = character.wholeNumberValue { highest = max(highest, digit) }
      previous = character
    }
    return highest
  }

  /// The text with its values put in. A value may hold anything, "%1" too.
  package func filled(_ language: Language, _ values: [String]) -> String {
    let text = self[language]
    precondition(Phrase.valueCount(of: text) == values.count, "'\(text)' wants another number of values than \(values)")
    var filled = ""
    var rest = text[...]
    while let place = rest.firstIndex(of: "%") {
      filled += rest[..<place]
      let next = rest.index(after: place)
      if next < rest.endIndex, rest[next].isASCII, let digit = rest[next].wholeNumberValue, digit > 0 {
        filled += values[digit - 1]
        rest = rest[rest.index(after: next)...]
      } else {
        filled += "%"
        rest = rest[next...]
      }
    }
    return filled + rest
  }
}

/// A table of texts: an enum with a case for each, so that one missing in a language does not compile and a test can
/// read them all.
public protocol PhraseTable: CaseIterable, Sendable {
  var phrase: Phrase { get }
}

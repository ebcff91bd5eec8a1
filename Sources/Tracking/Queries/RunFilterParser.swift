import Foundation

/// Reads a filter by recursive descent: `or` binds loosest, then `and`, then `not`.
struct RunFilterParser {
  private struct Token {
    enum Kind: Equatable { case word, quoted, comparison, open, close }
    var kind: Kind
    var text: String
    /// Counted from 1.
    var position: Int
  }

  private let filter: String
  private var tokens: [Token] = []
  private var next = 0
  private var depth = 0
  /// More parentheses and `not`s than anybody writes, and fewer than the stack or SQLite's parser bear.
  private static let deepest = 40
  /// Each comparison adds to the depth of SQLite's expression, of which it allows 1,000.
  private static let most = 200

  init(_ filter: String) throws(RunFilterError) {
    self.filter = filter
    let characters = Array(filter)
    var place = 0
    while place < characters.count {
      let start = place
      let character = characters[place]
      func add(_ kind: Token.Kind, _ text: String) { tokens.append(Token(kind: kind, text: text, position: start + 1)) }
      switch character {
      case _ where character.isWhitespace: place += 1
      case "(", ")":
        add(character == "(" ? .open : .close, String(character))
        place += 1
      case "'", "\"":
        guard let end = characters[(place + 1)...].firstIndex(of: character) else {
          throw RunFilterError(filter: filter, position: characters.count + 1, expected: "a closing \(character)", found: nil)
        }
        add(.quoted, String(characters[(place + 1)..<end]))
        place = end + 1
      case _ where Self.signs.contains(character):
        while place < characters.count, Self.signs.contains(characters[place]) { place += 1 }
        let text = String(characters[start..<place])
        add(.comparison, text == "==" ? "=" : text)
      default:
        while place < characters.count, !Self.ends(characters[place]) { place += 1 }
        add(.word, String(characters[start..<place]))
      }
    }
  }

  private static let signs: Set<Character> = ["=", "!", "<", ">", "~"]

  private static func ends(_ character: Character) -> Bool {
    character.isWhitespace || signs.contains(character) || ["(", ")", "'", "\""].contains(character)
  }

  mutating func whole() throws(RunFilterError) -> RunFilter {
    let filter = try alternatives()
    guard next == tokens.count else { throw error("'and', 'or' or the end") }
    return filter
  }

  private mutating func alternatives() throws(RunFilterError) -> RunFilter {
    var filter = try conjunction()
    while takes(keyword: "or") { filter = .or(filter, try conjunction()) }
    return filter
  }

  private mutating func conjunction() throws(RunFilterError) -> RunFilter {
    var filter = try term()
    while takes(keyword: "and") { filter = .and(filter, try term()) }
    return filter
  }

  private mutating func term() throws(RunFilterError) -> RunFilter {
    guard depth < Self.deepest, next < Self.most * 4 else { throw error("a simpler filter: this one is too deep or too long") }
    depth += 1
    defer { depth -= 1 }
    if takes(keyword: "not") { return .not(try term()) }
    if next < tokens.count, tokens[next].kind == .open {
      next += 1
      let filter = try alternatives()
      guard next < tokens.count, tokens[next].kind == .close else { throw error("')', 'and' or 'or'") }
      next += 1
      return filter
    }
    return try comparison()
  }

  private mutating func comparison() throws(RunFilterError) -> RunFilter {
    let name = "a name such as auc, epochs, params.EPOCHS, metrics.val_loss, tags.seed, status or started"
    guard next < tokens.count, tokens[next].kind == .word || tokens[next].kind == .quoted,
      !isKeyword(tokens[next])
    else { throw error(name) }
    let key = RunKey(tokens[next].text)
    next += 1
    guard next < tokens.count, tokens[next].kind == .comparison,
      let comparison = RunFilter.Comparison(rawValue: tokens[next].text)
    else { throw error("one of \(RunFilter.Comparison.allCases.map(\.rawValue).joined(separator: " "))") }
    next += 1
    let value = try value(of: key, comparison)
    next += 1
    return .comparison(key, comparison, value)
  }

  private func value(of key: RunKey, _ comparison: RunFilter.Comparison) throws(RunFilterError) -> RunFilter.Value {
    let token = next < tokens.count ? tokens[next] : nil
    let written = token.flatMap { ($0.kind == .word && !isKeyword($0)) || $0.kind == .quoted ? $0.text : nil }
    let number = token?.kind == .word ? written.flatMap(Double.init) : nil
    if comparison == .contains {
      if key.isNumber { throw error("a comparison of numbers: '\(key.name)' is one") }
      if case .field(let field) = key.place, field.isTime { throw error("a comparison of times: '\(key.name)' is one") }
    }
    switch key.place {
    case .field(let field) where field.isTime:
      guard let time = written.flatMap(Self.time) else { throw error("a date such as 2026-11-28 or 2026-11-28T09:30, in UTC") }
      return .time(time)
    case .field(let field) where !field.isNumber:
      let known: [String]? =
        switch field {
        case .status: RunStatus.allCases.map(\.rawValue)
        case .kind: RunKind.allCases.map(\.rawValue)
        default: nil
        }
      guard let written else { throw error("a text") }
      if let known, comparison != .contains, !known.contains(written.lowercased()) {
        throw error("one of \(known.joined(separator: ", "))")
      }
      return .text(written)
    default: break
    }
    if let number, number.isFinite { return .number(number, written: written!) }
    guard !key.isNumber, let written else { throw error(key.isNumber ? "a number" : "a number or a text") }
    return .text(written)
  }

  static func time(_ text: String) -> Int64? {
    guard let match = text.wholeMatch(of: #/(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?/#) else { return nil }
    func part(_ text: Substring?) -> Int { text.flatMap { Int($0) } ?? 0 }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    let parts = DateComponents(
      calendar: calendar, year: part(match.1), month: part(match.2), day: part(match.3), hour: part(match.4),
      minute: part(match.5), second: part(match.6))
    guard parts.isValidDate, let date = parts.date else { return nil }
    return milliseconds(date)
  }

  private func isKeyword(_ token: Token) -> Bool {
    token.kind == .word && ["and", "or", "not"].contains(token.text.lowercased())
  }

  private mutating func takes(keyword: String) -> Bool {
    guard next < tokens.count, tokens[next].kind == .word, tokens[next].text.lowercased() == keyword else { return false }
    next += 1
    return true
  }

  private func error(_ expected: String) -> RunFilterError {
    RunFilterError(
      filter: filter, position: next < tokens.count ? tokens[next].position : filter.count + 1, expected: expected,
      found: next < tokens.count ? tokens[next].text : nil)
  }
}

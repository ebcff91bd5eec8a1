extension Phrase {
  /// The values that a text was made with from the English template; nil for a text of another make.
  ///
  /// Of several ways to read it, values are as short as they can be, from the left.
  ///
  /// - Returns: one for each of `%1`…`%9`, in their order.
  package func values(in text: String) -> [String]? {
    let count = Phrase.valueCount(of: english)
    guard count > 0 else { return text == english ? [] : nil }
    var values = [String](repeating: "", count: count)
    var rest = text[...]
    var pending: Int?
    var literal = ""
    func take() -> Bool {
      guard let place = pending else {
        guard rest.hasPrefix(literal) else { return false }
        rest = rest.dropFirst(literal.count)
        return true
      }
      guard let range = rest.firstRange(of: literal) else { return false }
      values[place] = String(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
      return true
    }
    var template = english[...]
    while let first = template.first {
      let after = template.dropFirst()
      if first == "%", let digit = after.first, digit.isASCII, let number = digit.wholeNumberValue, number > 0 {
        if !literal.isEmpty || pending == nil { guard take() else { return nil } }
        (pending, literal) = (number - 1, "")
        template = after.dropFirst()
      } else {
        literal.append(first)
        template = after
      }
    }
    guard let last = pending else { return nil }
    if literal.isEmpty {
      values[last] = String(rest)
    } else {
      guard rest.hasSuffix(literal) else { return nil }
      values[last] = String(rest.dropLast(literal.count))
    }
    return values
  }
}

import Evaluation

/// The methods that `Evaluation` names in `Metric.method`, for readers of both languages.
enum MethodText: PhraseTable {
  case jackknife, bootstrap, wilson, bounded, combined, chosenHere, tooFewSeries, undefined, undefinedWithout, doNotDiffer, leaky,
    openedTestSet

  var phrase: Phrase {
    switch self {
    case .jackknife: Phrase("jackknife over series", "jackknife por series")
    case .bootstrap: Phrase("cluster bootstrap", "bootstrap por series")
    case .wilson: Phrase("Wilson over series, which do not differ", "Wilson por series, que no difieren")
    case .bounded:
      Phrase(
        "from the ends of sensitivity and specificity", "de los extremos de la sensibilidad y la especificidad")
    case .combined: Phrase("from the intervals of its rates", "de los intervalos de sus tasas")
    case .chosenHere:
      Phrase(
        "no interval: the rule was chosen on these pictures", "sin intervalo: la regla se eligió con estas imágenes")
    case .tooFewSeries: Phrase("no interval: %1", "sin intervalo: %1")
    case .undefined:
      Phrase("no interval: undefined in %1 of %2 resamples", "sin intervalo: indefinida en %1 de %2 remuestras")
    case .undefinedWithout:
      Phrase(
        "no interval: undefined in %1 of %2 sets with a series left out",
        "sin intervalo: indefinida en %1 de %2 conjuntos sin una serie")
    case .doNotDiffer: Phrase("no interval: series do not differ", "sin intervalo: las series no difieren")
    case .leaky: Phrase("LEAKY split", "división CON FUGA")
    case .openedTestSet: Phrase("OPENED test set", "conjunto de prueba YA ABIERTO")
    }
  }

  /// A method in another language; what is not known stays as it is, since a reader must not be told less.
  static func translated(_ method: String, _ language: Language) -> String {
    guard language != .english else { return method }
    let known = [MethodText.wilson, .jackknife, .bootstrap, .bounded, .combined, .chosenHere, .doNotDiffer]
    for plain in known where method.hasPrefix(plain.phrase.english) {
      return language(plain) + marks(method.dropFirst(plain.phrase.english.count), language)
    }
    if let match = method.prefixMatch(of: /no interval: (\d+) series/) {
      return language(MethodText.tooFewSeries, series(match.1, language))
        + marks(method[match.range.upperBound...], language)
    }
    let undefined = /no interval: undefined in (\d+) of (\d+) (resamples|sets with a series left out)/
    if let match = method.prefixMatch(of: undefined) {
      let text = match.3 == "resamples" ? MethodText.undefined : .undefinedWithout
      return language(text, String(match.1), String(match.2)) + marks(method[match.range.upperBound...], language)
    }
    var (plain, behind) = (method, "")
    while let mark = everyMark.map({ ", " + $0.phrase.english }).first(where: plain.hasSuffix) {
      plain.removeLast(mark.count)
      behind = mark + behind
    }
    return (RecordText.known(plain, language) ?? plain) + marks(behind, language)
  }

  /// "1 serie", "4 series".
  private static func series(_ count: Substring, _ language: Language) -> String {
    Int(count).map { language.series($0) } ?? String(count)
  }

  /// What makes a figure worth less than it looks.
  private static let everyMark = [MethodText.leaky, .openedTestSet]

  /// Whether a method carries such a mark, or a certain one.
  static func isMarked(_ method: String, _ mark: MethodText? = nil) -> Bool {
    (mark.map { [$0] } ?? everyMark).contains { method.contains($0.phrase.english) }
  }

  /// What stands behind a method, such as "LEAKY split".
  static func marks(_ marks: some StringProtocol, _ language: Language) -> String {
    everyMark.reduce(String(marks)) { $0.replacing($1.phrase.english, with: language($1)) }
  }
}

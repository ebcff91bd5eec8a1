import Foundation
import Reports

/// What the search for shortcuts says, in both languages.
package enum ShortcutText: PhraseTable {
  case found, foundPartly, suspected, notFound, notFoundFew, unknown, unknownMixed
  case rule, others, values, inSeries, never, detector, balanced

  package var phrase: Phrase {
    switch self {
    case .found:
      Phrase(
        "In this folder the files' format alone tells the classes apart. A classifier may learn how the files were made instead of what they show: bring all classes into one format, from the same source.",
        "En esta carpeta basta el formato de los archivos para distinguir las clases. Un clasificador puede aprender cómo se hicieron los archivos en lugar de lo que muestran: lleve todas las clases a un mismo formato, de la misma fuente.")
    case .foundPartly:
      Phrase(
        "In this folder some values of the files' format occur in some classes only, more than chance explains. A classifier may learn how the files were made instead of what they show: bring all classes into one format, from the same source.",
        "En esta carpeta algunos valores del formato de los archivos solo aparecen en algunas clases, más de lo que explica la casualidad. Un clasificador puede aprender cómo se hicieron los archivos en lugar de lo que muestran: lleve todas las clases a un mismo formato, de la misma fuente.")
    case .suspected:
      Phrase(
        "The files' format seems to tell the classes apart, but with so few series it may be chance.",
        "El formato de los archivos parece distinguir las clases, pero con tan pocas series puede ser casualidad.")
    case .notFound:
      Phrase(
        "On series it has not seen, the files' format does not tell the classes apart.",
        "En series no vistas, el formato de los archivos no distingue las clases.")
    case .notFoundFew:
      Phrase(
        "The files' format does not tell the classes of unseen series apart, as far as %1 can show: only a format that parts the classes almost completely would be noticed.",
        "El formato de los archivos no distingue las clases de series no vistas, hasta donde %1 pueden mostrarlo: solo se notaría un formato que separase las clases casi por completo.")
    case .unknown:
      Phrase(
        "It cannot be judged with %1 whether the files' format gives the classes away: even one that parts them completely would do so by chance with a probability of %2.",
        "Con %1 no se puede juzgar si el formato de los archivos delata las clases: incluso uno que las separe por completo lo haría por casualidad con una probabilidad de %2.")
    case .unknownMixed:
      Phrase(
        "Series hold several classes, so that no folds have them all; it cannot be judged whether the files' format gives the classes away.",
        "Hay series con varias clases, de modo que ninguna partición las contiene todas; no se puede juzgar si el formato de los archivos delata las clases.")
    case .rule:
      Phrase(
        "The best property, %1, names the class of %2 of the series by that of the others (mean over classes; guessing: %3); some property is as good by chance with a probability of %4.",
        "La mejor propiedad, %1, acierta la clase del %2 de las series a partir de las demás (media sobre las clases; al azar: %3); alguna propiedad es igual de buena por casualidad con una probabilidad de %4.")
    case .others: Phrase("Also telling: %1.", "También delatan: %1.")
    case .values: Phrase("With %1 '%2': %3.", "Con %1 «%2»: %3.")
    case .inSeries: Phrase("%1 %2 of %3 series", "%1 %2 de %3 series")
    case .never: Phrase("never in %1 (%2)", "nunca en %1 (%2)")
    case .detector:
      Phrase(
        "A classifier on %1 traits, trained and tried on different series: AUC %2.",
        "Un clasificador con %1 rasgos, entrenado y probado en series distintas: AUC %2.")
    case .balanced:
      Phrase("Balanced accuracy %1; guessing reaches %2.", "Exactitud equilibrada %1; al azar se llega a %2.")
    }
  }
}

/// The files' properties, by the name that the JSON has.
package enum PropertyText: PhraseTable {
  case size, mode, format, quantisation, progressive, subsampling, metadata

  package var phrase: Phrase {
    switch self {
    case .size: Phrase("size", "el tamaño")
    case .mode: Phrase("colour mode", "el modo de color")
    case .format: Phrase("file format", "el formato de archivo")
    case .quantisation: Phrase("JPEG quantisation", "la cuantización JPEG")
    case .progressive: Phrase("JPEG progressive", "el JPEG progresivo")
    case .subsampling: Phrase("JPEG chroma subsampling", "el submuestreo de color JPEG")
    case .metadata: Phrase("metadata bytes", "los bytes de metadatos")
    }
  }

  static func name(_ english: String, _ language: Language) -> String {
    allCases.first { $0.phrase.english == english }.map { language($0) } ?? english
  }

  /// A value's words; numbers stay as they are.
  static func value(_ english: String, _ language: Language) -> String {
    let words: [String: Phrase] = [
      "grey": Phrase("grey", "gris"), "colour": Phrase("colour", "color"), "yes": Phrase("yes", "sí"),
      "none": Phrase("none", "ninguna"),
    ]
    if let word = words[english] { return word[language] }
    return language == .spanish && english.hasPrefix("mean ") ? "media " + english.dropFirst(5) : english
  }
}

extension ShortcutFinding {
  /// The verdict with its figures.
  func text(in language: Language) -> String {
    var parts = [headline(language)]
    if let rule = rules.first, verdict != .notFound || isTelling(rule) {
      parts.append(
        language(
          ShortcutText.rule, PropertyText.name(rule.property, language), Self.percent(rule.accuracy.value),
          Self.percent(chance), Self.probability(rule.chance)))
      let others = rules.dropFirst().filter(isTelling).map { PropertyText.name($0.property, language) }
      if !others.isEmpty { parts.append(language(ShortcutText.others, others.joined(separator: ", "))) }
      parts += rule.exclusive.prefix(4).map { sentence($0, of: rule, language) }
    }
    if let auc {
      parts.append(language(ShortcutText.detector, "\(traitCount)", MetricText.sentence(auc, in: language)))
    }
    if let balancedAccuracy {
      parts.append(
        language(ShortcutText.balanced, MetricText.sentence(balancedAccuracy, in: language), String(format: "%.2f", chance)))
    }
    return parts.joined(separator: " ")
  }

  private func headline(_ language: Language) -> String {
    let series = seriesPerClass.map { "\($0.className) \(language.series($0.series))" }.joined(separator: ", ")
    switch verdict {
    case .found: return language(isComplete ? ShortcutText.found : .foundPartly)
    case .suspected: return language(ShortcutText.suspected)
    case .notFound: return auc?.hasInterval == true ? language(ShortcutText.notFound) : language(ShortcutText.notFoundFew, series)
    case .unknown:
      return leastChance > Self.tellingChance
        ? language(ShortcutText.unknown, series, Self.probability(leastChance)) : language(ShortcutText.unknownMixed)
    }
  }

  /// Which classes have a value in how many of their series, and which never.
  private func sentence(_ value: Rule.Value, of rule: Rule, _ language: Language) -> String {
    var parts: [String] = []
    for (index, item) in seriesPerClass.enumerated() where value.pictures[index] > 0 {
      parts.append(language(ShortcutText.inSeries, item.className, "\(value.series[index])", "\(item.series)"))
    }
    for (index, item) in seriesPerClass.enumerated() where value.pictures[index] == 0 {
      parts.append(language(ShortcutText.never, item.className, language.series(item.series)))
    }
    return language(ShortcutText.values, PropertyText.name(rule.property, language), PropertyText.value(value.text, language), parts.joined(separator: ", "))
  }

  static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }

  /// Two places, and more for small ones.
  static func probability(_ value: Double) -> String { String(format: value < 0.01 ? "%.4f" : "%.2f", value) }
}

/// Sentences that the program writes into its records (`scores.json`, `ladder.json`, model files) in English, since
/// programs read those; pages in another language say them by this table. `%1` and so on stand for names and numbers.
package enum RecordText: PhraseTable {
  // Ladder.
  case fewPictures, oneSeries, leftOut, crossValidation, notClasses, shuffle, shuffles
  // Calibration and rule.
  case notAskedFor, noCalibration, noPoint, noAbstention, validationSeries, validationHas, splitTrains,
    fileHoldsNone, temperatureBetween, plattBetween, temperature, platt, withoutInterval, crossFitted, choseEpoch, planned,
    fold, noPositive, thresholdAtEnd, noLine, everyReferral,
    noneAnswered,
    noPositiveClass
  case sensitivityRule, youdenRule, benefitRule, riskRule, riskOut, riskOfFew, coverageRule, mostProbable, everyPicture
  // Shortcuts.
  case eachSeries
  // Gate.
  case gateFew
  // Fits that failed.
  case noSolution, noTemperature, notConverged

  package var phrase: Phrase {
    switch self {
    case .fewPictures:
      Phrase("class '%1' has %2 pictures for %3 folds", "la clase «%1» tiene %2 imágenes para %3 particiones")
    case .oneSeries:
      Phrase(
        "class '%1' has %2 series, and keeping series together takes two at least",
        "series de la clase «%1»: %2; para mantener las series juntas hacen falta al menos dos")
    case .leftOut:
      Phrase(
        "Class '%1' has %2 series of pictures and %3 needs %4. Add pictures of other patients, or ask for fewer parts.",
        "La clase «%1» tiene %2 series de imágenes y %3 necesita %4. Añada imágenes de otros pacientes o pida menos partes."
      )
    case .crossValidation: Phrase("%1-fold cross-validation", "la validación cruzada de %1 particiones")
    case .notClasses: Phrase("the parts have no two classes in common", "las partes no tienen dos clases en común")
    case .shuffle: Phrase("no interval: %1 shuffle", "sin intervalo: %1 sorteo")
    case .shuffles: Phrase("mean over %1 shuffles, Student's t", "media de %1 sorteos, t de Student")
    case .notAskedFor: Phrase("none was asked for", "no se pidió")
    case .noCalibration: Phrase("no calibration: %1", "sin calibración: %1")
    case .noPoint: Phrase("no operating point: %1", "sin punto de operación: %1")
    case .noAbstention: Phrase("no abstention: %1", "sin abstención: %1")
    case .validationSeries:
      Phrase(
        "%1 series (of the class with the fewest; at least %2 of each are needed)",
        "series de la clase que menos tiene: %1; hacen falta al menos %2 de cada una")
    case .validationHas:
      Phrase(
        "%1 series (validation has %2; at least %3 of each class are needed)",
        "%1 series (validación tiene %2; hacen falta al menos %3 de cada clase)")
    case .splitTrains:
      Phrase(
        "SPLIT: %1 trains on the validation part's own series",
        "SPLIT: %1 entrena con las mismas series de la parte de validación")
    case .fileHoldsNone: Phrase("the model file holds none", "el archivo del modelo no contiene ninguna")
    case .temperatureBetween:
      Phrase(
        "temperature scaling; log loss %1 (%2 to %3) before, %4 (%5 to %6) after, on the same pictures",
        "escala de temperatura; pérdida logarítmica %1 (%2 a %3) antes y %4 (%5 a %6) después, con las mismas imágenes")
    case .plattBetween:
      Phrase(
        "Platt scaling; log loss %1 (%2 to %3) before, %4 (%5 to %6) after, on the same pictures",
        "escala de Platt; pérdida logarítmica %1 (%2 a %3) antes y %4 (%5 a %6) después, con las mismas imágenes")
    case .withoutInterval: Phrase("%1 (no interval: %2)", "%1 (sin intervalo: %2)")
    case .temperature:
      Phrase(
        "temperature scaling; log loss %1 before, %2 after, on the same pictures",
        "escala de temperatura; pérdida logarítmica %1 antes y %2 después, con las mismas imágenes")
    case .platt:
      Phrase(
        "Platt scaling; log loss %1 before, %2 after, on the same pictures",
        "escala de Platt; pérdida logarítmica %1 antes y %2 después, con las mismas imágenes")
    case .crossFitted:
      Phrase(
        "calibration and thresholds of each fold were fitted to the answers of the other folds (cross-fitted), by models that were trained on this one's pictures",
        "la calibración y los umbrales de cada partición se ajustaron con las respuestas de las demás (ajuste cruzado), de modelos que se entrenaron con las imágenes de esta"
      )
    case .choseEpoch:
      Phrase(
        "the series that calibration and thresholds were fitted to also chose the epoch that training stopped at, so they flatter a little",
        "las series con que se ajustaron la calibración y los umbrales eligieron también la época en que paró el entrenamiento, así que favorecen un poco al modelo"
      )
    case .planned:
      Phrase(
        "the series that calibration and thresholds were fitted to also steered the learning rate, so they flatter a little",
        "las series con que se ajustaron la calibración y los umbrales guiaron también la tasa de aprendizaje, así que favorecen un poco al modelo"
      )
    case .fold: Phrase("fold %1: %2", "partición %1: %2")
    case .noPositive: Phrase("none of the classes %1 is the positive one", "ninguna de las clases %1 es la positiva")
    case .thresholdAtEnd:
      Phrase(
        "the threshold found is %1, which would name one class always",
        "el umbral hallado es %1, que nombraría siempre una misma clase")
    case .everyReferral: Phrase("every picture is referred (%1)", "se deriva toda imagen (%1)")
    case .noneAnswered:
      Phrase(
        "no error among the answered: no picture is answered",
        "sin error entre las respondidas: no se responde a ninguna imagen")
    case .noLine: Phrase("no calibration line: %1", "sin recta de calibración: %1")
    case .noPositiveClass:
      Phrase(
        "no class is the positive one: no operating point, net benefit or calibration line",
        "ninguna clase es la positiva: sin punto de operación, beneficio neto ni recta de calibración")
    case .sensitivityRule: Phrase("sensitivity at least %1", "sensibilidad de al menos %1")
    case .youdenRule: Phrase("the highest sensitivity + specificity", "la mayor suma de sensibilidad y especificidad")
    case .benefitRule:
      Phrase(
        "the highest net benefit at threshold probability %1", "el mayor beneficio neto con probabilidad umbral %1")
    case .riskRule: Phrase("at most %1 of the answers wrong", "a lo sumo %1 de las respuestas erróneas")
    case .riskOut:
      Phrase(
        "at most %1 of the answers wrong, which no confidence reaches",
        "a lo sumo %1 de las respuestas erróneas, lo que ninguna confianza alcanza")
    case .riskOfFew:
      Phrase(
        "at most %1 of the answers wrong, which only pictures of %2 series reach",
        "a lo sumo %1 de las respuestas erróneas, lo que solo alcanzan imágenes de pocas series (%2)")
    case .coverageRule: Phrase("the surest %1 of the pictures", "%1 de las imágenes, las más seguras")
    case .mostProbable: Phrase("the most probable class", "la clase más probable")
    case .everyPicture: Phrase("every picture is answered", "se responde a toda imagen")
    case .eachSeries:
      Phrase(
        "no interval: each series by all others; as good by chance with probability %1",
        "sin intervalo: cada serie a partir de todas las demás; igual de buena por casualidad con probabilidad %1")
    case .gateFew:
      Phrase(
        "It was fitted on %1 series: slices of a scanner or protocol that they do not show may be refused.",
        "Se ajustó con %1 series: puede rechazar cortes de un equipo o protocolo que estas no muestran.")
    case .noTemperature:
      Phrase(
        "No temperature fits: the best inverse temperature is %1, so higher probabilities go with wrong answers. Check that labels and classes are in the same order.",
        "Ninguna temperatura sirve: la mejor temperatura inversa es %1, así que las probabilidades más altas van con respuestas erróneas. Compruebe que etiquetas y clases están en el mismo orden."
      )
    case .notConverged:
      Phrase(
        "The %1 did not converge in %2 steps. Check the probabilities for extreme values.",
        "El ajuste (%1) no convergió en %2 pasos. Compruebe si hay probabilidades extremas.")
    case .noSolution:
      Phrase(
        "The %1 has no finite solution: the probabilities separate the classes completely. Give more validation series, or use the fit with smoothed targets.",
        "El ajuste (%1) no tiene solución finita: las probabilidades separan las clases por completo. Aporte más series de validación o use el ajuste con objetivos suavizados."
      )
    }
  }

  /// A recorded sentence in another language; what is not known stays as it is, since a reader must not be told less.
  /// The values of a known sentence are translated too.
  package static func translated(_ text: String, _ language: Language) -> String {
    guard language != .english else { return text }
    return known(text, language) ?? MethodText.translated(text, language)
  }

  /// Nil for a sentence that the table does not have.
  static func known(_ text: String, _ language: Language) -> String? {
    for entry in allCases {
      guard let values = entry.phrase.values(in: text) else { continue }
      return entry.phrase.filled(language, values.map { known($0, language) ?? $0 })
    }
    return nil
  }
}

/// What the gate of a promotion finds, as it is written into a model's history in English: pages in another language say
/// it by this table.
enum GateText: PhraseTable {
  case passed, failed, standardGate, declaredGate, noGate, noScores, gotFile
  case leaky, trainedOn, honest, noMetric, lowEnd, highEnd, notJudged, boundIs, least, most, between
  case notLocked, madeAfter, opened, notCompared, noPredictions, difference, differenceWithout, wantsAbove, wantsLow
  case withInterval

  var phrase: Phrase {
    switch self {
    case .passed: Phrase("passed: %1", "cumple: %1")
    case .failed: Phrase("failed: %1", "no cumple: %1")
    case .standardGate:
      Phrase("by the standard gate: there is no %1", "según la puerta estándar: no existe %1")
    case .declaredGate: Phrase("by the gate %1, SHA-256 %2", "según la puerta %1, SHA-256 %2")
    case .noGate: Phrase("no gate: it does not answer by this name", "sin puerta: no responde con este nombre")
    case .noScores:
      Phrase(
        "it has no scores; run 'nefro evaluate', then register the model again",
        "no tiene puntuaciones; ejecute «nefro evaluate» y registre el modelo de nuevo")
    case .gotFile: Phrase("got its %1", "recibió su archivo: %1")
    case .leaky: Phrase("its scores are leaky: %1", "sus puntuaciones tienen fuga: %1")
    case .trainedOn:
      Phrase(
        "%1 of %2 scored pictures were trained on, %3 are slices of a series that was",
        "de %2 imágenes puntuadas, %1 se usaron para entrenar y %3 son cortes de una serie que se usó")
    case .honest:
      Phrase(
        "it was scored on series that it was not trained on", "se puntuó con series con las que no se entrenó")
    case .noMetric: Phrase("it has no metric '%1'", "no tiene la métrica «%1»")
    case .lowEnd: Phrase("the low end of %1", "el extremo inferior de %1")
    case .highEnd: Phrase("the high end of %1", "el extremo superior de %1")
    case .notJudged: Phrase("%1 cannot be judged: %2", "%1 no puede juzgarse: %2")
    case .boundIs: Phrase("%1 is %2, asked for is %3", "%1 es %2; se pide %3")
    case .least: Phrase("at least %1", "al menos %1")
    case .most: Phrase("at most %1", "como máximo %1")
    case .between: Phrase("at least %1 and at most %2", "al menos %1 y como máximo %2")
    case .notLocked:
      Phrase("it was not scored on a locked test set", "no se puntuó con un conjunto de prueba bloqueado")
    case .madeAfter:
      Phrase(
        "it was made after the test set was first opened (%1), so it may have been chosen by it",
        "se hizo después de abrirse por primera vez el conjunto de prueba (%1), así que pudo elegirse por él")
    case .opened:
      Phrase(
        "the test set was opened %1 times, allowed is %2",
        "el conjunto de prueba se abrió %1 veces; se permiten %2")
    case .notCompared:
      Phrase("it was not compared with the champion: %1", "no se comparó con el modelo que responde: %1")
    case .noPredictions:
      Phrase("one of the two has no predictions", "uno de los dos no tiene predicciones")
    case .difference:
      Phrase(
        "AUC minus the champion's is %1 (%2 to %3)", "la AUC menos la del modelo que responde es %1 (%2 a %3)")
    case .differenceWithout:
      Phrase("AUC minus the champion's is %1, %2", "la AUC menos la del modelo que responde es %1, %2")
    case .withInterval: Phrase("%1 (%2 to %3)", "%1 (%2 a %3)")
    case .wantsAbove:
      Phrase("%1, asked for is an interval above 0", "%1; se pide un intervalo por encima de 0")
    case .wantsLow:
      Phrase("%1, asked for is a low end of at least %2", "%1; se pide un extremo inferior de al menos %2")
    }
  }
}

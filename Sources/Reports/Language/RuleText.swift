/// From probability to answer: calibration, operating point, abstention and gate.
enum RuleText: PhraseTable {
  case title, intro, calibration, operatingPoint, abstention, gate
  case noCalibration, temperature, platt, mostProbable, threshold, chosenFor, chosenOn, everyAnswer, everyReferral,
    leastConfidence,
    choice,
    gateRule, gateRests, heldOut
  case measured, notMeasured, coverage, risk, refused, noneCalled, noneAnswered, noGateMeasured

  var phrase: Phrase {
    switch self {
    case .title: Phrase("From probability to answer", "De la probabilidad a la respuesta")
    case .intro:
      Phrase(
        "What stands between the network's output and an answer. The numbers are those of the model file.",
        "Lo que hay entre la salida de la red y una respuesta. Los números son los del archivo del modelo.")
    case .calibration: Phrase("Calibration", "Calibración")
    case .operatingPoint: Phrase("Operating point", "Punto de operación")
    case .abstention: Phrase("Abstention", "Abstención")
    case .gate: Phrase("Gate", "Filtro de entrada")
    case .noCalibration:
      Phrase("None: probabilities are the softmax as it is.", "Ninguna: las probabilidades son el softmax tal cual.")
    case .temperature: Phrase("Logits are divided by %1.", "Los logits se dividen por %1.")
    case .platt:
      Phrase(
        "Log odds of %1 become %2 + %3 times the model's.",
        "Los log odds de %1 pasan a ser %2 + %3 veces los del modelo.")
    case .mostProbable: Phrase("The most probable class is named.", "Se nombra la clase más probable.")
    case .threshold:
      Phrase("%1 is named from a probability of %2 on.", "Se nombra %1 a partir de una probabilidad de %2.")
    case .chosenFor: Phrase("Chosen for: %1.", "Elegido para: %1.")
    case .chosenOn:
      Phrase(
        "Chosen on %1 of %2, apart from training and scoring.",
        "Elegido con %1 de %2, aparte de las de entrenamiento y puntuación.")
    case .everyAnswer: Phrase("Every picture is answered.", "Se responde a toda imagen.")
    case .everyReferral:
      Phrase(
        "Every picture is referred: the answer is always \"uncertain, refer\".",
        "Se deriva toda imagen: la respuesta es siempre «incierto, derivar».")
    case .leastConfidence:
      Phrase(
        "Below a confidence of %1 the answer is \"uncertain, refer\".",
        "Por debajo de una confianza de %1 la respuesta es «incierto, derivar».")
    case .choice:
      Phrase(
        "There a share of %1 was answered and %2 of those answers were wrong (no interval: the rule was chosen on these pictures, so both flatter).",
        "Allí se respondió a una proporción de %1, y de esas respuestas fue errónea una proporción de %2 (sin intervalo: la regla se eligió con esas imágenes, así que ambas cifras son optimistas)."
      )
    case .gateRule:
      Phrase(
        "Refused as no kidney CT: a distance above %1, or colours of more than %2 grey levels.",
        "Se rechaza por no ser TC renal: una distancia superior a %1 o colores de más de %2 niveles de gris.")
    case .gateRests:
      Phrase(
        "The distance is Mahalanobis's in the features at %1. It was fitted on %2 of %3, so that %4 % of slices of unseen series would be refused.",
        "La distancia es la de Mahalanobis en las características de %1. Se ajustó con %2 de %3 para que se rechazara el %4 % de los cortes de series no vistas."
      )
    case .heldOut:
      Phrase(
        "Of training slices a share of %1 was refused by fits and thresholds of the other series (no interval: the folds' thresholds depend on each other).",
        "De los cortes de entrenamiento se rechazó una proporción de %1 con ajustes y umbrales de las demás series (sin intervalo: los umbrales de las particiones dependen unos de otros)."
      )
    case .measured:
      Phrase("What the rules do on the scored pictures", "Lo que hacen las reglas con las imágenes puntuadas")
    case .notMeasured:
      Phrase(
        "The scores do not say what the rules do; `nefro evaluate` measures it.",
        "Las puntuaciones no dicen qué hacen las reglas; `nefro evaluate` lo mide.")
    case .coverage: Phrase("coverage (share answered)", "cobertura (proporción respondida)")
    case .risk: Phrase("risk (wrong among the answered)", "riesgo (erróneas entre las respondidas)")
    case .refused: Phrase("refused by the gate", "rechazadas por el filtro de entrada")
    case .noneCalled: Phrase("undefined: no picture is called so", "indefinido: a ninguna imagen se la llama así")
    case .noneAnswered: Phrase("undefined: no picture is answered", "indefinido: no se responde a ninguna imagen")
    case .noGateMeasured: Phrase("the model has no gate", "el modelo no tiene filtro de entrada")
    }
  }
}

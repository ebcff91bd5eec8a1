/// Words on charts.
enum ChartText: PhraseTable {
  case noValues, logarithmic, epoch, loss, accuracy, training, validation, lossByEpoch, accuracyByEpoch
  case roc, sensitivity, falsePositives, chance, precisionRecall, precision, prevalence, reliability, said, observed,
    perfect, decision, threshold, netBenefit, model, treatAll, treatNone, riskCoverage, coverage, risk, noAbstention,
    confusion, trueClass, predictedClass, ofClass, all

  var phrase: Phrase {
    switch self {
    case .noValues: Phrase("no values yet", "todavía sin valores")
    case .logarithmic: Phrase("%1 (logarithmic scale)", "%1 (escala logarítmica)")
    case .epoch: Phrase("epoch", "época")
    case .loss: Phrase("loss", "pérdida")
    case .accuracy: Phrase("accuracy", "exactitud")
    case .training: Phrase("training", "entrenamiento")
    case .validation: Phrase("validation", "validación")
    case .lossByEpoch: Phrase("Loss by epoch", "Pérdida por época")
    case .accuracyByEpoch: Phrase("Accuracy by epoch", "Exactitud por época")
    case .roc: Phrase("ROC curve", "Curva ROC")
    case .sensitivity: Phrase("sensitivity", "sensibilidad")
    case .falsePositives: Phrase("1 - specificity", "1 - especificidad")
    case .chance: Phrase("chance", "azar")
    case .precisionRecall: Phrase("Precision and sensitivity", "Precisión y sensibilidad")
    case .precision: Phrase("precision", "precisión")
    case .prevalence: Phrase("prevalence", "prevalencia")
    case .reliability: Phrase("Reliability", "Fiabilidad")
    case .said: Phrase("probability given", "probabilidad dada")
    case .observed: Phrase("share of pictures that are", "proporción de imágenes que lo son")
    case .perfect: Phrase("perfect calibration", "calibración perfecta")
    case .decision: Phrase("Decision curve", "Curva de decisión")
    case .threshold: Phrase("threshold probability", "probabilidad umbral")
    case .netBenefit: Phrase("net benefit", "beneficio neto")
    case .model: Phrase("model", "modelo")
    case .treatAll: Phrase("treat all", "tratar a todos")
    case .treatNone: Phrase("treat none", "no tratar a nadie")
    case .riskCoverage: Phrase("Risk and coverage", "Riesgo y cobertura")
    case .coverage: Phrase("share of pictures answered", "proporción de imágenes respondidas")
    case .risk: Phrase("share of wrong answers", "proporción de respuestas erróneas")
    case .noAbstention: Phrase("no abstention", "sin abstención")
    case .confusion: Phrase("Confusion matrix", "Matriz de confusión")
    case .trueClass: Phrase("true class", "clase verdadera")
    case .predictedClass: Phrase("predicted class", "clase predicha")
    case .ofClass: Phrase("%1: %2", "%1: %2")
    case .all: Phrase("all", "todas")
    }
  }
}

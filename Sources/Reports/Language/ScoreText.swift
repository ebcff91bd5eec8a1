/// Metrics, curves, mistakes, subgroups, ladder and model.
enum ScoreText: PhraseTable {
  case report, card, runOf, madeBy, modelLine
  case metrics, metricIntro, metric, loss, accuracy, balancedAccuracy, sensitivity, specificity, auc, macroF1, brier,
    about,
    meansOverClasses, neverPredicted, undefinedPrecision, perClass, precision, f1, ofClass, confusionTable, intervals
  case curves, rocCaption, precisionCaption, confusionCaption
  case calibration, calibrationIntro, reliabilityCaption, calibrationTable, expectedError, slope, intercept, inTheLarge,
    separable, constant, notConverged, calibrated, notCalibrated
  case decision, decisionIntro, decisionCaption, predictiveTable, positiveValue, negativeValue, noneCalled
  case abstention, abstentionIntro, abstentionCaption, abstains, doesNotAbstain, gate, noGate
  case mistakes, noMistakes, mistakesIntro, ofModel, ofFinalModel, noEvidence, mistakeCaption, mistakeAlt, evidenceAlt,
    mistakeTable, picture, trueClass, answer, probability, series
  case subgroups, subgroupIntro, subgroupTitle, plane, size, site, axial, coronal, unknown, planeRule, subgroupTable,
    group,
    makeup, noSubgroups
  case ladder, ladderIntro, noLadder, ladderOfOtherData, ladderMadeBy
  case training, trainingCaption, model, network, frozenBase, trainedFrom, head, preprocessing, epochs, seed, digest,
    baseDigest, dataDigest, splitDigest, version, parameters, key

  var phrase: Phrase {
    switch self {
    case .report: Phrase("Report on the run %1", "Informe de la ejecución %1")
    case .card: Phrase("Model card: %1", "Ficha del modelo: %1")
    case .runOf: Phrase("Classes %1; scored on %2 of %3.", "Clases %1; puntuado con %2 de %3.")
    case .madeBy: Phrase("Made by %1.", "Hecho por %1.")
    case .modelLine: Phrase("Model %1, data %2.", "Modelo %1, datos %2.")
    case .metrics: Phrase("Metrics", "Métricas")
    case .metricIntro:
      Phrase(
        "Every figure stands with its interval, or says why it has none: with fewer than %1 series on a side nothing can be said of how it would vary.",
        "Cada cifra va con su intervalo o dice por qué no lo tiene: con menos de %1 series en un lado nada puede decirse de cuánto variaría."
      )
    case .metric: Phrase("metric", "métrica")
    case .loss: Phrase("log loss", "pérdida logarítmica")
    case .accuracy: Phrase("accuracy", "exactitud")
    case .balancedAccuracy: Phrase("balanced accuracy", "exactitud equilibrada")
    case .sensitivity: Phrase("sensitivity", "sensibilidad")
    case .specificity: Phrase("specificity", "especificidad")
    case .auc: Phrase("AUC", "AUC")
    case .macroF1: Phrase("macro F1", "F1 macro")
    case .brier: Phrase("Brier score", "puntuación de Brier")
    case .about: Phrase("%1 (%2)", "%1 (%2)")
    case .meansOverClasses:
      Phrase(
        "Sensitivity, specificity and AUC are means over classes, each against the rest.",
        "Sensibilidad, especificidad y AUC son medias de las clases, cada una frente al resto.")
    case .neverPredicted:
      Phrase(
        "Class %1 was never predicted, so its precision is undefined.",
        "La clase %1 no se predijo nunca, así que su precisión no está definida.")
    case .undefinedPrecision: Phrase("never predicted", "nunca predicha")
    case .perClass: Phrase("Each class", "Cada clase")
    case .precision: Phrase("precision", "precisión")
    case .f1: Phrase("F1", "F1")
    case .ofClass: Phrase("%1: %2", "%1: %2")
    case .confusionTable:
      Phrase(
        "Pictures by true class (rows) and predicted class (columns)",
        "Imágenes por clase verdadera (filas) y predicha (columnas)")
    case .intervals:
      Phrase(
        "Intervals are at %1 % and rest on series, not on pictures; the bootstrap drew %2 times with seed %3.",
        "Los intervalos son del %1 % y se apoyan en series, no en imágenes; el bootstrap sorteó %2 veces con la semilla %3."
      )
    case .curves: Phrase("Curves", "Curvas")
    case .rocCaption:
      Phrase("What each threshold gives. Area: %1.", "Lo que da cada umbral. Área: %1.")
    case .precisionCaption:
      Phrase(
        "Precision depends on the prevalence, here that of the scored pictures. Average precision: %1.",
        "La precisión depende de la prevalencia, aquí la de las imágenes puntuadas. Precisión media: %1.")
    case .confusionCaption:
      Phrase(
        "Numbers of pictures, and their share of the true class's.",
        "Número de imágenes y su proporción de las de la clase verdadera.")
    case .calibration: Phrase("Calibration", "Calibración")
    case .calibrationIntro:
      Phrase(
        "Whether of the pictures given 70 % about seven in ten are of the class. Bars count pictures; a bin with few series has a wide interval or none.",
        "Si de las imágenes a las que se dio un 70 % unas siete de cada diez son de la clase. Las barras cuentan imágenes; un tramo con pocas series tiene un intervalo ancho o ninguno."
      )
    case .reliabilityCaption:
      Phrase(
        "Expected calibration error %1.", "Error de calibración esperado %1.")
    case .calibrationTable:
      Phrase("Calibration of each class against the rest", "Calibración de cada clase frente al resto")
    case .expectedError: Phrase("expected calibration error", "error de calibración esperado")
    case .slope:
      Phrase("slope (1 is right; less is overconfident)", "pendiente (1 es lo correcto; menos, exceso de confianza)")
    case .intercept: Phrase("intercept (0 is right)", "ordenada (0 es lo correcto)")
    case .inTheLarge: Phrase("calibration in the large (0 is right)", "calibración global (0 es lo correcto)")
    case .separable:
      Phrase("undefined: the probabilities separate the classes", "indefinida: las probabilidades separan las clases")
    case .constant:
      Phrase(
        "undefined: every picture has the same probability", "indefinida: todas las imágenes tienen la misma probabilidad")
    case .notConverged:
      Phrase("undefined: the fit did not converge", "indefinida: el ajuste no convergió")
    case .calibrated:
      Phrase(
        "The model file holds a calibration, fitted on validation series; the probabilities judged here are those after it.",
        "El archivo del modelo contiene una calibración, ajustada con series de validación; las probabilidades juzgadas aquí son las posteriores."
      )
    case .notCalibrated:
      Phrase(
        "The model file holds no calibration: probabilities are the softmax as it is.",
        "El archivo del modelo no contiene calibración: las probabilidades son el softmax tal cual.")
    case .decision: Phrase("Decision curve", "Curva de decisión")
    case .decisionIntro:
      Phrase(
        "What using the model would gain, in true positives a picture, over treating nobody, if a false positive costs threshold / (1 - threshold) of a true one. A model is worth using only where it lies above both other lines. For the prevalence of the scored pictures, which is far above that of any clinic.",
        "Lo que ganaría usar el modelo, en verdaderos positivos por imagen, frente a no tratar a nadie, si un falso positivo cuesta umbral / (1 - umbral) de uno verdadero. Un modelo solo vale la pena donde queda por encima de las otras dos líneas. Con la prevalencia de las imágenes puntuadas, muy superior a la de cualquier consulta."
      )
    case .decisionCaption:
      Phrase(
        "Net benefit at threshold 0.5: %1. The band is the interval at each threshold; where there is none, none is drawn.",
        "Beneficio neto con umbral 0.5: %1. La franja es el intervalo en cada umbral; donde no lo hay, no se dibuja.")
    case .predictiveTable:
      Phrase(
        "What a call of %1 at probability 0.5 is worth at other prevalences",
        "Lo que vale decir %1 con probabilidad 0.5 a otras prevalencias")
    case .positiveValue:
      Phrase("positive predictive value, prevalence %1 %", "valor predictivo positivo, prevalencia %1 %")
    case .negativeValue:
      Phrase("negative predictive value, prevalence %1 %", "valor predictivo negativo, prevalencia %1 %")
    case .noneCalled: Phrase("undefined: no picture is called so", "indefinido: a ninguna imagen se la llama así")
    case .abstention: Phrase("Abstention", "Abstención")
    case .abstentionIntro:
      Phrase(
        "If only the surest answers were given, how many of them would be wrong. A curve that does not fall to the left means that the model does not know when it errs.",
        "Si solo se dieran las respuestas más seguras, cuántas serían erróneas. Una curva que no baja hacia la izquierda indica que el modelo no sabe cuándo yerra."
      )
    case .abstentionCaption:
      Phrase("Mean risk over all coverages: %1.", "Riesgo medio de todas las coberturas: %1.")
    case .abstains:
      Phrase(
        "The model file holds a rule for when not to answer; the figures above count every picture as answered.",
        "El archivo del modelo contiene una regla para no responder; las cifras de arriba cuentan toda imagen como respondida."
      )
    case .doesNotAbstain:
      Phrase(
        "The model file holds no rule for when not to answer.",
        "El archivo del modelo no contiene ninguna regla para no responder.")
    case .gate:
      Phrase("It refuses what does not look like a kidney CT.", "Rechaza lo que no parece una TC renal.")
    case .noGate:
      Phrase(
        "It has no gate: it answers for any picture, a photograph too.",
        "No tiene filtro de entrada: responde a cualquier imagen, también a una fotografía.")
    case .mistakes: Phrase("Confident mistakes", "Errores con mucha confianza")
    case .noMistakes: Phrase("No scored picture was answered wrongly.", "Ninguna imagen puntuada se respondió mal.")
    case .mistakesIntro:
      Phrase(
        "%1 of %2 scored pictures were answered wrongly. Shown are %3 of them: the surest of each series first.",
        "%1 de %2 imágenes puntuadas se respondieron mal. Se muestran %3: primero la más segura de cada serie.")
    case .ofModel:
      Phrase(
        "Beside each picture: where the evidence for the wrong answer lies (Grad-CAM), from none (as it is) to most (yellow).",
        "Junto a cada imagen: dónde está la evidencia de la respuesta errónea (Grad-CAM), de ninguna (tal cual) a la mayor (amarillo)."
      )
    case .ofFinalModel:
      Phrase(
        "Beside each picture: where the final model sees evidence for the wrong answer (Grad-CAM), from none (as it is) to most (yellow). The fold's own model, which gave the answer, is not kept; the final model was trained on these pictures, so the map is a hint and no more.",
        "Junto a cada imagen: dónde ve el modelo final evidencia de la respuesta errónea (Grad-CAM), de ninguna (tal cual) a la mayor (amarillo). El modelo de la partición, que dio la respuesta, no se guarda; el modelo final se entrenó con estas imágenes, así que el mapa es solo un indicio."
      )
    case .noEvidence:
      Phrase(
        "Where the evidence for these answers lies could not be drawn.",
        "No pudo dibujarse dónde está la evidencia de estas respuestas.")
    case .mistakeCaption: Phrase("%1: %2, answered %3 with %4.", "%1: %2, respondida %3 con %4.")
    case .mistakeAlt: Phrase("CT slice %1 of class %2", "Corte de TC %1 de la clase %2")
    case .evidenceAlt: Phrase("the same with the evidence for %1", "el mismo con la evidencia de %1")
    case .mistakeTable: Phrase("The mistakes shown", "Los errores mostrados")
    case .picture: Phrase("picture", "imagen")
    case .trueClass: Phrase("true class", "clase verdadera")
    case .answer: Phrase("answer", "respuesta")
    case .probability: Phrase("probability", "probabilidad")
    case .series: Phrase("series", "serie")
    case .subgroups: Phrase("Subgroups", "Subgrupos")
    case .subgroupIntro:
      Phrase(
        "Accuracy in parts of the scored pictures. Parts hold different shares of the classes, so a difference may be one of classes; intervals that overlap do not tell whether there is one.",
        "Exactitud en partes de las imágenes puntuadas. Las partes contienen proporciones distintas de las clases, así que una diferencia puede ser de clases; intervalos que se solapan no dicen si la hay."
      )
    case .subgroupTitle: Phrase("Accuracy by subgroup", "Exactitud por subgrupo")
    case .plane: Phrase("Plane", "Plano")
    case .size: Phrase("Picture size", "Tamaño de imagen")
    case .site: Phrase("Source", "Fuente")
    case .axial: Phrase("axial", "axial")
    case .coronal: Phrase("coronal", "coronal")
    case .unknown: Phrase("unknown", "desconocido")
    case .planeRule:
      Phrase(
        "The plane is told by the body's outline: taller than wide is coronal, wider than tall and clear of the upper and lower edge is axial, anything else unknown. An upright sagittal slice would count as coronal.",
        "El plano se deduce del contorno del cuerpo: más alto que ancho es coronal; más ancho que alto y separado de los bordes superior e inferior, axial; lo demás, desconocido. Un corte sagital en pie contaría como coronal."
      )
    case .subgroupTable: Phrase("Accuracy of each subgroup", "Exactitud de cada subgrupo")
    case .group: Phrase("subgroup", "subgrupo")
    case .makeup: Phrase("%1: %2 (%3)", "%1: %2 (%3)")
    case .noSubgroups: Phrase("No subgroups can be told.", "No pueden distinguirse subgrupos.")
    case .ladder: Phrase("The ladder: what leaks are worth", "La escalera: lo que valen las fugas")
    case .ladderIntro:
      Phrase(
        "One simple classifier, which is not this run's model, under splits that leak less and less. It shows what a split is worth on this data, not what the model is.",
        "Un clasificador sencillo, que no es el modelo de esta ejecución, con divisiones que filtran cada vez menos. Muestra lo que vale una división con estos datos, no lo que vale el modelo."
      )
    case .noLadder:
      Phrase(
        "No ladder of this data was found. `nefro reproduce` makes one. On this kind of data a random split gives figures near 1 that say nothing of new patients.",
        "No se encontró ninguna escalera de estos datos. `nefro reproduce` la hace. Con datos así una división al azar da cifras cercanas a 1 que no dicen nada de pacientes nuevos."
      )
    case .ladderOfOtherData:
      Phrase(
        "This ladder was made of other data: %1. It says nothing of this run's data (%2).",
        "Esta escalera se hizo con otros datos: %1. No dice nada de los datos de esta ejecución (%2).")
    case .ladderMadeBy: Phrase("Made by %1.", "Hecha por %1.")
    case .training: Phrase("Training", "Entrenamiento")
    case .trainingCaption:
      Phrase(
        "Loss and accuracy by epoch, dropout and augmentation included. They steer the training and are no scores, so they have no intervals.",
        "Pérdida y exactitud por época, incluidos dropout y aumento de datos. Guían el entrenamiento y no son puntuaciones, así que no llevan intervalo.")
    case .model: Phrase("Model", "Modelo")
    case .network: Phrase("Base", "Base")
    case .frozenBase: Phrase("%1, frozen", "%1, congelada")
    case .trainedFrom: Phrase("%1, trained from %2", "%1, entrenada desde %2")
    case .head: Phrase("Head", "Cabeza")
    case .preprocessing: Phrase("Preprocessing", "Preprocesado")
    case .epochs: Phrase("Epochs", "Épocas")
    case .seed: Phrase("Seed", "Semilla")
    case .digest: Phrase("Model's digest", "Huella del modelo")
    case .baseDigest: Phrase("Base's digest", "Huella de la base")
    case .dataDigest: Phrase("Data's digest", "Huella de los datos")
    case .splitDigest: Phrase("Split's digest", "Huella de la división")
    case .version: Phrase("Program", "Programa")
    case .parameters: Phrase("Parameters", "Parámetros")
    case .key: Phrase("key", "clave")
    }
  }
}

import Reports

/// What a shipped model's card says, sentence by sentence, with what a Spanish page says in its place: the file itself
/// is in English. A value `%1` is whatever stands there, `#1` a number. A sentence that is not here is shown as it is.
package enum CardText {
  package static let phrases: [Phrase] = purpose + making + scores + limits + cells

  private static let purpose: [Phrase] = [
    Phrase("%1: %2 on CT slices", "%1: %2 en cortes de TC"),
    Phrase("Model `%1`, made by `nefro heads` with seed #2.", "Modelo `%1`, hecho por `nefro heads` con la semilla #2."),
    Phrase(
      "Research use only: no answer is a diagnosis.", "Solo para investigación: ninguna respuesta es un diagnóstico."),
    Phrase("For what, and not for what", "Para qué sirve y para qué no"),
    Phrase(
      "For research on classifiers of single kidney CT slices, and to try the program without training.",
      "Para investigar clasificadores de cortes sueltos de TC renal y para probar el programa sin entrenar."),
    Phrase(
      "Not for patients: not for diagnosis, triage or second opinions.",
      "No es para pacientes: ni para diagnóstico, ni para triaje, ni como segunda opinión."),
    Phrase(
      "It was never tried on another hospital's pictures.", "Nunca se probó con imágenes de otro hospital."),
    Phrase("It tells %1 apart.", "Distingue %1."),
    Phrase(
      "It does not know %1: see below what it says of them.", "No conoce %1: abajo se dice qué responde ante esas imágenes."),
    Phrase(
      "It does not know %1 and %2: see below what it says of them.",
      "No conoce %1 ni %2: abajo se dice qué responde ante esas imágenes."),
    Phrase(
      "A picture of anything else gets one of these answers all the same.",
      "Una imagen de cualquier otra cosa recibe igualmente una de estas respuestas."),
    Phrase(
      "What it looks at is texture, sharpness and grey level in early layers, without places.",
      "Lo que mira es la textura, la nitidez y el nivel de gris en las primeras capas, sin saber en qué lugar."),
    Phrase(
      "That may be the scanner's, the window's or the encoder's as much as the tissue's; with these data they cannot be told apart.",
      "Eso puede venir del equipo, de la ventana o de la compresión tanto como del tejido; con estos datos no puede separarse."),
    Phrase("See how it bears changed pictures.", "Véase cómo soporta imágenes alteradas."),
    Phrase(
      "`nefro explain` draws where its evidence lies, which is not where a finding is: on #1 drawn tumours the peak of the shipped two-class model's evidence lay in the tumour no more often than chance, by contributions and by Grad-CAM in a share of %2, by occlusion in %3; by chance it would in #4 (`docs/validation.md`).",
      "`nefro explain` dibuja dónde está su evidencia, que no es donde está un hallazgo: en #1 tumores dibujados, el máximo de la evidencia del modelo de dos clases que se entrega cayó en el tumor no más a menudo que al azar: por contribuciones y por Grad-CAM en una proporción de %2, por oclusión de %3; al azar sería de #4 (`docs/validation.md`)."
    ),
  ]

  private static let making: [Phrase] = [
    Phrase("Data", "Datos"),
    Phrase(
      "Pictures of two releases of the public \"%1\" (Islam et al. 2022, hospitals in Dhaka); no patient identifiers were released, so series were found from numbers and look, on both releases together. #2 pairs of copies were found; both sides of each are in one series.",
      "Imágenes de dos publicaciones del conjunto público «%1» (Islam et al. 2022, hospitales de Daca); no se publicó ningún identificador de paciente, así que las series se hallaron por los números y el aspecto, en ambas publicaciones a la vez. Se hallaron #2 parejas de copias; los dos lados de cada una están en una misma serie."
    ),
    Phrase(
      "%1 has #2 series: a recall of it moves by #3 when one of them flips.",
      "%1 tiene #2 series: su sensibilidad se mueve #3 cuando cambia una de ellas."),
    Phrase(
      "So little data can hardly choose between recipes, and the figures below say little of other patients, nothing of other hospitals.",
      "Con tan pocos datos apenas puede elegirse entre recetas, y las cifras de abajo dicen poco de otros pacientes y nada de otros hospitales."
    ),
    Phrase("How it was made", "Cómo se hizo"),
    Phrase(
      "Preprocessing `%1`; VGG-16 (ImageNet weights, digest `%2`), frozen, up to block3_pool; %3; each block scaled to variance 1 in all; multinomial logistic regression, every class weighing alike, L2 penalty %4, at most %5 iterations of L-BFGS from zero (%6).",
      "Preprocesamiento `%1`; VGG-16 (pesos de ImageNet, huella `%2`), congelada, hasta block3_pool; %3; cada bloque escalado a una varianza total de 1; regresión logística multinomial en que cada clase pesa lo mismo, penalización L2 de %4, como mucho %5 iteraciones de L-BFGS desde cero (%6)."
    ),
    Phrase("#1 made", "se hicieron #1"),
    Phrase("#1 made, stopped there", "se hicieron #1 y ahí se detuvo"),
    Phrase(
      "root of block2_pool mean, block2_pool deviation, block3_pool mean, block3_pool deviation, block3_pool deviation of 7x7 cells, v1",
      "raíz de la media de block2_pool, la desviación de block2_pool, la media de block3_pool, la desviación de block3_pool y la desviación de block3_pool en celdas de 7x7, v1"
    ),
    Phrase(
      "Trained on #1 pictures and on copies of them, #2 rows in all, a picture weighing what it would without copies: %3.",
      "Entrenado con #1 imágenes y con copias de ellas, #2 filas en total; cada imagen pesa lo que pesaría sin copias: %3."),
    Phrase(
      "JPEG #1, blur #2 px, bilinear instead of Lanczos, straight to the network's size",
      "JPEG #1, desenfoque de #2 px, bilineal en vez de Lanczos, directamente al tamaño de la red"),
    Phrase(
      "This head is the columns of %1 and %2 of the head fitted to %3.",
      "Esta cabeza son las columnas de %1 y %2 de la cabeza ajustada a %3."),
    Phrase(
      "The recipe was found by looking at cross-validated figures of the same pictures (`%1`), so all figures flatter somewhat.",
      "La receta se halló mirando cifras de validación cruzada de las mismas imágenes (`%1`), de modo que todas las cifras son algo halagüeñas."
    ),
  ]

  private static let scores: [Phrase] = [
    Phrase("Cross-validated figures: whole series held out", "Cifras de validación cruzada: series enteras apartadas"),
    Phrase(
      "#1 folds of whole series, drawn #2 times (#3 different foldings); no copy on two sides (#4 pairs across).",
      "#1 particiones de series enteras, sorteadas #2 veces (#3 repartos distintos); ninguna copia en dos lados (#4 parejas repartidas)."
    ),
    Phrase(
      "**Macro-F1 %1, AUC %2**: means over the draws, intervals over series.",
      "**F1 macro %1, AUC %2**: medias de los sorteos, intervalos por series."),
    Phrase(
      "From draw to draw macro-F1 is %1, AUC %2: the same series in folds that are balanced, hence alike.",
      "De un sorteo a otro, el F1 macro va de %1 y la AUC de %2: las mismas series en particiones equilibradas y, por tanto, parecidas."
    ),
    Phrase(
      "Over new patients the spread is that of the intervals or larger.",
      "Con pacientes nuevos la dispersión es la de los intervalos o mayor."),
    Phrase("Beside it, a figure that is too good", "Al lado, una cifra demasiado buena"),
    Phrase(
      "Runs of at most #1 neighbouring slices held out, so that other slices of the same patient are trained on, over #2 draws; #3 times a pair of near copies, mostly neighbours, lies on two sides.",
      "Se apartan tramos de como mucho #1 cortes vecinos, de modo que se entrena con otros cortes del mismo paciente, en #2 sorteos; #3 veces una pareja de casi copias, casi siempre vecinas, queda en dos lados."
    ),
    Phrase(
      "**This is not patient-separated and no score for new patients.**",
      "**Esto no separa pacientes y no es una puntuación para pacientes nuevos.**"),
    Phrase(
      "It stands here because published figures of this data set are of this kind or leakier.",
      "Está aquí porque las cifras publicadas de estos datos son de este tipo o tienen aún más fuga."),
    Phrase(
      "By class (whole series held out; figures are means over the draws, counts of answers those of the first)",
      "Por clase (series enteras apartadas; las cifras son medias de los sorteos y los recuentos de respuestas, los del primero)"
    ),
    Phrase("Changed pictures", "Imágenes alteradas"),
    Phrase(
      "The same held-out pictures, as they are and changed.", "Las mismas imágenes apartadas, tal como son y alteradas."),
  ]

  private static let limits: [Phrase] = [
    Phrase(
      "Calibration (whole series held out, first draw)", "Calibración (series enteras apartadas, primer sorteo)"),
    Phrase(
      "Temperature of all out-of-fold answers: %1.", "Temperatura de todas las respuestas fuera de su partición: %1."),
    Phrase(
      "Decision: a temperature from other folds does not lower both log loss and Brier score, so probabilities stay as they are.",
      "Decisión: una temperatura de las otras particiones no baja a la vez la pérdida logarítmica y la puntuación de Brier, así que las probabilidades quedan como son."
    ),
    Phrase(
      "Decision: a temperature from other folds lowers both log loss and Brier score, so the model carries it.",
      "Decisión: una temperatura de las otras particiones baja a la vez la pérdida logarítmica y la puntuación de Brier, así que el modelo la lleva."
    ),
    Phrase(
      "When it does not answer (whole series held out, first draw)",
      "Cuándo no responde (series enteras apartadas, primer sorteo)"),
    Phrase(
      "Answered from confidence #1 on (the surest #2 of the pictures).",
      "Responde desde una confianza de #1 (el #2 más seguro de las imágenes)."),
    Phrase(
      "By rules fitted to the other folds %1 of the pictures are answered, and %2 of those answers are wrong; of the labels of referred pictures %3 are.",
      "Con reglas ajustadas a las otras particiones se responde a %1 de las imágenes, y %2 de esas respuestas son erróneas; de las etiquetas de las imágenes derivadas lo son %3."
    ),
    Phrase(
      "So few series can promise a share of answers, no share of wrong ones: at a new hospital either may be far off.",
      "Tan pocas series pueden prometer una proporción de respuestas, no una de errores: en otro hospital ambas pueden quedar muy lejos."
    ),
    Phrase(
      "Not a kidney CT: pictures with colour, and pictures whose mean features at %1 lie far from those of the training pictures and their changed copies, are refused.",
      "No es TC renal: se rechazan las imágenes con color y aquellas cuyas características medias en %1 quedan lejos de las de las imágenes de entrenamiento y sus copias alteradas."
    ),
    Phrase(
      "The gate was fitted on #1 pictures of #2 series; of training slices whose series was left out #3 % were refused (no interval: the folds' thresholds depend on each other).",
      "La puerta se ajustó con #1 imágenes de #2 series; de los cortes de entrenamiento cuya serie se dejó fuera rechazó el #3 % (sin intervalo: los umbrales de las particiones dependen unos de otros)."
    ),
    Phrase(
      "What it lets in of pictures of other things is in `docs/validation.md`, \"What the gate lets in\".",
      "Lo que deja pasar de imágenes de otras cosas está en `docs/validation.md`, «What the gate lets in»."),
    Phrase("Abdominal CT without a kidney was not tested.", "No se probó con TC abdominal sin riñón."),
    Phrase("Classes it does not know", "Clases que no conoce"),
    Phrase(
      "Held-out pictures of them, answered by heads that saw none of their series.",
      "Imágenes apartadas de ellas, respondidas por cabezas que no vieron ninguna de sus series."),
    Phrase(
      "A high share of either answer is no evidence for it.",
      "Una proporción alta de una de las respuestas no es evidencia a su favor."),
    Phrase("Licences", "Licencias"),
    Phrase(
      "Data: CT Kidney Dataset, Kaggle, Islam et al., %1; see the data set's page for its terms.",
      "Datos: CT Kidney Dataset, Kaggle, Islam et al., %1; sus condiciones están en la página de los datos."),
    Phrase("No picture is in this file.", "Este archivo no contiene ninguna imagen."),
    Phrase(
      "Base: VGG-16 of Simonyan and Zisserman (2014), weights under CC BY 4.0; not in this file either, but named by digest.",
      "Base: VGG-16 de Simonyan y Zisserman (2014), pesos con licencia CC BY 4.0; tampoco está en este archivo, que la nombra por su huella."
    ),
    Phrase("This head: the licence of the repository.", "Esta cabeza: la licencia del repositorio."),
  ]

  /// What stands in tables, and figures within sentences.
  private static let cells: [Phrase] = [
    Phrase("class", "clase"), Phrase("pictures", "imágenes"), Phrase("metric", "métrica"), Phrase("value", "valor"),
    Phrase("95 % interval", "intervalo del 95 %"), Phrase("true class", "clase verdadera"),
    Phrase("sensitivity", "sensibilidad"), Phrase("specificity", "especificidad"), Phrase("precision", "precisión"),
    Phrase("never predicted", "nunca predicha"), Phrase("loss", "pérdida"), Phrase("accuracy", "exactitud"),
    Phrase("balanced accuracy", "exactitud equilibrada"), Phrase("auc", "AUC"), Phrase("macro f1", "F1 macro"),
    Phrase("brier", "Brier"), Phrase("held out", "se aparta"), Phrase("change", "cambio"),
    Phrase("right as they are", "aciertos tal como son"), Phrase("right changed", "aciertos alteradas"),
    Phrase("same answer", "misma respuesta"), Phrase("whole series", "series enteras"),
    Phrase("runs of at most #1 neighbouring slices", "tramos de como mucho #1 cortes vecinos"),
    Phrase("brightness x #1", "brillo x #1"), Phrase("mirrored", "en espejo"), Phrase("#1 px and back", "a #1 px y de vuelta"),
    Phrase("noise of #1 grey levels", "ruido de #1 niveles de gris"),
    Phrase("bilinear instead of Lanczos", "bilineal en vez de Lanczos"),
    Phrase("straight to the network's size", "directamente al tamaño de la red"),
    Phrase("probabilities", "probabilidades"), Phrase("log loss", "pérdida logarítmica"),
    Phrase("expected calibration error", "error de calibración esperado"), Phrase("as they are", "tal como son"),
    Phrase("temperature of the other folds", "temperatura de las otras particiones"),
    Phrase("answered %1", "respondidas %1"), Phrase("share answered %1", "proporción respondida %1"),
    Phrase("mean probability of the answer", "probabilidad media de la respuesta"),
    Phrase("#1 to #2", "#1 a #2"), Phrase("#1 (#2 to #3)", "#1 (#2 a #3)"),
    Phrase("#1 to #2, LEAKY split", "#1 a #2, división CON FUGA"),
    Phrase("#1 (#2 to #3, LEAKY split)", "#1 (#2 a #3, división CON FUGA)"),
    Phrase("#1 (no interval: #2 series)", "#1 (sin intervalo: #2 series)"),
    Phrase("#1 (no interval: #2 series, LEAKY split)", "#1 (sin intervalo: #2 series, división CON FUGA)"),
  ]
}

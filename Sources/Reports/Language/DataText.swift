/// Data, audit, split and the test set's ledger.
enum DataText: PhraseTable {
  case title, amount, setAside, sizes, classTable, className, scored
  case audit, noAudit, sameFile, samePixels, nearCopies, surplus, surplusMeaning, conflicts, noConflict, odd, features, hashOnly
  case shortcut, shortcutFound, shortcutSuspected, shortcutUnknown, shortcutNotFound
  case split, bySeries, byPicture, byKeras, byPatient, byLook, byPatientAndLook, heldOut, kerasHead, folds, repeats, part, training,
    validation, answered, leak, chosenOn, parts, splitIdentity
  case ledger, noTestSet, openedFirst, openedOften, crossValidatedBefore, seenBefore, openedSince, openingUnknown, madeBefore,
    madeAfter, chosenByTest, openingAccepted, ledgerTable, line, time, event, modelWritten, opened, crossValidated, modelDigest

  var phrase: Phrase {
    switch self {
    case .title: Phrase("Data", "Datos")
    case .amount: Phrase("%1 in %2, of %3.", "%1 en %2, de %3.")
    case .setAside:
      Phrase("%1 files could not be used and were set aside.", "%1 archivos no pudieron usarse y se apartaron.")
    case .sizes: Phrase("Different picture sizes: %1.", "Tamaños de imagen distintos: %1.")
    case .classTable: Phrase("Pictures and series of each class", "Imágenes y series de cada clase")
    case .className: Phrase("class", "clase")
    case .scored: Phrase("scored", "puntuadas")
    case .audit: Phrase("Audit of the data", "Auditoría de los datos")
    case .noAudit:
      Phrase(
        "No audit was made. `nefro report` makes one unless it is told not to.",
        "No se hizo ninguna auditoría. `nefro report` la hace si no se le pide lo contrario.")
    case .sameFile: Phrase("Pairs of the same file", "Pares del mismo archivo")
    case .samePixels: Phrase("Pairs of the same pixels", "Pares de los mismos píxeles")
    case .nearCopies: Phrase("Pairs of near copies", "Pares de copias aproximadas")
    case .surplus:
      Phrase(
        "Pictures that would go if each set of linked copies kept one",
        "Imágenes que sobrarían si cada conjunto de copias enlazadas conservara una")
    case .surplusMeaning:
      Phrase(
        "Slices of a stack are linked from neighbour to neighbour, so that a set may hold a whole series. The ladder leaves out fewer: only what is a copy of a picture that it keeps.",
        "Los cortes de una pila se enlazan de vecino en vecino, así que un conjunto puede abarcar una serie entera. La escalera deja fuera menos: solo lo que es copia de una imagen que conserva.")
    case .conflicts: Phrase("Pairs of copies under two classes", "Pares de copias en dos clases")
    case .noConflict:
      Phrase("One of the labels of each pair is wrong.", "Una de las etiquetas de cada par es errónea.")
    case .odd: Phrase("Pictures unlike the others in format", "Imágenes de formato distinto a las demás")
    case .features: Phrase("Pictures were compared by hash, structure and VGG-16 features.", "Las imágenes se compararon por hash, estructura y características de VGG-16.")
    case .hashOnly: Phrase("Pictures were compared by hash and structure alone.", "Las imágenes se compararon solo por hash y estructura.")
    case .shortcut: Phrase("Classes told by the files' format alone", "Clases que delata el solo formato de los archivos")
    case .shortcutFound:
      Phrase(
        "Yes: a model may have learned how files were made instead of what they show.",
        "Sí: un modelo puede haber aprendido cómo se hicieron los archivos en lugar de lo que muestran.")
    case .shortcutSuspected:
      Phrase("It seems so, but there are too few series to be sure.", "Parece que sí, pero hay muy pocas series para asegurarlo.")
    case .shortcutUnknown:
      Phrase("It cannot be told with so few series.", "No puede saberse con tan pocas series.")
    case .shortcutNotFound:
      Phrase("Not on series that were not learned from.", "No en series de las que no se aprendió.")
    case .split: Phrase("Split and how the scores come about", "División y origen de las cifras")
    case .bySeries:
      Phrase(
        "Whole series were divided, so that no series is on two sides.",
        "Se repartieron series enteras, de modo que ninguna está en dos lados.")
    case .byPicture:
      Phrase(
        "Picture by picture: slices of one series are on both sides.",
        "Imagen por imagen: hay cortes de una misma serie en ambos lados.")
    case .byKeras:
      Phrase(
        "As Keras's validation_split does: the head of each class's sorted list was set aside.",
        "Como validation_split de Keras: se apartó el comienzo de la lista ordenada de cada clase.")
    case .byPatient: Phrase("Series are the patients that the data name.", "Las series son los pacientes que nombran los datos.")
    case .byLook:
      Phrase(
        "Series were found by look and number; they stand in for patients, who are not known.",
        "Las series se hallaron por aspecto y número; hacen las veces de pacientes, que no se conocen.")
    case .byPatientAndLook:
      Phrase(
        "Series are patients where the data name them, and found by look and number for the rest.",
        "Las series son pacientes donde los datos los nombran; las demás se hallaron por aspecto y número.")
    case .heldOut:
      Phrase(
        "The scores are the model's answers for pictures that were set aside.",
        "Las cifras son las respuestas del modelo a imágenes apartadas.")
    case .kerasHead:
      Phrase(
        "The scores are the model's answers for the head of each class's list.",
        "Las cifras son las respuestas del modelo al comienzo de la lista de cada clase.")
    case .folds:
      Phrase(
        "Too few series to set any aside: the scores are pooled over %1 grouped folds. Each picture was answered by a model that was trained like this one, without the series it answers; the model file itself was not scored.",
        "Hay muy pocas series para apartar alguna: las cifras reúnen %1 particiones por series. A cada imagen respondió un modelo entrenado como este, sin la serie que responde; el archivo del modelo en sí no se puntuó.")
    case .repeats:
      Phrase(
        "The folds were drawn %1 times: metrics are means over the repeats, while curves, the confusion matrix, subgroups, mistakes and what calibration and rule do rest on the answers of the first repeat, so that their figures may differ.",
        "Las particiones se sortearon %1 veces: las métricas son medias de las repeticiones, mientras que las curvas, la matriz de confusión, los subgrupos, los errores y lo que hacen la calibración y la regla se apoyan en las respuestas de la primera repetición, así que sus cifras pueden diferir.")
    case .part: Phrase("part", "parte")
    case .training: Phrase("training", "entrenamiento")
    case .validation: Phrase("validation", "validación")
    case .answered: Phrase("scored", "puntuadas")
    case .leak:
      Phrase(
        "LEAKY split: %1 of the %2 scored pictures were trained on, and %3 more are slices of a series that was. These figures say nothing of new patients; they were accepted with --accept-leakage.",
        "División CON FUGA: con %1 de las %2 imágenes puntuadas se entrenó, y otras %3 son cortes de una serie con la que se entrenó. Estas cifras no dicen nada de pacientes nuevos; se aceptaron con --accept-leakage.")
    case .chosenOn:
      Phrase(
        "%1 of the scored pictures are the validation part, which early stopping and the plateau schedule look at.",
        "%1 de las imágenes puntuadas son la parte de validación, que miran la parada temprana y el plan de meseta.")
    case .parts: Phrase("Pictures and series of each part", "Imágenes y series de cada parte")
    case .splitIdentity: Phrase("Split %1, seed %2.", "División %1, semilla %2.")
    case .ledger: Phrase("The test set's ledger", "Libro de registro del conjunto de prueba")
    case .noTestSet:
      Phrase(
        "No test part was set aside, so none was opened. That the pictures were scored by cross-validation is in the ledger all the same: as a later test set they would not be unseen.",
        "No se apartó un conjunto de prueba, así que ninguno se abrió. Que las imágenes se puntuaron por validación cruzada consta en el libro de todos modos: como conjunto de prueba posterior ya no serían inéditas.")
    case .openedFirst:
      Phrase("The test set's %1 were opened for the first time.", "El conjunto de prueba (%1) se abrió por primera vez.")
    case .openedOften:
      Phrase(
        "The test set's %1 were opened %2 times up to these scores.",
        "El conjunto de prueba (%1) se abrió %2 veces hasta estas cifras.")
    case .crossValidatedBefore:
      Phrase(
        "Cross-validation had scored some of them before (times: %1).",
        "Una validación cruzada había puntuado antes algunas de ellas (veces: %1).")
    case .seenBefore:
      Phrase(
        "%1 of the pictures had been shown before, first on %2.",
        "%1 de las imágenes ya se habían mostrado antes, la primera vez el %2.")
    case .openedSince:
      Phrase(
        "After these scores they were opened again (times: %1).",
        "Después de estas cifras se volvieron a abrir (veces: %1).")
    case .openingUnknown:
      Phrase(
        "The ledger does not have the opening that these scores name: it is not the one they were written beside.",
        "El libro de registro no contiene la apertura que nombran estas cifras: no es aquel junto al que se escribieron.")
    case .madeBefore:
      Phrase(
        "This model, with its thresholds and calibration, is older than that.",
        "Este modelo, con sus umbrales y su calibración, es anterior.")
    case .madeAfter:
      Phrase(
        "This model was made after test pictures were first scored.",
        "Este modelo se hizo después de que se puntuaran por primera vez imágenes de prueba.")
    case .chosenByTest:
      Phrase(
        "It may have been chosen by the test set, so the scores may be too good. Only new pictures can tell.",
        "Puede haberse elegido por el conjunto de prueba, así que las cifras pueden ser demasiado buenas. Solo imágenes nuevas pueden aclararlo.")
    case .openingAccepted:
      Phrase(
        "It was accepted with --accept-opened-test-set, and every figure is marked.",
        "Se aceptó con --accept-opened-test-set, y cada cifra lleva la marca.")
    case .ledgerTable: Phrase("Lines of the ledger", "Líneas del libro de registro")
    case .line: Phrase("line", "línea")
    case .time: Phrase("time (UTC)", "hora (UTC)")
    case .event: Phrase("event", "suceso")
    case .modelWritten: Phrase("model written", "modelo escrito")
    case .opened: Phrase("test set opened", "conjunto de prueba abierto")
    case .crossValidated: Phrase("scored by cross-validation", "puntuado por validación cruzada")
    case .modelDigest: Phrase("model", "modelo")
    }
  }
}

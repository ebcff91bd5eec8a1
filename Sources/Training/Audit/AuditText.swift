import Reports

/// What an audit says, in both languages.
package enum AuditText: PhraseTable {
  case title, facts, comparedBy, dataSet
  case withFeatures, withoutFeatures, withoutWeights
  case exactCopies, exactCounts, nearCopies, nearCounts, noNearCopies, nearAreNeighbours
  case labelConflicts, noConflicts, conflicts
  case series, seriesCounts, seriesByLook, largestShown
  case sizesAndModes, noneOdd, odd, unlikeTheOthers
  case setAside, noneSetAside, someSetAside, file, reason
  case shortcuts, shown, findings, classesAndFormats
  case className, pictures, sizes, mostFrequentSize, modes, medianBytes
  case and, mirrored, detail, hashBits, featureDistance
  case oddSize, oddMode, tiny, narrow, coloured, black
  case leftToRight, topToBottom, turned
  case traitAlone, areaUnderCurve, traitTable, ruleTable, value

  package var phrase: Phrase {
    switch self {
    case .title: Phrase("Audit of %1", "Auditoría de %1")
    case .facts: Phrase("%1, %2, %3", "%1, %2, %3")
    case .comparedBy: Phrase("Compared by %1.", "Comparadas por %1.")
    case .dataSet: Phrase("Data set %1, %2", "Conjunto de datos %1, %2")
    case .withFeatures:
      Phrase(
        "perceptual hash, structure and backbone features (VGG-16, global average of block5_pool, 512 numbers)",
        "hash perceptual, estructura y características de la red base (VGG-16, media global de block5_pool, 512 números)")
    case .withoutFeatures:
      Phrase(
        "perceptual hash and structure alone (backbone features were not asked for)",
        "hash perceptual y estructura solamente (no se pidieron características de la red base)")
    case .withoutWeights:
      Phrase(
        "perceptual hash and structure alone: no VGG-16 weights are stored",
        "hash perceptual y estructura solamente: no hay pesos de VGG-16 guardados")
    case .exactCopies: Phrase("Exact copies", "Copias exactas")
    case .exactCounts:
      Phrase(
        "%1 pairs of the same bytes, %2 more with the same pixels.",
        "%1 pares con los mismos bytes, %2 más con los mismos píxeles.")
    case .nearCopies: Phrase("Near copies", "Copias aproximadas")
    case .nearCounts:
      Phrase(
        "%1 pairs, %2 of them mirrored. In %3 pairs the finest detail agrees to 0.99 or more, as in one slice that was encoded twice. If each set of linked copies, of any kind, kept one, %4 of %5 pictures would be left.",
        "%1 pares, %2 de ellos reflejados. En %3 pares el detalle más fino coincide en 0.99 o más, como en un mismo corte codificado dos veces. Si cada conjunto de copias enlazadas, de cualquier tipo, conservara una, quedarían %4 de %5 imágenes.")
    case .noNearCopies: Phrase("no pair.", "ningún par.")
    case .nearAreNeighbours:
      Phrase(
        "Neighbouring slices of one study may be as alike as copies, and count as such: for a split it is the same. Mirrored pairs come first, then those whose detail agrees most.",
        "Los cortes vecinos de un mismo estudio pueden parecerse tanto como copias y cuentan como tales: para una división es lo mismo. Primero van los pares reflejados y después aquellos cuyo detalle más coincide.")
    case .labelConflicts: Phrase("Label conflicts", "Etiquetas en conflicto")
    case .noConflicts: Phrase("no picture lies under two classes.", "ninguna imagen está en dos clases.")
    case .conflicts:
      Phrase(
        "%1 pairs lie under two classes; one of the labels of each is wrong.",
        "%1 pares están en dos clases; una de las etiquetas de cada par es errónea.")
    case .series: Phrase("Series", "Series")
    case .seriesCounts:
      Phrase(
        "%1; the largest has %2; %3 of them hold pictures of several classes.",
        "%1; la mayor tiene %2; %3 de ellas contienen imágenes de varias clases.")
    case .seriesByLook:
      Phrase(
        "Series were found by look; they stand in for patients, who are not known here.",
        "Las series se encontraron por su aspecto; representan a los pacientes, que aquí no se conocen.")
    case .largestShown: Phrase("The %1 largest are shown.", "Se muestran las %1 mayores.")
    case .sizesAndModes: Phrase("Sizes and modes", "Tamaños y modos")
    case .noneOdd: Phrase("no picture is unlike the others.", "ninguna imagen es distinta de las demás.")
    case .odd:
      Phrase(
        "%1 are unlike the others; the first: %2, %3.", "%1 distintas de las demás; la primera: %2, %3.")
    case .unlikeTheOthers: Phrase("Unlike the others", "Distintas de las demás")
    case .setAside: Phrase("Set aside", "Apartados")
    case .noneSetAside: Phrase("no file.", "ningún archivo.")
    case .someSetAside:
      Phrase("%1 files cannot be used; the first: %2: %3", "%1 archivos no se pueden usar; el primero: %2: %3")
    case .file: Phrase("file", "archivo")
    case .reason: Phrase("reason", "motivo")
    case .shortcuts: Phrase("Shortcuts", "Atajos")
    case .shown: Phrase("%1 of %2 pairs are shown.", "Se muestran %1 de %2 pares.")
    case .findings: Phrase("What was found", "Qué se encontró")
    case .classesAndFormats: Phrase("Classes and formats", "Clases y formatos")
    case .className: Phrase("class", "clase")
    case .pictures: Phrase("pictures", "imágenes")
    case .sizes: Phrase("sizes", "tamaños")
    case .mostFrequentSize: Phrase("most frequent size", "tamaño más frecuente")
    case .modes: Phrase("modes", "modos")
    case .medianBytes: Phrase("median bytes", "mediana de bytes")
    case .and: Phrase("%1 and %2", "%1 y %2")
    case .mirrored: Phrase("mirrored: %1", "reflejada: %1")
    case .detail: Phrase("detail %1", "detalle %1")
    case .hashBits: Phrase("%1 bits of the hash differ", "difieren %1 bits del hash")
    case .featureDistance: Phrase("feature distance %1", "distancia de características %1")
    case .oddSize: Phrase("%1 pixels where others have %2", "%1 píxeles donde las demás tienen %2")
    case .oddMode: Phrase("mode %1 where others have %2", "modo %1 donde las demás tienen %2")
    case .tiny: Phrase("only %1 pixels", "solo %1 píxeles")
    case .narrow: Phrase("%1 pixels: very narrow for a slice", "%1 píxeles: muy estrecha para un corte")
    case .coloured: Phrase("shows colours: a mark, or no CT", "tiene colores: una marca, o no es TC")
    case .black: Phrase("black all over", "toda negra")
    case .leftToRight: Phrase("left to right", "izquierda y derecha")
    case .topToBottom: Phrase("top to bottom", "arriba y abajo")
    case .turned: Phrase("turned by 180 degrees", "girada 180 grados")
    case .traitAlone: Phrase("trait alone", "solo este rasgo")
    case .areaUnderCurve: Phrase("AUC on unseen series", "AUC en series no vistas")
    case .traitTable:
      Phrase("How well single traits tell the classes", "Cuánto dicen rasgos sueltos de las clases")
    case .ruleTable: Phrase("Series of each class by %1", "Series de cada clase según %1")
    case .value: Phrase("value", "valor")
    }
  }
}

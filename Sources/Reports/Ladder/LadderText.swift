/// What stands on the ladder's page.
enum LadderText: PhraseTable {
  case title, facts, meaning, introduction, leakyWarning
  case random, withoutCopies, grouped, randomMeaning, withoutCopiesMeaning, groupedMeaning
  case joined, commonClasses, origin, noOrigin, partial
  case data, byLook, copies, conflicts, rung, folds, accuracy, macroF1, meanArea, area, tableCaption, notPossible,
    honest, fall
  case chartTitle, chartCaption
  case placeboOf, placeboMeaning, placeboCaption, split, meanOverShuffles, singleShuffles, verdict, seriesTogether,
    pictureByPicture, holding, isChance, stillLeaks, belowChance, looksGood, noLeak, cannotTell
  case howMade, classifierTitle, classifier, splitsTitle, splits, intervalsTitle, intervals, seed, program, base,
    preprocessing, dataSet

  var phrase: Phrase {
    switch self {
    case .title: Phrase("The ladder: one classifier, three splits", "La escalera: un clasificador, tres divisiones")
    case .facts:
      Phrase(
        "%1-fold cross-validation, every picture scored, repeats: %2; seed %3",
        "Validación cruzada de %1 particiones, todas las imágenes evaluadas, repeticiones: %2; semilla %3")
    case .meaning: Phrase("What this shows", "Qué muestra esto")
    case .introduction:
      Phrase(
        "The same classifier is scored three times on the same data. Nothing changes but which pictures it may learn from. Neighbouring slices of one patient are nearly the same picture: who puts them on both sides measures memory, not medicine.",
        "El mismo clasificador se evalúa tres veces sobre los mismos datos. Solo cambia de qué imágenes puede aprender. Los cortes vecinos de un paciente son casi la misma imagen: quien los pone en ambos lados mide memoria, no medicina."
      )
    case .leakyWarning:
      Phrase(
        "The first two rungs say nothing of new patients. Published figures of 98 to 100 % on such data are of their kind.",
        "Los dos primeros peldaños no dicen nada sobre pacientes nuevos. Las cifras publicadas del 98 al 100 % sobre datos así son de ese tipo."
      )
    case .random: Phrase("1. Random split", "1. División al azar")
    case .withoutCopies: Phrase("2. Copies removed, random split", "2. Sin copias, división al azar")
    case .grouped: Phrase("3. Copies removed, series kept together", "3. Sin copias, series juntas")
    case .randomMeaning:
      Phrase(
        "pictures are dealt out one by one, so that a scored picture's neighbours, and its very copies, were learned from.",
        "las imágenes se reparten una por una, de modo que se aprendió de las vecinas de cada imagen evaluada y hasta de sus copias."
      )
    case .withoutCopiesMeaning:
      Phrase(
        "exact and near copies are left out; neighbouring slices remain on both sides.",
        "se dejan fuera las copias exactas y casi exactas; los cortes vecinos siguen en ambos lados.")
    case .groupedMeaning:
      Phrase(
        "whole series are dealt out, so that no scored picture's series was learned from. Only this rung says something of new patients, and no more than its interval does.",
        "se reparten series enteras, de modo que no se aprendió de la serie de ninguna imagen evaluada. Solo este peldaño dice algo de pacientes nuevos, y no más que su intervalo."
      )
    case .joined:
      Phrase(
        "Joined from %1; classes of one name are one class. Sizes and colour modes of the parts differ and would give classes away, so every picture first becomes grey and of one size:",
        "Unión de %1; las clases del mismo nombre son una clase. Los tamaños y modos de color de las partes difieren y delatarían las clases, así que cada imagen pasa primero a gris y a un mismo tamaño:"
      )
    case .commonClasses: Phrase("%1, common classes", "%1, clases comunes")
    case .origin:
      Phrase(
        "What is left of it: asked which part a picture is of, among the classes that all parts have and with series kept together, the same classifier reaches an AUC of %1. At 0.5 nothing would tell the parts apart; what does may be the making of the files or the patients.",
        "Lo que queda de ello: a la pregunta de a qué parte pertenece una imagen, entre las clases que todas las partes tienen y con las series juntas, el mismo clasificador alcanza una AUC de %1. Con 0.5 nada distinguiría las partes; lo que las distingue pueden ser los archivos o los pacientes."
      )
    case .noOrigin:
      Phrase(
        "Whether the parts can still be told apart could not be measured: %1.",
        "No pudo medirse si las partes aún pueden distinguirse: %1.")
    case .partial:
      Phrase(
        "Not every part has these classes: %1. Whatever still tells the parts apart helps to tell these classes from the others, on the third rung too.",
        "No todas las partes tienen estas clases: %1. Todo lo que aún distinga las partes ayuda a distinguir estas clases de las demás, también en el tercer peldaño."
      )
    case .data: Phrase("%1 of %2. %3.", "%1 de %2. %3.")
    case .byLook:
      Phrase(
        "Series were found by look and number; they stand in for patients, who are not known for this data.",
        "Las series se encontraron por aspecto y número; sustituyen a los pacientes, que no se conocen en estos datos.")
    case .copies:
      Phrase(
        "The audit finds %1 pairs of exact or near copies. From the second rung on each picture that is a copy of one already kept is left out: %2.",
        "La auditoría encuentra %1 pares de copias exactas o casi exactas. Desde el segundo peldaño se deja fuera toda imagen que es copia de otra ya conservada: %2."
      )
    case .conflicts:
      Phrase(
        "Besides, %1 left out whose copy lies under another class.",
        "Además se dejan fuera, por tener una copia bajo otra clase: %1.")
    case .rung: Phrase("rung", "peldaño")
    case .folds: Phrase("folds", "particiones")
    case .accuracy: Phrase("accuracy", "exactitud")
    case .macroF1: Phrase("macro F1", "F1 macro")
    case .meanArea: Phrase("AUC (mean over classes)", "AUC (media de las clases)")
    case .area: Phrase("AUC", "AUC")
    case .tableCaption:
      Phrase("%1: the rungs, with %2 % intervals over series", "%1: los peldaños, con intervalos del %2 % por series")
    case .notPossible: Phrase("not possible: %1", "no es posible: %1")
    case .honest: Phrase("honest split", "división honesta")
    case .fall:
      Phrase(
        "From the first rung to the third accuracy goes from %1 to %2, and the AUC from %3 to %4, with the same classifier.",
        "Del primer peldaño al tercero la exactitud pasa de %1 a %2, y la AUC de %3 a %4, con el mismo clasificador.")
    case .chartTitle: Phrase("%1 by rung", "%1 por peldaños")
    case .chartCaption:
      Phrase(
        "Marks are the figures, lines their intervals. Squares are leaky rungs, the circle is the honest one.",
        "Las marcas son las cifras; las líneas, sus intervalos. Los cuadrados son peldaños con fuga; el círculo, el honesto."
      )
    case .placeboOf: Phrase("Placebo: %1", "Placebo: %1")
    case .placeboMeaning:
      Phrase(
        "The test of the test: the labels of whole series are dealt anew at random, %1 times with other draws, so that there is nothing to learn. An honest split must show chance, an AUC of 0.5, or somewhat less, since the scores of different folds' models are pooled; a split that leaks looks good all the same.",
        "La prueba de la prueba: las etiquetas de series enteras se reparten de nuevo al azar, %1 veces con otros sorteos, de modo que no hay nada que aprender. Una división honesta debe mostrar azar, una AUC de 0.5, o algo menos, pues se reúnen respuestas de modelos de distintas particiones; una división con fuga parece buena de todos modos."
      )
    case .placeboCaption:
      Phrase("%1: AUC with labels that mean nothing", "%1: AUC con etiquetas que no significan nada")
    case .split: Phrase("split", "división")
    case .meanOverShuffles: Phrase("mean over draws, with its interval", "media de los sorteos, con su intervalo")
    case .singleShuffles: Phrase("single draws", "sorteos por separado")
    case .verdict: Phrase("what it shows", "qué muestra")
    case .seriesTogether: Phrase("series kept together", "series juntas")
    case .pictureByPicture: Phrase("random, picture by picture", "al azar, imagen por imagen")
    case .holding: Phrase("the intervals of %1 of %2 hold 0.5", "los intervalos de %1 de %2 contienen 0.5")
    case .isChance: Phrase("chance, as it must be", "azar, como debe ser")
    case .stillLeaks: Phrase("above chance: something still leaks", "por encima del azar: todavía hay fuga")
    case .belowChance:
      Phrase(
        "below chance, as happens with few series; nothing leaks",
        "por debajo del azar, como ocurre con pocas series; no hay fuga")
    case .looksGood:
      Phrase("looks good though the labels mean nothing", "parece buena aunque las etiquetas no significan nada")
    case .noLeak: Phrase("this data shows no leak", "estos datos no muestran fuga")
    case .cannotTell: Phrase("cannot be told", "no se puede saber")
    case .howMade: Phrase("How it was made", "Cómo se hizo")
    case .classifierTitle: Phrase("classifier", "clasificador")
    case .classifier:
      Phrase(
        "Logistic regression, not tuned: L2 penalty of scikit-learn's default C = 1, each class counting alike, on the square roots of VGG-16's block5_pool at all positions. Its base is ImageNet's, so that no model of this project is judged here.",
        "Regresión logística sin ajustar: penalización L2 con C = 1, el valor por defecto de scikit-learn, todas las clases con el mismo peso, sobre las raíces cuadradas de block5_pool de VGG-16 en todas las posiciones. Su base es la de ImageNet, así que aquí no se juzga ningún modelo de este proyecto."
      )
    case .splitsTitle: Phrase("splits", "divisiones")
    case .splits:
      Phrase(
        "Up to %1 folds, fewer where a class has fewer series; %2 repeats with other folds, figures are means over them.",
        "Hasta %1 particiones, menos si una clase tiene menos series; %2 repeticiones con otras particiones, las cifras son sus medias."
      )
    case .intervalsTitle: Phrase("intervals", "intervalos")
    case .intervals:
      Phrase(
        "Over series, not pictures. With fewer than five series in a class there is none. That other pictures would have trained another classifier is not in them.",
        "Por series, no por imágenes. Con menos de cinco series en una clase no hay intervalo. No incluyen que otras imágenes habrían entrenado otro clasificador."
      )
    case .seed: Phrase("seed", "semilla")
    case .program: Phrase("program", "programa")
    case .base: Phrase("base", "base")
    case .preprocessing: Phrase("preprocessing", "preprocesamiento")
    case .dataSet: Phrase("data set %1", "conjunto de datos %1")
    }
  }
}

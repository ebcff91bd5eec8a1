/// What a model is for and what not, and whose what is: the same for every model of this program.
enum PurposeText: PhraseTable {
  case title, what, forTitle, forResearch, forComparison, forTeaching, notTitle, notDiagnosis, notOthers, notWhole, notPatients,
    limits, limitFew, limitFewest, limitLook, limitSource, limitSeen
  case licences, part, licence, source, program, weights, weightsSource, data, dataLicence, dataSource

  var phrase: Phrase {
    switch self {
    case .title: Phrase("What the model is for, and what not", "Para qué sirve el modelo y para qué no")
    case .what:
      Phrase(
        "It gives each single CT slice of the kidney region a probability for each of the classes %1.",
        "Da a cada corte de TC de la región renal una probabilidad para cada una de las clases %1.")
    case .forTitle: Phrase("For", "Sirve para")
    case .forResearch:
      Phrase(
        "research on how far single slices tell these classes apart;",
        "investigar hasta qué punto un solo corte distingue estas clases;")
    case .forComparison:
      Phrase(
        "comparing methods under a split that keeps the slices of one series together;",
        "comparar métodos con una división que mantiene juntos los cortes de una serie;")
    case .forTeaching: Phrase("teaching how such a model is made and judged.", "enseñar cómo se hace y se juzga un modelo así.")
    case .notTitle: Phrase("Not for", "No sirve para")
    case .notDiagnosis:
      Phrase(
        "diagnosis, screening, triage or any decision about a person: it is no medical device, and nothing was tried in care;",
        "diagnosticar, cribar, priorizar ni decidir nada sobre una persona: no es un producto sanitario y nada se ha probado en la atención;")
    case .notOthers:
      Phrase(
        "other organs, other findings, other modalities, children, or pictures made in a way that the data below do not hold;",
        "otros órganos, otros hallazgos, otras modalidades, niños ni imágenes obtenidas de un modo que los datos de abajo no contienen;")
    case .notWhole:
      Phrase(
        "whole studies: it sees one slice at a time, without the patient's history;",
        "estudios completos: ve un corte cada vez, sin la historia del paciente;")
    case .notPatients:
      Phrase(
        "statements about patients: all figures count slices, and their intervals rest on series.",
        "afirmaciones sobre pacientes: todas las cifras cuentan cortes, y sus intervalos se apoyan en series.")
    case .limits: Phrase("Known limits", "Límites conocidos")
    case .limitFew:
      Phrase(
        "The class with fewest series, %1, has %2. Figures that rest on so few can move a lot with the next patient.",
        "La clase con menos series, %1, tiene %2. Las cifras que se apoyan en tan pocas pueden moverse mucho con el próximo paciente.")
    case .limitFewest:
      Phrase(
        "The class with fewest series, %1, has %2. With other patients figures would move about as far as their intervals reach.",
        "La clase con menos series, %1, tiene %2. Con otros pacientes las cifras se moverían más o menos hasta donde llegan sus intervalos.")
    case .limitLook:
      Phrase(
        "Series were found by the pictures' look and numbers. They stand in for patients, who are not known for this data: two series may be one patient.",
        "Las series se hallaron por el aspecto y los números de las imágenes. Hacen las veces de pacientes, que no se conocen en estos datos: dos series pueden ser un mismo paciente.")
    case .limitSource:
      Phrase(
        "All pictures come from the sources of this data set; nothing is known of how the model does on other scanners or hospitals.",
        "Todas las imágenes proceden de las fuentes de este conjunto de datos; no se sabe cómo responde el modelo con otros equipos u hospitales.")
    case .limitSeen:
      Phrase(
        "An explanation shows what the model looks at, right or wrong. It proves no finding.",
        "Una explicación muestra qué mira el modelo, con razón o sin ella. No prueba ningún hallazgo.")
    case .licences: Phrase("Licences", "Licencias")
    case .part: Phrase("part", "parte")
    case .licence: Phrase("licence", "licencia")
    case .source: Phrase("source", "fuente")
    case .program: Phrase("program (Nefro) and this report", "programa (Nefro) y este informe")
    case .weights: Phrase("weights of the base (VGG-16, trained on ImageNet)", "pesos de la base (VGG-16, entrenada con ImageNet)")
    case .weightsSource:
      Phrase(
        "K. Simonyan and A. Zisserman, arXiv:1409.1556; converted by Keras Applications",
        "K. Simonyan y A. Zisserman, arXiv:1409.1556; convertidos por Keras Applications")
    case .data: Phrase("pictures, those on this page too", "imágenes, también las de esta página")
    case .dataLicence:
      Phrase(
        "those of their owners; ask them before any use beyond research, and before passing this page on",
        "las de sus titulares; pregúnteles antes de todo uso que no sea investigación y antes de difundir esta página")
    case .dataSource:
      Phrase(
        "brought by the user. If they are of the CT KIDNEY DATASET: M. N. Islam et al., Scientific Reports 12, 11440 (2022)",
        "aportadas por el usuario. Si son del CT KIDNEY DATASET: M. N. Islam et al., Scientific Reports 12, 11440 (2022)")
    }
  }
}

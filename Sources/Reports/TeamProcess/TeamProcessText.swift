/// Words of the documents of TDSP that no other report has.
enum TeamProcessText: PhraseTable {
  case charter, dataSummary, dictionary, baseline, modelReport, deployment, exitReport
  case notRecorded, question, target, positiveClass, unit, oneSlice, source, sourceLocal
  case success, successGate, stages, stage, outcome, collecting, training, scoring, releasing, trainedOn, untimed
  case people, peopleMissing
  case targetTable, index, className, pictureTable, answerTable, field, type, meaning, inputTitle, input
  case text, count, textList, optional
  case fieldPath, fieldClass, fieldBytes, fieldSHA, fieldWidth, fieldHeight, fieldMode, fieldPatient, fieldSite,
    fieldCopy
  case fieldSeries, fieldLabel, fieldProbabilities, fieldFold
  case simplest, simplestMeaning, always, theModel, epochTable
  case versions, version, registered, aliases, noVersions, events, serving, servingCommand, servingElsewhere
  case eventRegistered, eventPromoted, eventRefused, eventCompleted, eventRolledBack
  case results, resultLine, leaks, cost, run, seconds, memory, machine, cores, commit, noRun, lessons, lessonsMissing

  var phrase: Phrase {
    switch self {
    case .charter: Phrase("Project charter: %1", "Acta del proyecto: %1")
    case .dataSummary: Phrase("Data summary: %1", "Resumen de los datos: %1")
    case .dictionary: Phrase("Data dictionary: %1", "Diccionario de datos: %1")
    case .baseline: Phrase("Baseline: %1", "Modelo de referencia: %1")
    case .modelReport: Phrase("Model report: %1", "Informe del modelo: %1")
    case .deployment: Phrase("Deployment: %1", "Despliegue: %1")
    case .exitReport: Phrase("Exit report: %1", "Informe de salida: %1")
    case .notRecorded: Phrase("Not recorded: %1", "Sin registro: %1")
    case .question: Phrase("Question and target", "Pregunta y objetivo")
    case .target: Phrase("Target", "Variable objetivo")
    case .positiveClass: Phrase("Positive class", "Clase positiva")
    case .unit: Phrase("Unit", "Unidad")
    case .oneSlice: Phrase("one CT slice", "un corte de TC")
    case .source: Phrase("Source of the data", "Origen de los datos")
    case .sourceLocal:
      Phrase(
        "the data were brought from a folder or archive of a machine, whose path stays there.",
        "los datos vinieron de una carpeta o archivo de un equipo, cuya ruta no sale de él.")
    case .success: Phrase("What counts as success", "Qué cuenta como éxito")
    case .successGate:
      Phrase(
        "A version answers only if it passes the gate of `nefro models promote`: bounds on metrics and on the ends of their intervals, a paired test against the version before, and a bound on how often the test set was opened, declared in `config/promotion.yaml` before the version is there.",
        "Una versión responde solo si pasa la puerta de `nefro models promote`: cotas para las métricas y los extremos de sus intervalos, una prueba pareada frente a la versión anterior y un tope de aperturas del conjunto de prueba, declarados en `config/promotion.yaml` antes de que exista la versión."
      )
    case .stages: Phrase("Stages and what came of them", "Etapas y su resultado")
    case .stage: Phrase("stage", "etapa")
    case .outcome: Phrase("outcome", "resultado")
    case .collecting: Phrase("data", "datos")
    case .training: Phrase("training", "entrenamiento")
    case .scoring: Phrase("evaluation", "evaluación")
    case .releasing: Phrase("deployment", "despliegue")
    case .trainedOn: Phrase("started %1, took %2 s", "inició %1, tardó %2 s")
    case .untimed: Phrase("started %1", "inició %1")
    case .people: Phrase("People, dates, costs", "Personas, fechas, costes")
    case .peopleMissing:
      Phrase(
        "records hold neither names of people nor budget nor schedule. Write them here.",
        "los registros no contienen nombres de personas, presupuesto ni calendario. Escríbalos aquí.")
    case .targetTable: Phrase("The target's values", "Valores de la variable objetivo")
    case .index: Phrase("index", "índice")
    case .className: Phrase("class", "clase")
    case .pictureTable: Phrase("A picture in the data set's manifest", "Una imagen en el manifiesto de los datos")
    case .answerTable: Phrase("A picture in predictions.json", "Una imagen en predictions.json")
    case .field: Phrase("field", "campo")
    case .type: Phrase("type", "tipo")
    case .meaning: Phrase("meaning", "significado")
    case .inputTitle: Phrase("What the network gets", "Qué recibe la red")
    case .input:
      Phrase(
        "Float32, shape [height, width, 3], made of the decoded picture by the preprocessing %1, in training, evaluation and answers alike.",
        "Float32, forma [alto, ancho, 3], hecha a partir de la imagen decodificada con el preprocesado %1, igual en entrenamiento, evaluación y respuestas."
      )
    case .text: Phrase("text", "texto")
    case .count: Phrase("whole number", "entero")
    case .textList: Phrase("numbers from 0 to 1", "números de 0 a 1")
    case .optional: Phrase("%1, may be missing", "%1, puede faltar")
    case .fieldPath:
      Phrase(
        "relative to the data set's folder; names no other place",
        "relativa a la carpeta de los datos; no nombra otro lugar")
    case .fieldClass: Phrase("the picture's class, by its folder", "la clase de la imagen, según su carpeta")
    case .fieldBytes: Phrase("size of the file in bytes", "tamaño del archivo en bytes")
    case .fieldSHA: Phrase("SHA-256 of the file's bytes", "SHA-256 de los bytes del archivo")
    case .fieldWidth: Phrase("width in pixels", "ancho en píxeles")
    case .fieldHeight: Phrase("height in pixels", "alto en píxeles")
    case .fieldMode: Phrase("grey or colour, as the file has it", "gris o color, según el archivo")
    case .fieldPatient:
      Phrase("the patient's code, where the data tell it", "código del paciente, si los datos lo dicen")
    case .fieldSite: Phrase("where it was made, where the data tell it", "dónde se obtuvo, si los datos lo dicen")
    case .fieldCopy:
      Phrase("the picture that it copies, where that is known", "la imagen de la que es copia, si se sabe")
    case .fieldSeries:
      Phrase("number of the series, which stands for a patient", "número de la serie, que hace las veces de paciente")
    case .fieldLabel: Phrase("the true class", "la clase verdadera")
    case .fieldProbabilities:
      Phrase("one for each class, in the order above; they sum to 1", "una por clase, en el orden de arriba; suman 1")
    case .fieldFold: Phrase("fold that it was scored in, from 0", "partición en que se puntuó, desde 0")
    case .simplest: Phrase("The simplest baseline", "La referencia más simple")
    case .simplestMeaning:
      Phrase(
        "A model that looks at nothing and always names the most frequent class of the scored pictures has an AUC of 0.5 and this accuracy:",
        "Un modelo que no mira nada y nombra siempre la clase más frecuente de las imágenes puntuadas tiene una AUC de 0.5 y esta exactitud:"
      )
    case .always: Phrase("always %1", "siempre %1")
    case .theModel: Phrase("this model", "este modelo")
    case .epochTable: Phrase("Loss and accuracy by epoch", "Pérdida y exactitud por época")
    case .versions: Phrase("Registered versions of this model", "Versiones registradas de este modelo")
    case .version: Phrase("version", "versión")
    case .registered: Phrase("registered", "registrada")
    case .aliases: Phrase("aliases", "alias")
    case .noVersions:
      Phrase(
        "this model is not registered. `nefro models register` keeps it as a version, `nefro models promote` lets it answer.",
        "este modelo no está registrado. `nefro models register` lo guarda como versión y `nefro models promote` le deja responder."
      )
    case .events: Phrase("What happened to them", "Qué ocurrió con ellas")
    case .serving: Phrase("How it answers", "Cómo responde")
    case .servingCommand:
      Phrase(
        "A server with the champion of %1 is started by `nefro serve --registered %1`.",
        "Un servidor con el campeón de %1 se inicia con `nefro serve --registered %1`.")
    case .servingElsewhere:
      Phrase(
        "which servers answered with it: that is in each server's own audit trail (`nefro audit-log export`), which this project does not hold.",
        "qué servidores respondieron con él: consta en el registro de auditoría de cada servidor (`nefro audit-log export`), que este proyecto no tiene."
      )
    case .eventRegistered: Phrase("registered", "registrada")
    case .eventPromoted: Phrase("became %1", "pasó a ser %1")
    case .eventRefused: Phrase("was refused as %1 by the gate", "la puerta la rechazó como %1")
    case .eventCompleted: Phrase("got files that it lacked", "recibió archivos que le faltaban")
    case .eventRolledBack: Phrase("is %1 again", "vuelve a ser %1")
    case .results: Phrase("Results", "Resultados")
    case .resultLine: Phrase("%1: %2", "%1: %2")
    case .leaks: Phrase("What a leaky split would have said", "Qué habría dicho una división con fuga")
    case .cost: Phrase("What the training took", "Qué costó el entrenamiento")
    case .run: Phrase("Run", "Ejecución")
    case .seconds: Phrase("Seconds", "Segundos")
    case .memory: Phrase("Peak memory, MiB", "Memoria máxima, MiB")
    case .machine: Phrase("Processor", "Procesador")
    case .cores: Phrase("Cores", "Núcleos")
    case .commit: Phrase("Program's commit", "Commit del programa")
    case .noRun:
      Phrase(
        "no run is recorded that left this model; a training without `--no-record` is.",
        "no consta ninguna ejecución que dejara este modelo; un entrenamiento sin `--no-record` sí constaría.")
    case .lessons: Phrase("Lessons learned", "Lecciones aprendidas")
    case .lessonsMissing:
      Phrase(
        "what the people who did it learned is in no record. Write it here.",
        "lo que aprendieron quienes lo hicieron no está en ningún registro. Escríbalo aquí.")
    }
  }
}

import Reports

/// What the API tells a person on a page, in English as it is sent and in the other language. Sentences that are not here
/// are told by their code: `problem_…` in the pages' texts. A value that is English itself is left out there.
package enum ProblemText: PhraseTable {
  case pictureName, noToken, emptyFile, cutShort, damaged, notAPicture, tooManyPixels, fileTooLarge, tooManyScans, unsupported
  case busy, gone, memory, bodyTooLarge, tooManyPictures, tooSlow
  case noteTooLong, parameterName, parameterValue, trainingRuns, notRunning, filter, manyRuns, comparedRuns
  case otherData, otherSplits, leakyRuns
  case studyRule, studyNotice, notice

  package var phrase: Phrase {
    switch self {
    case .pictureName: Phrase("picture %1", "imagen %1")
    case .noToken:
      Phrase(
        "A valid token is needed: send it as 'Authorization: Bearer nefro_…'. An administrator makes one with 'nefro tokens create'.",
        "Su sesión ha terminado. Entre de nuevo.")
    case .emptyFile:
      Phrase(
        "The body is empty; it should be a picture.", "El archivo está vacío. Descárguelo o cópielo de nuevo.")
    case .cutShort:
      Phrase(
        "'%1' is cut short: the file ends before its picture does. Fetch or copy it again.",
        "«%1» está incompleta: el archivo termina antes que su imagen. Descárguela o cópiela de nuevo.")
    case .damaged:
      Phrase(
        "'%1' is damaged (%2). Fetch or copy it again; its pixels cannot be trusted.",
        "«%1» está dañada. Descárguela o cópiela de nuevo: no puede confiarse en sus píxeles.")
    case .notAPicture:
      Phrase(
        "'%1' is neither a JPEG nor a PNG picture: it holds %2. Convert it to 8-bit PNG or JPEG, or take it out of the folder.",
        "«%1» no es una imagen JPEG ni PNG. Conviértala a PNG o JPEG de 8 bits, o quítela.")
    case .tooManyPixels:
      Phrase(
        "'%1' says it is %2 x %3 pixels, more than the %4 pixels allowed. If that is really so, scale it down first; a CT slice is about 512 x 512.",
        "«%1» dice medir %2 × %3 píxeles, más de los %4 permitidos. Si es así, redúzcala antes; un corte de TC mide unos 512 × 512."
      )
    case .fileTooLarge:
      Phrase(
        "'%1' has %2 bytes, more than the %3 allowed for a picture. Is it really a single slice?",
        "«%1» tiene %2 bytes, más de los %3 permitidos para una imagen. ¿Es de verdad un solo corte?")
    case .tooManyScans:
      Phrase(
        "'%1' is a JPEG of more than %2 scans, which no camera or scanner writes. Do not trust where it came from; take it out of the folder.",
        "«%1» es un JPEG de más de %2 pasadas, que ninguna cámara ni equipo escribe. No confíe en su origen; quítela.")
    case .unsupported:
      Phrase(
        "'%1' is a picture of the kind %2: %3.", "«%1» es una imagen de un tipo que no se lee (%2). Conviértala a PNG de 8 bits.")
    case .busy:
      Phrase(
        "Too many pictures wait already. Come back in %1 s.", "Ya esperan demasiadas imágenes. Vuelva dentro de %1 s.")
    case .gone:
      Phrase(
        "The picture is no longer in memory, or another model answers by now. Send the picture again.",
        "La imagen ya no está en memoria, o ahora responde otro modelo. Envíela de nuevo.")
    case .memory:
      Phrase(
        "This takes more memory than the %1 bytes there are. Send less at a time.",
        "Esto ocupa más memoria que los %1 bytes que hay. Envíe menos a la vez.")
    case .bodyTooLarge:
      Phrase(
        "The body is larger than the %1 bytes that are allowed.",
        "Lo enviado ocupa más de los %1 bytes permitidos. Envíe menos imágenes a la vez.")
    case .tooManyPictures:
      Phrase(
        "The request has %1 pictures; %2 are allowed.", "La petición tiene %1 imágenes; se permiten %2.")
    case .tooSlow: Phrase("The request did not arrive within %1 s.", "La petición no llegó entera en %1 s.")
    case .noteTooLong:
      Phrase("The note is longer than %1 characters.", "La nota tiene más de %1 caracteres.")
    case .parameterName:
      Phrase(
        "A parameter's name is made of letters, digits and '_'.",
        "El nombre de un parámetro se forma con letras, cifras y «_».")
    case .parameterValue:
      Phrase(
        "The value of '%1' is longer than 200 bytes or not printable.",
        "El valor de «%1» tiene más de 200 bytes o no es imprimible.")
    case .trainingRuns:
      Phrase(
        "A training runs already. Wait for it, or cancel it.",
        "Ya hay un entrenamiento en marcha. Espere a que acabe o cancélelo.")
    case .notRunning:
      Phrase("This training does not run: it is %1.", "Este entrenamiento ya no está en marcha.")
    case .filter:
      Phrase(
        "The filter '%1' is not understood at character %2: expected %3. An example: %4",
        "El filtro «%1» no se entiende en el carácter %2. Ejemplo: %4")
    case .manyRuns:
      Phrase(
        "Several runs begin like that. Give more digits.", "Varias ejecuciones empiezan así. Dé más cifras.")
    case .comparedRuns:
      Phrase(
        "'runs' names 2 to 8 runs, with commas between them.", "Se comparan de 2 a 8 ejecuciones.")
    case .otherData:
      Phrase(
        "These runs were scored on different data sets, so their figures cannot be compared: %1.",
        "Estas ejecuciones se puntuaron con conjuntos de datos distintos: sus cifras no son comparables. %1.")
    case .otherSplits:
      Phrase(
        "These runs were scored on different splits, so their figures cannot be compared: %1.",
        "Estas ejecuciones se puntuaron con divisiones distintas: sus cifras no son comparables. %1.")
    case .leakyRuns:
      Phrase(
        "Figures of a LEAKY split say nothing of new patients and cannot be set beside honest ones: %1.",
        "Las cifras de una división CON FUGA no dicen nada de pacientes nuevos y no pueden ponerse junto a las honestas: %1."
      )
    case .studyRule:
      Phrase(
        "Slices in the order of their probability of %1, largest first, equal ones as they were sent; those that are no kidney CT are left out. No probability of the study is formed.",
        "Cortes según su probabilidad de %1, primero la mayor y los iguales como se enviaron; los que no son TC renal quedan fuera. No se forma ninguna probabilidad del estudio."
      )
    case .studyNotice:
      Phrase(
        "Not calibrated for studies. %1", "Sin calibrar para estudios. %1")
    case .notice:
      Phrase(
        "Research use only: no answer is a diagnosis.",
        "Solo para investigación: ninguna respuesta es un diagnóstico.")
    }
  }

  /// What a page says in English, where the sentence as it is sent speaks of what only programs or commands know.
  package var onPage: String? {
    switch self {
    case .noToken: "Your session has ended. Sign in again."
    case .emptyFile: "The file is empty. Fetch or copy it again."
    case .notAPicture: "'%1' is neither a JPEG nor a PNG picture: it holds %2. Convert it to 8-bit PNG or JPEG."
    case .tooManyScans:
      "'%1' is a JPEG of more than %2 scans, which no camera or scanner writes. Do not trust where it came from."
    case .bodyTooLarge: "This is more than the %1 bytes that are allowed at once. Send fewer or smaller pictures."
    default: nil
    }
  }
}

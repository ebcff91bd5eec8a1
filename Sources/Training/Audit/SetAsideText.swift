import Reports

/// Why a file was set aside. Records tell it in English (`MedicalImageError`, `ClassFolders`, `PictureInspector`);
/// pages in another language say it by this table. What a decoder's library says stays as it is.
package enum SetAsideText: PhraseTable {
  case noClassFolder, kindNotRead, cannotBeRead
  case unreadable, tooLarge, noPicture, tooManyPixels, tooManyScans, unsupported, cutShort, damaged
  case empty, dicom, gif, bmp, tiff, webP, heic, jpeg2000, zip, pdf, gzip, webPage, plainText, zeroBytes, unknownData
  case inks, components, lossless, bits
  case notRegular, folder, noMemory, headersDisagree, headerSize

  package var phrase: Phrase {
    switch self {
    case .noClassFolder: Phrase("It lies in no class folder.", "No está en ninguna carpeta de clase.")
    case .kindNotRead:
      Phrase(
        "Files of the kind .%1 are not read yet: convert it to 8-bit PNG or JPEG.",
        "Los archivos de tipo .%1 aún no se leen: conviértalo a PNG o JPEG de 8 bits.")
    case .cannotBeRead: Phrase("It cannot be read: %1", "No se puede leer: %1")
    case .unreadable: Phrase("Cannot read the picture '%1': %2.", "No se puede leer la imagen «%1»: %2.")
    case .tooLarge:
      Phrase(
        "'%1' has %2 bytes, more than the %3 allowed for a picture. Is it really a single slice?",
        "«%1» tiene %2 bytes, más de los %3 permitidos para una imagen. ¿Es de verdad un solo corte?")
    case .noPicture:
      Phrase(
        "'%1' is neither a JPEG nor a PNG picture: it holds %2. Convert it to 8-bit PNG or JPEG, or take it out of the folder.",
        "«%1» no es una imagen JPEG ni PNG: contiene %2. Conviértala a PNG o JPEG de 8 bits o sáquela de la carpeta.")
    case .tooManyPixels:
      Phrase(
        "'%1' says it is %2 x %3 pixels, more than the %4 pixels allowed. If that is really so, scale it down first; a CT slice is about 512 x 512.",
        "«%1» dice tener %2 x %3 píxeles, más de los %4 permitidos. Si es así, redúzcala antes; un corte de TC tiene unos 512 x 512."
      )
    case .tooManyScans:
      Phrase(
        "'%1' is a JPEG of more than %2 scans, which no camera or scanner writes. Do not trust where it came from; take it out of the folder.",
        "«%1» es un JPEG de más de %2 pasadas, que ninguna cámara ni equipo escribe. No se fíe de su procedencia; sáquelo de la carpeta."
      )
    case .unsupported: Phrase("'%1' is a picture of the kind %2: %3.", "«%1» es una imagen de tipo %2: %3.")
    case .cutShort:
      Phrase(
        "'%1' is cut short: the file ends before its picture does. Fetch or copy it again.",
        "«%1» está cortado: el archivo termina antes que su imagen. Descárguelo o cópielo de nuevo.")
    case .damaged:
      Phrase(
        "'%1' is damaged (%2). Fetch or copy it again; its pixels cannot be trusted.",
        "«%1» está dañado (%2). Descárguelo o cópielo de nuevo; sus píxeles no son de fiar.")
    case .empty: Phrase("nothing (the file is empty)", "nada (el archivo está vacío)")
    case .dicom: Phrase("a DICOM object", "un objeto DICOM")
    case .gif: Phrase("a GIF picture", "una imagen GIF")
    case .bmp: Phrase("a BMP picture", "una imagen BMP")
    case .tiff: Phrase("a TIFF picture", "una imagen TIFF")
    case .webP: Phrase("a WebP picture", "una imagen WebP")
    case .heic: Phrase("a HEIC picture", "una imagen HEIC")
    case .jpeg2000: Phrase("a JPEG 2000 picture", "una imagen JPEG 2000")
    case .zip: Phrase("a ZIP archive", "un archivo comprimido ZIP")
    case .pdf: Phrase("a PDF document", "un documento PDF")
    case .gzip: Phrase("gzip-compressed data", "datos comprimidos con gzip")
    case .webPage: Phrase("a web page", "una página web")
    case .plainText: Phrase("plain text", "texto")
    case .zeroBytes: Phrase("nothing but zero bytes", "solo bytes a cero")
    case .unknownData: Phrase("unknown data", "datos desconocidos")
    case .inks:
      Phrase(
        "four printing inks, not the grey or red-green-blue of a scan. Convert it to grey or RGB first",
        "cuatro tintas de imprenta, no el gris o rojo-verde-azul de un corte. Conviértala antes a gris o RGB")
    case .components:
      Phrase(
        "only grey and red-green-blue are read. Convert it to grey or RGB first",
        "solo se leen gris y rojo-verde-azul. Conviértala antes a gris o RGB")
    case .lossless:
      Phrase(
        "a lossless or hierarchical JPEG. Convert it to 8-bit PNG first",
        "un JPEG sin pérdida o jerárquico. Conviértala antes a PNG de 8 bits")
    case .bits:
      Phrase(
        "%1 bits a sample where 8 are expected. Apply the CT window and save it with 8 bits first",
        "%1 bits por muestra donde se esperan 8. Aplique antes la ventana de TC y guárdela con 8 bits")
    case .notRegular: Phrase("it is not a regular file", "no es un archivo normal")
    case .folder: Phrase("it is a folder", "es una carpeta")
    case .noMemory: Phrase("no memory for the JPEG decoder", "no hay memoria para el decodificador JPEG")
    case .headersDisagree: Phrase("its headers disagree on its size", "sus cabeceras no coinciden en el tamaño")
    case .headerSize: Phrase("its header says %1 x %2 pixels", "su cabecera dice %1 x %2 píxeles")
    }
  }

  /// A recorded reason in a language; one that the table does not have stays as it is.
  package static func translated(_ reason: String, _ language: Language) -> String {
    guard language != .english else { return reason }
    for entry in allCases {
      guard var values = entry.phrase.values(in: reason) else { continue }
      // What is wrong comes last; the others are names and numbers.
      if let last = values.popLast() { values.append(translated(last, language)) }
      return entry.phrase.filled(language, values)
    }
    return reason
  }
}

import Reports

/// The traits of a picture's format, by the name that the JSON has (`FormatTraits.names`).
package enum TraitText: PhraseTable {
  case width, height, aspect, bytes, bytesPerPixel, mode, realColour, format, quantisation, progressive, subsampling,
    metadata, borderTop, borderBottom, borderLeft, borderRight, edgeBrightness, edgeContrast

  package var phrase: Phrase {
    switch self {
    case .width: Phrase("width", "anchura")
    case .height: Phrase("height", "altura")
    case .aspect: Phrase("aspect", "proporción entre anchura y altura")
    case .bytes: Phrase("bytes", "bytes del archivo")
    case .bytesPerPixel: Phrase("bytes per pixel", "bytes por píxel")
    case .mode: Phrase("colour mode", "modo de color")
    case .realColour: Phrase("real colour", "color real")
    case .format: Phrase("file format", "formato de archivo")
    case .quantisation: Phrase("JPEG quantisation", "cuantización JPEG")
    case .progressive: Phrase("JPEG progressive", "JPEG progresivo")
    case .subsampling: Phrase("JPEG chroma subsampling", "submuestreo de color JPEG")
    case .metadata: Phrase("metadata bytes", "bytes de metadatos")
    case .borderTop: Phrase("black border top", "borde negro superior")
    case .borderBottom: Phrase("black border bottom", "borde negro inferior")
    case .borderLeft: Phrase("black border left", "borde negro izquierdo")
    case .borderRight: Phrase("black border right", "borde negro derecho")
    case .edgeBrightness: Phrase("edge brightness", "brillo del borde")
    case .edgeContrast: Phrase("edge contrast", "contraste del borde")
    }
  }

  /// A trait's name in a language; one of another version stays as it is.
  static func name(_ english: String, _ language: Language) -> String {
    allCases.first { $0.phrase.english == english }.map { language($0) } ?? english
  }
}

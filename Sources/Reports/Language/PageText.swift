/// What stands on every page.
public enum PageText: PhraseTable {
  case contents, researchUseOnly, warning, note, figure, to, noInterval, value, interval, basis, pictures, series, method,
    none, unknown, yes, no, notMade

  public var phrase: Phrase {
    switch self {
    case .contents: Phrase("Contents", "Contenido")
    case .researchUseOnly:
      Phrase(
        "Research use only: Nefro is no medical device, and no answer of it is a diagnosis.",
        "Solo para investigación: Nefro no es un producto sanitario y ninguna respuesta suya es un diagnóstico.")
    case .warning: Phrase("Warning", "Advertencia")
    case .note: Phrase("Note", "Nota")
    case .figure: Phrase("Figure %1", "Figura %1")
    case .to: Phrase("%1 to %2", "%1 a %2")
    case .noInterval: Phrase("no interval", "sin intervalo")
    case .value: Phrase("value", "valor")
    case .interval: Phrase("%1 % interval", "intervalo del %1 %")
    case .basis: Phrase("rests on", "se apoya en")
    case .pictures: Phrase("pictures", "imágenes")
    case .series: Phrase("series", "series")
    case .method: Phrase("method", "método")
    case .none: Phrase("none", "ninguno")
    case .unknown: Phrase("unknown", "desconocido")
    case .yes: Phrase("yes", "sí")
    case .no: Phrase("no", "no")
    case .notMade: Phrase("not made for this run", "no se hizo en esta ejecución")
    }
  }
}

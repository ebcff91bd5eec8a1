extension Language {
  /// "1 picture", "12 pictures".
  public func pictures(_ count: Int) -> String { counted(count, CountText.picture, CountText.pictures) }

  /// "1 series", "12 series".
  public func series(_ count: Int) -> String { counted(count, CountText.oneSeries, CountText.series) }

  /// "1 class", "4 classes".
  public func classes(_ count: Int) -> String { counted(count, CountText.oneClass, CountText.classes) }

  private func counted(_ count: Int, _ one: CountText, _ many: CountText) -> String {
    self(count == 1 ? one : many, String(count))
  }
}

/// Numbers of things.
enum CountText: PhraseTable {
  case picture, pictures, oneSeries, series, oneClass, classes

  var phrase: Phrase {
    switch self {
    case .picture: Phrase("%1 picture", "%1 imagen")
    case .pictures: Phrase("%1 pictures", "%1 imágenes")
    case .oneSeries: Phrase("%1 series", "%1 serie")
    case .series: Phrase("%1 series", "%1 series")
    case .oneClass: Phrase("%1 class", "%1 clase")
    case .classes: Phrase("%1 classes", "%1 clases")
    }
  }
}

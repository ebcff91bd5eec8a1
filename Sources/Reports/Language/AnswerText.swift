/// Why an answer is given or not, as the model's rule writes it into each answer in English: pages in another language
/// say it by this table.
enum AnswerText: PhraseTable {
  case threshold, withoutRule, withoutRuleBecause, uncertain, below, answersNone, notKidney, coloured, unlike, leakage

  var phrase: Phrase {
    switch self {
    case .threshold:
      Phrase("%1 is named from probability %2 on (%3)", "%1 se nombra desde una probabilidad de %2 (%3)")
    case .withoutRule:
      Phrase(
        "%1; this model has no rule for when it is too unsure to answer",
        "%1; este modelo no tiene ninguna regla sobre cuándo está demasiado inseguro para responder")
    case .withoutRuleBecause:
      Phrase(
        "%1; this model has no rule for when it is too unsure to answer (%2)",
        "%1; este modelo no tiene ninguna regla sobre cuándo está demasiado inseguro para responder (%2)")
    case .uncertain:
      Phrase(
        "uncertain, refer: %1 (%2, chosen on %3 pictures of %4 series)",
        "incierta, derivar: %1 (%2, regla elegida con imágenes: %3, de series: %4)")
    case .below: Phrase("confidence %1 is below %2", "la confianza, %1, no llega a %2")
    case .answersNone: Phrase("this model answers no picture", "este modelo no responde a ninguna imagen")
    case .notKidney: Phrase("not a kidney CT: %1", "no es una TC renal: %1")
    case .coloured:
      Phrase(
        "the picture is coloured (its channels differ by %1 grey levels, those of CT slices by at most %2)",
        "la imagen tiene color (sus canales difieren en %1 niveles de gris; los de los cortes de TC, en %2 como máximo)")
    case .unlike:
      Phrase(
        "the picture is unlike those the model was trained on (distance %1, at most %2)",
        "la imagen no se parece a aquellas con las que se entrenó el modelo (distancia %1; como máximo %2)")
    case .leakage:
      Phrase(
        "LEAKY split '%1', accepted with --accept-leakage",
        "división CON FUGA «%1», aceptada con --accept-leakage")
    }
  }
}

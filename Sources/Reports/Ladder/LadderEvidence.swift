import Evaluation

/// What figures may be quoted for, by their intervals: few series allow no claim, however honest the split.
public enum LadderEvidence: Sendable {
  /// There are no figures.
  case none
  /// Figures without an interval, for which reason.
  case noInterval(String)
  /// The interval of the AUC holds what guessing reaches.
  case chance(Metric)
  case interval(Metric)

  /// By the AUC of figures that come of a split which keeps series together.
  public init(_ report: ClassificationReport) {
    let auc = report.metrics.auc
    guard let low = auc.low, report.metrics.accuracy.hasInterval else {
      self = .noInterval(auc.hasInterval ? report.metrics.accuracy.method : auc.method)
      return
    }
    self = low <= 0.5 ? .chance(auc) : .interval(auc)
  }

  /// Whether anything may be quoted.
  public var isEnough: Bool { if case .interval = self { true } else { false } }

  public func words(in language: Language) -> String {
    switch self {
    case .none: language(EvidenceText.none)
    case .noInterval(let method): language(EvidenceText.noInterval, MethodText.translated(method, language))
    case .chance(let auc):
      language(EvidenceText.chance, MetricText.value(auc, in: language), language.series(auc.series))
    case .interval(let auc):
      language(EvidenceText.interval, MetricText.value(auc, in: language), language.series(auc.series))
    }
  }
}

/// What may be quoted.
enum EvidenceText: PhraseTable {
  case none, noInterval, chance, interval

  var phrase: Phrase {
    switch self {
    case .none:
      Phrase(
        "There is no figure with series kept together: nothing here should be quoted as a performance claim.",
        "No hay ninguna cifra con las series juntas: nada de esto debe citarse como rendimiento.")
    case .noInterval:
      Phrase(
        "Nothing here should be quoted as a performance claim: with so few series how far the figures would move with other patients cannot be told (%1).",
        "Nada de esto debe citarse como rendimiento: con tan pocas series no puede saberse cuánto se moverían las cifras con otros pacientes (%1)."
      )
    case .chance:
      Phrase(
        "No performance can be claimed from this: the AUC with series kept together, %1 over %2, may as well be that of guessing.",
        "De esto no puede afirmarse ningún rendimiento: la AUC con las series juntas, %1 con %2, bien puede ser la de responder al azar."
      )
    case .interval:
      Phrase(
        "Quote it only with its interval and the number of series: AUC %1 over %2, series kept together. The interval is what the data show; the value alone is not.",
        "Cítese solo con su intervalo y el número de series: AUC %1 con %2, series juntas. Lo que muestran los datos es el intervalo, no el valor solo."
      )
    }
  }
}

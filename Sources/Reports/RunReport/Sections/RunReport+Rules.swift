import Evaluation

extension RunReport {
  /// Calibration, operating point, abstention and gate with their numbers, how each was chosen, and what they do.
  func rulesSection(_ language: Language) -> Document.Section {
    var blocks: [Document.Block] = [
      .paragraph(InlineText(language(RuleText.intro))),
      .definitions([
        .init(language(RuleText.calibration), calibrationText(language)),
        .init(language(RuleText.operatingPoint), thresholdText(language)),
        .init(language(RuleText.abstention), abstentionText(language)),
        .init(language(RuleText.gate), gateText(language)),
      ]),
    ]
    if let measured = rules.measured {
      blocks.append(
        .table(
          .metrics(
            caption: language(RuleText.measured), name: language(ScoreText.metric), rows(measured, language),
            level: level,
            in: language)))
      let notes = measured.notes.filter { !isSaid($0) }.map { InlineText(sentence($0, language)) }
      if !notes.isEmpty { blocks.append(.list(notes)) }
    } else {
      blocks.append(.paragraph(InlineText(withCode: language(RuleText.notMeasured))))
    }
    return Document.Section(language(RuleText.title), blocks)
  }

  /// Whether the definitions say it already.
  private func isSaid(_ note: String) -> Bool { note == rules.calibrationNote || rules.notes.contains(note) }

  private func sentence(_ record: String, _ language: Language) -> String {
    let text = RecordText.translated(record, language)
    guard let first = text.first else { return "" }
    return first.uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
  }

  private func basis(_ basis: RuleFacts.Basis, _ language: Language) -> String {
    language(RuleText.chosenOn, language.pictures(basis.pictures), language.series(basis.series))
  }

  private func calibrationText(_ language: Language) -> InlineText {
    let note = rules.calibrationNote.isEmpty ? "" : sentence(rules.calibrationNote, language)
    let value: String
    switch rules.calibration {
    case .none: return InlineText(note.isEmpty ? language(RuleText.noCalibration) : note)
    case .temperature(let temperature): value = language(RuleText.temperature, MetricText.number(temperature))
    case .platt(let name, let intercept, let slope):
      value = language(RuleText.platt, name, MetricText.number(intercept), MetricText.number(slope))
    }
    return .strong(value) + InlineText(" " + note + " " + basis(rules.calibrationBasis, language))
  }

  private func why(_ beginning: String) -> String? { rules.notes.first { $0.hasPrefix(beginning) } }

  private func thresholdText(_ language: Language) -> InlineText {
    guard let point = rules.threshold else {
      return InlineText(
        ([language(RuleText.mostProbable)]
          + [why("no operating point")].compactMap { $0.map { sentence($0, language) } })
          .joined(separator: " "))
    }
    return .strong(language(RuleText.threshold, point.className, MetricText.number(point.probability)))
      + InlineText(
        " " + language(RuleText.chosenFor, RecordText.translated(point.rule, language)) + " "
          + basis(point.basis, language))
  }

  private func abstentionText(_ language: Language) -> InlineText {
    guard let abstention = rules.abstention else {
      return InlineText(
        ([language(RuleText.everyAnswer)] + [why("no abstention")].compactMap { $0.map { sentence($0, language) } })
          .joined(separator: " "))
    }
    let value =
      abstention.leastConfidence.map { language(RuleText.leastConfidence, MetricText.number($0)) }
      ?? language(RuleText.everyReferral)
    var text =
      " " + language(RuleText.chosenFor, RecordText.translated(abstention.rule, language)) + " "
      + basis(abstention.basis, language)
    if let risk = abstention.risk {
      text += " " + language(RuleText.choice, MetricText.number(abstention.coverage), MetricText.number(risk))
    }
    return .strong(value) + InlineText(text)
  }

  private func gateText(_ language: Language) -> InlineText {
    guard let gate = rules.gate else { return InlineText(language(ScoreText.noGate)) }
    var text = language(
      RuleText.gateRests, gate.layer, language.pictures(gate.basis.pictures), language.series(gate.basis.series),
      MetricText.percent(gate.wantedRefusals))
    if let refused = gate.heldOutRefusals {
      text += " " + language(RuleText.heldOut, MetricText.number(refused))
    }
    let rule = language(RuleText.gateRule, MetricText.number(gate.threshold), MetricText.number(gate.largestColour))
    return .strong(rule) + InlineText(" " + text)
      + (gate.warning.map { .warning(" " + RecordText.translated($0, language)) } ?? "")
  }

  private func rows(_ measured: RuleFacts.Measured, _ language: Language) -> [MetricRow] {
    var rows: [MetricRow] = []
    func add(_ name: String, _ metric: Metric?, else reason: RuleText? = nil) {
      if let metric {
        rows.append(MetricRow(name, metric))
      } else if let reason {
        rows.append(MetricRow(name, undefined: language(reason)))
      }
    }
    if let name = measured.className, measured.sensitivity != nil {
      add(language(ScoreText.about, language(ScoreText.sensitivity), name), measured.sensitivity)
      add(language(ScoreText.about, language(ScoreText.specificity), name), measured.specificity)
      if let prevalence = measured.prevalence {
        let percent = MetricText.percent((prevalence * 1000).rounded() / 1000)
        add(language(ScoreText.positiveValue, percent), measured.positiveValue, else: .noneCalled)
        add(language(ScoreText.negativeValue, percent), measured.negativeValue, else: .noneCalled)
      }
    }
    add(language(RuleText.coverage), measured.coverage)
    add(language(RuleText.risk), measured.risk, else: .noneAnswered)
    add(language(RuleText.refused), measured.refusedByGate, else: .noGateMeasured)
    return rows
  }
}

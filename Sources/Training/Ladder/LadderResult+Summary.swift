import Evaluation
import Reports

extension LadderResult {
  /// The rungs and the placebo for a person's terminal.
  public var summary: String {
    var lines = ["One classifier, three splits: \(classifier)."]
    lines.append(
      "\(settings.folds)-fold cross-validation, every picture scored, repeats: \(settings.repeats); seed \(settings.seed)."
    )
    for set in dataSets { lines += ["", set.summary] }
    lines.append(
      "\(Leakage.mark): slices of one series, nearly the same picture, are on both sides; such figures say nothing of new patients."
    )
    lines.append("Research use only.")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension LadderDataSet {
  fileprivate var summary: String {
    let classes = counts.map { "\($0.className) \($0.pictures) (\($0.series) series)" }.joined(separator: ", ")
    var lines = [
      "\(name)\(join?.isOfCommonClasses == true ? ", common classes" : ""): \(pictures) pictures of \(series) series: \(classes)"
    ]
    if let join {
      lines.append("Every picture made grey and of one size first: \(join.preprocessing).")
      let origin = join.origin.map { MetricText.value($0, in: .english) } ?? "not measured: \(join.originReason ?? "")"
      lines.append("Which set a picture is of, on unseen series of the classes all sets have: AUC \(origin).")
      if !join.partialClasses.isEmpty {
        lines.append(
          "Not in every set: \(join.partialClasses.joined(separator: ", ")); what tells the sets apart helps to tell these."
        )
      }
    }
    lines.append(
      "Copies: \(copies.pairs) pairs; left out from rung 2 on: \(copies.removed) pictures"
        + (copies.conflicting > 0 ? ", and \(copies.conflicting) whose copy lies under another class." : "."))
    lines.append(
      TextTable(
        columns: [
          .init("rung"), .init("images", .right), .init("series", .right), .init("folds", .right), .init("accuracy"),
          .init("macro F1"),
          .init(positiveClass.map { "AUC (\($0))" } ?? "AUC (mean over classes)"),
        ],
        rows: rungs.map(\.cells)
      ).text + placebo.summary)
    lines.append(page.evidence.words(in: .english))
    if seriesBasis == "look" {
      lines.append("Series were found by look; they stand in for patients, who are not known for this data.")
    }
    return lines.joined(separator: "\n")
  }
}

extension LadderRung {
  fileprivate var cells: [String] {
    let name =
      switch kind {
      case .random: "1 random split"
      case .withoutCopies: "2 copies removed, random split"
      case .grouped: "3 copies removed, series together"
      }
    let head = [kind.isLeaky ? "\(name), \(Leakage.mark)" : name, "\(pictures)", "\(series)", "\(folds)"]
    guard let report else { return head + ["not possible: \(reason ?? "")"] }
    return head
      + [report.accuracy, report.macroF1, report.auc].map { MetricText.value(LadderPage.unmarked($0), in: .english) }
  }
}

extension LadderPlacebo {
  fileprivate var summary: String {
    guard let (grouped, random) = onPage else { return "Placebo: not possible: \(reason ?? "").\n" }
    return """
      Placebo: the labels of whole series dealt anew, \(grouped.shuffles) times.
        series together: \(Self.line(grouped)): \(Self.groupedWords(grouped.verdict))
        random split:    \(Self.line(random)): \(Self.randomWords(random.verdict))

      """
  }

  private static func line(_ side: LadderPage.Placebo) -> String {
    let single =
      side.intervals > 0
      ? "\(side.holding) of \(side.intervals) single intervals hold 0.5" : "single shuffles: \(side.reason)"
    return "mean AUC \(MetricText.value(side.mean, in: .english)), \(single)"
  }

  private static func groupedWords(_ verdict: LadderPage.Placebo.Verdict) -> String {
    switch verdict {
    case .chance: "chance, as it must be"
    case .above: "ABOVE CHANCE, something still leaks"
    case .below: "below chance, as happens with few series; nothing leaks"
    case .unknown: "cannot be told"
    }
  }

  private static func randomWords(_ verdict: LadderPage.Placebo.Verdict) -> String {
    switch verdict {
    case .above: "looks good though the labels mean nothing"
    case .chance, .below: "this data shows no leak"
    case .unknown: "cannot be told"
    }
  }
}

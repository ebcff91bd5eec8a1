import Evaluation
import Foundation
import Inference
import Reports

/// A shipped head's model card, in Markdown: what it is for and not for, what it rests on, and every figure of it.
struct HeadCard {
  let figures: HeadFigures
  let report: HeadsReport
  let model: ModelFile

  var markdown: String {
    [
      title, purpose, data, making, scores, caution, classes, trials, calibration, decision, strangers, licences, spanish,
    ].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var title: String {
    """
    # kidney-\(figures.task): \(figures.classes.joined(separator: ", ")) on CT slices

    Model `\(model.digest.short)`, made by `nefro heads` with seed \(report.seed). Research use only: no answer is a diagnosis.
    """
  }

  private var purpose: String {
    let others = figures.strangers.map(\.className).joined(separator: " and ")
    let unknown =
      others.isEmpty
      ? "A picture of anything else gets one of these answers all the same."
      : "It does not know \(others): see below what it says of them."
    return """
      ## For what, and not for what

      - For research on classifiers of single kidney CT slices, and to try the program without training.
      - Not for patients: not for diagnosis, triage or second opinions. It was never tried on another hospital's pictures.
      - It tells \(figures.classes.joined(separator: ", ")) apart. \(unknown)
      - What it looks at is texture, sharpness and grey level in early layers, without places. That may be the scanner's, the window's or \
      the encoder's as much as the tissue's; with these data they cannot be told apart. See how it bears changed pictures.
      - `nefro explain` draws where its evidence lies, which is not where a finding is: on 48 drawn tumours the peak of the shipped two-class \
      model's evidence lay in the tumour no more often than chance, by contributions and by Grad-CAM in a share of 0.000 (0.000 to 0.074), by \
      occlusion in 0.021 (0.0004 to 0.116); by chance it would in 0.087 (`docs/validation.md`).
      """
  }

  private var data: String {
    let rows = figures.counts.map { "| \($0.className) | \($0.images) | \($0.series) |" }.joined(separator: "\n")
    let fewest = figures.counts.min { $0.series < $1.series }!
    return """
      ## Data

      Pictures of two releases of the public "CT Kidney Dataset: Normal-Cyst-Tumor and Stone" (Islam et al. 2022, hospitals in Dhaka); \
      no patient identifiers were released, so series were found from numbers and look, on both releases together. \
      \(report.copies) pairs of copies were found; both sides of each are in one series.

      | class | pictures | series |
      |---|---|---|
      \(rows)

      \(fewest.className) has \(fewest.series) series: a recall of it moves by \(text(1 / Double(fewest.series), 2)) when one of them flips. \
      So little data can hardly choose between recipes, and the figures below say little of other patients, nothing of other hospitals.
      """
  }

  private var making: String {
    """
    ## How it was made

    Preprocessing `\(report.preprocessing)`; VGG-16 (ImageNet weights, digest `\(report.baseDigest.prefix(12))`), frozen, up to \
    block3_pool; \(report.recipe["FEATURES"] ?? ""); each block scaled to variance 1 in all; multinomial logistic regression, \
    every class weighing alike, L2 penalty \(report.recipe["LAMBDA"] ?? ""), at most \(report.recipe["ITERATIONS"] ?? "") iterations \
    of L-BFGS from zero (\(figures.fit.iterations) made\(figures.fit.converged ? "" : ", stopped there")). Trained on \
    \(figures.fit.pictures) pictures and on copies of them, \(figures.fit.rows) rows in all, a picture weighing what it would without \
    copies: \(report.recipe["COPIES"] ?? ""). \(columns)The recipe was found by looking \
    at cross-validated figures of the same pictures (`Reference/heads/README.md`), so all figures flatter somewhat.
    """
  }

  /// Which part of the fitted head this is.
  private var columns: String {
    figures.fit.classes == figures.classes
      ? ""
      : "This head is the columns of \(figures.classes.joined(separator: " and ")) of the head fitted to "
        + "\(figures.fit.classes.joined(separator: ", ")). "
  }

  private var scores: String {
    """
    ## Cross-validated figures: whole series held out

    \(figures.series.folds) folds of whole series, drawn \(figures.series.macroF1.count) times (\(figures.series.differentDraws) \
    different foldings); no copy on two sides \
    (\(figures.series.copiesAcrossSides) pairs across). **Macro-F1 \(with(figures.series.report.macroF1)), AUC \
    \(with(figures.series.report.auc))**: means over the draws, intervals over series. From draw to draw macro-F1 is \
    \(range(figures.series.macroF1)), AUC \(range(figures.series.auc)): the same series in folds that are balanced, hence alike. Over new \
    patients the spread is that of the intervals or larger.

    \(table(of: figures.series.report))
    """
  }

  private var caution: String {
    """
    ## Beside it, a figure that is too good

    \(figures.runs.heldOut.prefix(1).uppercased() + figures.runs.heldOut.dropFirst()) held out, so that other slices of the same patient \
    are trained on, over \(figures.runs.macroF1.count) draws; \(figures.runs.copiesAcrossSides) times a pair of near copies, mostly \
    neighbours, lies on two sides. **This is not patient-separated and no score for new patients.** It stands \
    here because published figures of this data set are of this kind or leakier.

    \(table(of: figures.runs.report, brief: true))
    """
  }

  private var classes: String {
    let report = figures.series.report
    let head = "| true class | " + report.classes.joined(separator: " | ") + " | sensitivity | precision |\n"
    let line = "|---|" + report.classes.map { _ in "---|" }.joined() + "---|---|\n"
    let rows = zip(report.perClass, report.confusionMatrix).map { metrics, row in
      "| \(metrics.className) | " + row.map(String.init).joined(separator: " | ")
        + " | \(with(metrics.sensitivity)) | \(metrics.precision.map(with) ?? "never predicted") |"
    }
    return "## By class (whole series held out; figures are means over the draws, counts of answers those of the first)\n\n" + head + line
      + rows.joined(separator: "\n")
  }

  private var trials: String {
    let rows = figures.trials.map {
      "| \($0.heldOut) | \($0.change) | \($0.right.images) | \(with($0.right)) | \(with($0.rightChanged)) | \(with($0.same)) |"
    }
    return """
      ## Changed pictures

      The same held-out pictures, as they are and changed.

      | held out | change | pictures | right as they are | right changed | same answer |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  private var calibration: String {
    let check = figures.calibration
    func row(_ name: String, _ quality: HeadFigures.CalibrationCheck.Quality) -> String {
      "| \(name) | \(with(quality.logLoss)) | \(with(quality.brier)) | \(quality.expectedCalibrationError.map(with) ?? "-") |"
    }
    let temperature = check.temperature.map { "Temperature of all out-of-fold answers: \(with($0)). " } ?? ""
    return """
      ## Calibration (whole series held out, first draw)

      \(temperature)Decision: \(check.decision).

      | probabilities | log loss | Brier | expected calibration error |
      |---|---|---|---|
      \(([row("as they are", check.before)] + (check.after.map { [row("temperature of the other folds", $0)] } ?? []))
        .joined(separator: "\n"))
      """
  }

  private var decision: String {
    let wrong = figures.decision.wrong.map { ", and \(with($0)) of those answers are wrong" } ?? ""
    let referred = figures.decision.wrongReferred.map { "; of the labels of referred pictures \(with($0)) are" } ?? ""
    let gate =
      figures.gate.map {
        """


        Not a kidney CT: pictures with colour, and pictures whose mean features at \(HeadGate.layer) lie far from those of the training \
        pictures and their changed copies, are refused. The gate was \($0) What it lets in of pictures of other things is in \
        `docs/validation.md`, "What the gate lets in". Abdominal CT without a kidney was not tested.
        """
      } ?? ""
    return """
      ## When it does not answer (whole series held out, first draw)

      \(figures.decision.rule.prefix(1).uppercased() + figures.decision.rule.dropFirst()). By rules fitted to the other folds \
      \(with(figures.decision.answered)) of the pictures are answered\(wrong)\(referred). So few series can promise a share of answers, \
      no share of wrong ones: at a new hospital either may be far off.\(gate)
      """
  }

  private var strangers: String {
    guard !figures.strangers.isEmpty else { return "" }
    let rows = figures.strangers.map { stranger in
      let answers = figures.classes.map { "\(stranger.answers[$0] ?? 0)" }.joined(separator: " | ")
      return "| \(stranger.className) | \(answers) | \(with(stranger.positive)) | \(with(stranger.confidence)) |"
    }
    return """
      ## Classes it does not know

      Held-out pictures of them, answered by heads that saw none of their series. A high share of either answer is no evidence for it.

      | class | \(figures.classes.map { "answered \($0)" }.joined(separator: " | ")) | share answered \(figures.classes.last ?? "") | mean probability of the answer |
      |---|\(figures.classes.map { _ in "---|" }.joined())---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  private var licences: String {
    """
    ## Licences

    - Data: CT Kidney Dataset, Kaggle, Islam et al., "Vision transformer and explainable transfer learning models for auto detection of \
    kidney cyst, stone and tumor from CT-radiography", Scientific Reports 12, 11440 (2022); see the data set's page for its terms. No \
    picture is in this file.
    - Base: VGG-16 of Simonyan and Zisserman (2014), weights under CC BY 4.0; not in this file either, but named by digest.
    - This head: the licence of the repository.
    """
  }

  private var spanish: String {
    let fewest = figures.counts.min { $0.series < $1.series }!
    let unknown =
      figures.strangers.isEmpty
      ? "" : " No conoce \(figures.strangers.map(\.className).joined(separator: " ni ")); arriba se dice qué responde ante esas imágenes."
    return """
      ## En español

      Distingue \(figures.classes.joined(separator: ", ")) en cortes sueltos de TC de riñón. Solo para investigación: ninguna respuesta es un \
      diagnóstico, y nunca se probó con imágenes de otro hospital.\(unknown) Validación cruzada con series enteras apartadas \
      (\(figures.series.folds) particiones, \(figures.series.macroF1.count) sorteos): macro-F1 \(with(figures.series.report.macroF1, to: "a")), \
      AUC \(with(figures.series.report.auc, to: "a")). \(fewest.className) \
      tiene \(fewest.series) series, así que estas cifras dicen poco de pacientes nuevos. Lo que mira es la textura, la nitidez y el nivel de gris, que \
      pueden ser del equipo tanto como del tejido.
      """
  }

  // MARK: - Figures as text

  private func table(of report: ClassificationReport, brief: Bool = false) -> String {
    let shown = report.metrics.named.filter { !brief || ["macro_f1", "auc", "accuracy"].contains($0.name) }
    let rows = shown.map { name, metric in
      let interval =
        metric.low.flatMap { low in metric.high.map { "\(text(low)) to \(text($0))\(mark(of: metric))" } } ?? metric.method
      return "| \(name.replacingOccurrences(of: "_", with: " ")) | \(text(metric.value)) | \(interval) | \(metric.images) | \(metric.series) |"
    }
    return "| metric | value | 95 % interval | pictures | series |\n|---|---|---|---|---|\n" + rows.joined(separator: "\n")
  }

  private func with(_ metric: Metric) -> String { with(metric, to: "to") }

  private func with(_ metric: Metric, to word: String) -> String {
    guard let low = metric.low, let high = metric.high else { return "\(text(metric.value)) (\(metric.method))" }
    return "\(text(metric.value)) (\(text(low)) \(word) \(text(high))\(mark(of: metric)))"
  }

  /// Where an interval stands in place of the method, the mark of a split that leaks stands beside it.
  private func mark(of metric: Metric) -> String { metric.method.hasSuffix(Leakage.mark) ? ", \(Leakage.mark)" : "" }

  private func text(_ value: Double, _ places: Int = 3) -> String { String(format: "%.\(places)f", value) }
  private func range(_ values: [Double]) -> String { "\(text(values.min() ?? 0)) to \(text(values.max() ?? 0))" }
}

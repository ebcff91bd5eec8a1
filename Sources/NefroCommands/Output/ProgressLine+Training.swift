import Training

extension ProgressLine {
  /// Shows what a training tells.
  func show(_ event: TrainingEvent) {
    switch event {
    case .starting: break
    case .progress(let phase, let done, let total):
      show(Self.name(of: phase), done: done, total: total, unit: "images")
    case .epochEnded(let record, let epochs, let mark):
      var text = "Epoch \(record.epoch)/\(epochs): " + Self.figures("training", record.loss, record.accuracy)
      if let loss = record.validationLoss, let accuracy = record.validationAccuracy {
        text += "; " + Self.figures("validation", loss, accuracy)
      }
      note(text + " (running figures, not scores\(mark.map { "; \($0)" } ?? ""))")
    case .stoppedEarly(let epoch, let bestEpoch):
      note("Stopped after epoch \(epoch); epoch \(bestEpoch) had the lowest validation loss and is kept.")
    case .note(let text):
      note(text)
    }
  }

  private static func figures(_ side: String, _ loss: Double, _ accuracy: Double) -> String {
    "\(side) loss \(fixed(loss)), accuracy \(fixed(accuracy))"
  }

  private static func name(of phase: TrainingEvent.Phase) -> String {
    switch phase {
    case .standardisation: "Measuring features"
    case .training(let epoch, let epochs): "Epoch \(epoch)/\(epochs)"
    case .validation(let epoch, let epochs): "Epoch \(epoch)/\(epochs), validation"
    case .scoring: "Scoring"
    }
  }
}

/// A figure with four places.
func fixed(_ value: Double) -> String {
  let scaled = (abs(value) * 10_000).rounded()
  guard scaled < 1e15 else { return "\(value)" }
  let whole = Int(scaled)
  let fraction = String(whole % 10_000)
  return (value < 0 ? "-" : "") + "\(whole / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
}

import ArgumentParser

/// Whether a model may be scored on a test set that was opened before it was made.
struct OpenedTestSetOptions: ParsableArguments {
  @Flag(
    name: .long,
    help: "Score a model on a test set that was opened before it, its thresholds or its calibration were made; every figure of its scores and reports is marked.")
  var acceptOpenedTestSet = false
}

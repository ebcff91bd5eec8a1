import ArgumentParser

/// Whether a split that cannot be vouched for may be trained on.
struct LeakageOptions: ParsableArguments {
  @Flag(
    name: .long,
    help: "Train on a split that puts slices of one series on both sides (SPLIT random or keras); every number that comes of it is marked.")
  var acceptLeakage = false
}

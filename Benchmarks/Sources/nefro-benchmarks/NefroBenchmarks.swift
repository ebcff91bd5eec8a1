import ArgumentParser

@main
struct NefroBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nefro-benchmarks",
    abstract: "Measure how fast Nefro is.",
    subcommands: [
      BaseCommand.self, TrainingStepCommand.self, PicturesCommand.self, FeederCommand.self, KernelsCommand.self,
      ShapesCommand.self, StagesCommand.self, ServeCommand.self,
    ])
}

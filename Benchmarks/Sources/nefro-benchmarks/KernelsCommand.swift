import ArgumentParser
import TensorKernels

/// Names the builds of the kernels that this processor can run, for `NEFRO_KERNELS`.
struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "Name the builds of the kernels that run here, and the one that is taken.")

  @Flag(help: "Print JSON.")
  var json = false

  struct Result: Codable {
    var supported: [String]
    var current: String
  }

  func run() throws {
    let result = Result(
      supported: KernelPath.allCases.filter(\.isSupported).map(\.rawValue), current: KernelPath.current.rawValue)
    if json { return try printJSON(result) }
    for name in result.supported { print(name == result.current ? "\(name) (taken)" : name) }
  }
}

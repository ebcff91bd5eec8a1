import Foundation

/// What DVC sees of the program and the weights: it follows links among a project's files, and knows a file that has
/// changed by its time and size before it reads it.
extension Project {
  /// A link to the program.
  var programLink: URL { configuration.artifactsRoot.appending(path: "program") }
  /// A link to the stored weights of the base; a word where none are stored or wanted.
  var weightsLink: URL { configuration.artifactsRoot.appending(path: "weights") }

  /// Lets both links lead to what is used now.
  func linkProgram() throws {
    try link(programLink, to: Self.programFile)
    try link(weightsLink, to: parameters.weights == .imagenet ? (try? store.open(parameters.network.name))?.url : nil)
  }

  private func link(_ place: URL, to target: URL?) throws {
    let files = FileManager.default
    let there = try? files.destinationOfSymbolicLink(atPath: place.path)
    if let target, there == target.path { return }
    if target == nil, there == nil, files.fileExists(atPath: place.path) { return }
    try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? files.removeItem(at: place)
    if let target {
      try files.createSymbolicLink(atPath: place.path, withDestinationPath: target.path)
    } else {
      try "none\n".write(to: place, atomically: true, encoding: .utf8)
    }
  }

  /// The program by the name it was started with. That may be a link of an installation, which leads elsewhere after
  /// the next one: DVC has to see it.
  private static let programFile: URL? = {
    let name = CommandLine.arguments.first ?? ""
    if name.contains("/") { return URL(filePath: name).absoluteURL }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let places = folders.map { URL(filePath: String($0)).absoluteURL.appending(path: name) }
    return places.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? Bundle.main.executableURL
  }()
}

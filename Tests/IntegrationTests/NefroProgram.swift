import Foundation
import TestSupport

/// The built program, as a user runs it.
struct NefroProgram {
  /// Beside the test bundle, since one build makes both.
  static let url = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "nefro")

  struct Outcome {
    var code: Int32
    var output: String
    var error: String
  }

  /// The folder the program is started in.
  let folder: URL
  /// Added to the process's own environment.
  var environment: [String: String] = [:]
  /// A program that runs it, with arguments: an emulator. Empty to run it on this processor.
  var runner: [String] = []

  /// Runs the program to its end.
  ///
  /// - Parameter expecting: the exit code that is no surprise; another one is printed with what the program said.
  @discardableResult
  func run(_ arguments: String..., expecting code: Int32? = nil) throws -> Outcome {
    try run(arguments, expecting: code)
  }

  @discardableResult
  func run(_ arguments: [String], expecting code: Int32? = nil) throws -> Outcome {
    let process = try start(arguments)
    process.process.waitUntilExit()
    let outcome = Outcome(
      code: process.process.terminationStatus, output: try String(contentsOf: process.output, encoding: .utf8),
      error: try String(contentsOf: process.error, encoding: .utf8))
    if let code, code != outcome.code {
      print("nefro \(arguments.joined(separator: " ")) ended with \(outcome.code):\n\(outcome.error)")
    }
    return outcome
  }

  /// Starts the program and returns at once; what it prints goes to two files.
  func start(_ arguments: [String]) throws -> (process: Process, output: URL, error: URL) {
    let process = Process()
    let command = runner + [Self.url.path] + arguments
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let name = UUID().uuidString
    let files = ["out", "err"].map { FileManager.default.temporaryDirectory.appending(path: "nefro-\(name).\($0)") }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    return (process, files[0], files[1])
  }
}

/// A project folder with the report's configuration and small, quick parameters.
struct SmallProject {
  var program: NefroProgram
  var folder: URL { program.folder }

  /// - Parameter folder: the project becomes its folder `project`.
  init(in folder: URL) throws {
    let project = folder.appending(path: "project")
    try SmallProjectFiles.write(to: project)
    program = NefroProgram(folder: project)
  }

  /// Draws a small hospital into the project's `hospital` folder.
  func synthesize(_ more: String...) throws {
    _ = try program.run(SmallProjectFiles.synthesis + more, expecting: 0)
  }

  func url(_ path: String) -> URL { folder.appending(path: path) }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }
}

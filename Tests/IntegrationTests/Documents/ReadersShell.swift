import Foundation

/// A shell in which one line follows another: where a line has led, and the variables it has set, are there for the next.
struct ReadersShell {
  struct Outcome {
    var code: Int32
    /// On both of its outputs.
    var said: String
  }

  /// A line that goes on until it is told to end.
  struct Running {
    let process: Process
    let output: URL

    var said: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
  }

  private let folder: URL
  private let environment: [String: String]
  private let functions: String

  /// - Parameters:
  ///   - home: the reader's; it gets a folder `.shell` for what is kept from line to line.
  ///   - place: where the first line is run.
  ///   - environment: over that of the tests; HOME is `home`.
  ///   - functions: Bash text that every line may call.
  init(home: URL, at place: URL, environment: [String: String] = [:], functions: String = "") throws {
    folder = home.appending(path: ".shell")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      .merging(["HOME": home.path, "READERS_STATE": folder.appending(path: "state").path]) { $1 }
    self.functions = functions
    try "cd '\(place.path)'\n".write(to: folder.appending(path: "state"), atomically: true, encoding: .utf8)
  }

  /// Runs a line to its end; one that takes ten minutes is ended, with code 124.
  func run(_ line: String) throws -> Outcome {
    let script = """
      \(line)
      code=$?
      { export -p; printf 'cd %q\\n' "$PWD"; } >"$READERS_STATE"
      exit "$code"
      """
    let running = try start(script, by: ["/usr/bin/timeout", "--kill-after=10", "600", "/bin/bash"])
    running.process.waitUntilExit()
    return Outcome(code: running.process.terminationStatus, said: running.said)
  }

  /// Starts a command in the place where the last line has led, and returns at once.
  func start(_ command: String) throws -> Running { try start("exec \(command)", by: ["/bin/bash"]) }

  private func start(_ script: String, by shell: [String]) throws -> Running {
    let output = folder.appending(path: UUID().uuidString)
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    defer { try? handle.close() }
    let process = Process()
    process.executableURL = URL(filePath: shell[0])
    process.arguments = shell.dropFirst() + ["-c", "\(functions)\n. \"$READERS_STATE\"\n\(script)"]
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    return Running(process: process, output: output)
  }
}

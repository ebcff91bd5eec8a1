import Foundation
import Synchronization

/// Python's ordinary package client, run as a child process: it knows the user's index, proxy and certificates.
struct PackageClient {
  /// The interpreter and its arguments.
  let python: [String]

  /// Fetches one package, without what it depends on, into a folder. Only wheels: a source package would run code.
  ///
  /// - Throws: `BackboneError.commandFailed` with the end of what the client said; `CancellationError` if the task was
  ///   cancelled, after the child has ended.
  func download(_ package: String, to folder: URL) async throws {
    let arguments =
      python + [
        "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
        "--only-binary=:all:", "--retries", "1", "--timeout", "15", "--dest", folder.path, package,
      ]
    let command = (python + ["-m pip download", package]).joined(separator: " ")
    let log = folder.appending(path: "pip.log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let output = try FileHandle(forWritingTo: log)
    defer { try? output.close() }

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    let status = try await Self.run(process, command: command)
    try Task.checkCancellation()
    guard status == 0 else {
      throw BackboneError.commandFailed(command: command, reason: Self.advice(status, said: Self.end(of: log)))
    }
  }

  /// - Returns: the exit status, once the process has ended.
  private static func run(_ process: Process, command: String) async throws -> Int32 {
    // Foundation's process may be told to end from any thread.
    let child = Mutex<Process?>(process)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do {
          try process.run()
        } catch {
          process.terminationHandler = nil
          continuation.resume(
            throwing: BackboneError.commandFailed(command: command, reason: error.localizedDescription))
        }
      }
    } onCancel: {
      child.withLock { if $0?.isRunning == true { $0?.terminate() } }
    }
  }

  private static func end(of log: URL) -> String {
    let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(3).joined(separator: " ").trimmingCharacters(in: .whitespaces)
  }

  private static func advice(_ status: Int32, said: String) -> String {
    if status == 127 { return "there is no Python here (sudo apt-get install python3 python3-pip)." }
    if said.contains("No module named pip") { return "Python has no pip here (sudo apt-get install python3-pip)." }
    return said.isEmpty ? "it ended with status \(status)." : said
  }
}

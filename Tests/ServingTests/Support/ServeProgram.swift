import Foundation
import TestSupport

/// The program itself, serving.
final class ServeProgram: @unchecked Sendable {
  /// Beside the test bundle, since one build makes both.
  static let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "nefro")

  struct Failure: Error { var output: String }

  let port: Int
  /// The administrator's; nil after the first start of a store.
  let token: String?
  private let process: Process

  /// Starts a server and waits until it takes connections.
  ///
  /// - Parameter folder: the working folder, where the store is.
  static func start(in folder: URL, _ arguments: [String] = []) async throws -> ServeProgram {
    try await Wire.talk { try ServeProgram(folder, arguments) }
  }

  private init(_ folder: URL, _ arguments: [String]) throws {
    process = Process()
    process.executableURL = Self.program
    process.arguments = ["serve", "--port", "0"] + arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    let log = folder.appending(path: "log.jsonl")
    if !FileManager.default.fileExists(atPath: log.path) { _ = FileManager.default.createFile(atPath: log.path, contents: nil) }
    let handle = try FileHandle(forWritingTo: log)
    try handle.seekToEnd()
    process.standardError = handle
    try process.run()
    var text = ""
    while text.firstMatch(of: #/ on https?://[^:]+:(\d+)\./#) == nil {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else {
        throw Failure(output: text + ((try? String(contentsOf: log, encoding: .utf8)) ?? ""))
      }
      text += String(decoding: piece, as: UTF8.self)
    }
    port = Int(text.firstMatch(of: #/ on https?://[^:]+:(\d+)\./#)!.1)!
    token = text.firstMatch(of: /shown this once: (nefro_[0-9a-f]{8}_[0-9a-f]{64})\n/).map { String($0.1) }
  }

  /// Bytes that the process had in memory at most, mapped files counted.
  func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    guard let match = status.firstMatch(of: /VmHWM:\s+(\d+) kB/), let kibibytes = Int(match.1) else {
      throw Failure(output: status)
    }
    return kibibytes << 10
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// - Returns: the exit code, or the signal that ended it.
  func end(_ signal: Int32) async throws -> Int32 {
    try await Wire.talk { [process] in
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      return process.terminationStatus
    }
  }
}

import Foundation

/// This program, run for a short task to its end.
enum OwnProgram {
  /// - Returns: its exit code, and all that it said.
  static func run(_ program: URL, _ arguments: [String], in folder: URL) throws -> (code: Int32, text: String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}

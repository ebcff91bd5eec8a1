import Foundation

/// Other programs, run to their end.
enum Program {
  struct Failure: Error {
    var status: Int32
    var output: String
  }

  /// - Parameter folder: where it works; nil for where the tests do.
  /// - Returns: what it wrote to standard output.
  static func run(
    _ program: URL, _ arguments: [String], input: Data = Data(), in folder: URL? = nil
  ) throws -> String {
    let process = Process()
    if let folder { process.currentDirectoryURL = folder }
    process.executableURL = program
    process.arguments = arguments
    let (inside, outside) = (Pipe(), Pipe())
    process.standardInput = inside
    process.standardOutput = outside
    process.standardError = outside
    try process.run()
    try inside.fileHandleForWriting.write(contentsOf: input)
    try inside.fileHandleForWriting.close()
    let output = String(decoding: outside.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus, output: output) }
    return output
  }
}

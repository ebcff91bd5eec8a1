import Foundation
import Testing

/// The object files of this package's modules, as nm (binutils) reads them.
enum ObjectFiles {
  private static let nm = ["/usr/bin/nm", "/usr/local/bin/nm", "/usr/bin/llvm-nm"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Where `swift build` has put the test program.
  private static let buildFolder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  private static func objects(of module: String) -> [String] {
    let folder = buildFolder.appending(path: "\(module).build").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".o") }.sorted().map { "\(folder)/\($0)" }
  }

  static let canBeRead = nm != nil && !objects(of: "TensorKernelsAVX2").isEmpty

  /// The functions that a module's object files define, weak ones included.
  static func functions(of module: String) throws -> [String] {
    let files = objects(of: module)
    try #require(!files.isEmpty, "no object files of \(module) in \(buildFolder.path)")
    let process = Process()
    process.executableURL = URL(filePath: try #require(nm))
    process.arguments = ["--defined-only"] + files
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "nm ended with \(process.terminationStatus)")
    // Lines such as `0000000000000a10 W $s17TensorKernelsAVX210writeLanes...`; T and t are functions, W and w weak ones.
    return output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count == 3 && ["T", "t", "W", "w", "i"].contains(words[1]) ? String(words[2]) : nil
    }
  }
}

import Foundation
import TestSupport

/// A project with a small hospital, prepared, trained and scored by the built program.
struct TrainedProject {
  /// The project's own; its store is within it.
  let folder: URL

  /// Makes it and runs the pipeline: one run, with scores.
  init(in folder: URL) throws {
    self.folder = folder
    try SmallProjectFiles.write(to: folder)
    _ = try Program.run(ServeProgram.program, SmallProjectFiles.synthesis, in: folder)
    try run("pipeline", "--source", "hospital")
  }

  /// The built program, in the project's folder.
  @discardableResult func run(_ arguments: String...) throws -> String {
    try Program.run(ServeProgram.program, arguments, in: folder)
  }

  /// Declares a gate for promotions.
  func declareGate(_ text: String) throws {
    try text.write(to: folder.appending(path: "config/promotion.yaml"), atomically: true, encoding: .utf8)
  }

  /// The trainings that run for this project now, by their process's identity.
  func trainings() -> [Int32] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { Int32($0) }.filter { process in
      guard let line = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8) else { return false }
      let words = line.split(separator: "\0")
      return words.dropFirst().first == "train" && words.contains { $0.hasSuffix(folder.lastPathComponent) }
    }
  }
}

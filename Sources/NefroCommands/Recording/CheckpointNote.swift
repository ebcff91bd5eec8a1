import Foundation
import LocalFiles
import Tracking
import Training

/// Which run a training's checkpoint belongs to, in a file beside it: the store may be shared by several projects, and a
/// folder can be copied, so neither "the last run" nor equal parameters tell.
///
/// A training that starts anew removes its checkpoints, and this with them.
struct CheckpointNote: Codable, Equatable {
  var run: RunID
  /// The project's folder when it was written.
  var project: String

  init(run: RunID, project: Project) {
    self.run = run
    self.project = Self.place(of: project)
  }

  /// - Returns: nil if there is none, or if it cannot be read.
  static func read(of project: Project) -> CheckpointNote? {
    (try? Data(contentsOf: file(of: project))).flatMap { try? JSONDecoder().decode(CheckpointNote.self, from: $0) }
  }

  /// - Throws: `LocalFileError`.
  func write(for project: Project) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: Self.file(of: project))
  }

  /// Whether it was written in this very folder, and is no copy.
  func isOf(_ project: Project) -> Bool { self.project == Self.place(of: project) }

  private static func file(of project: Project) -> URL {
    project.configuration.checkpointFolder.appending(path: "run.json")
  }

  private static func place(of project: Project) -> String {
    project.configuration.root.standardizedFileURL.resolvingSymlinksInPath().path
  }
}

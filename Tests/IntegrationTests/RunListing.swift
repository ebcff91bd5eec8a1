import Foundation
import Testing

/// What `nefro runs` says of a project, taken apart.
struct RunListing {
  /// One run as `nefro runs show --json` prints it.
  struct Entry: Decodable {
    struct Run: Decodable {
      var id: String
      var status: String
      var failure: String?
    }
    struct Point: Decodable {
      var key: String
      var step: Int
      var value: Double
    }
    struct Artifact: Decodable {
      var path: String
      var digest: String
    }

    var run: Run
    var history: [Point]
    var artifacts: [Artifact]
    var tags: [String: String]

    /// The steps of a metric, in the order they were recorded.
    func steps(_ key: String) -> [Int] { history.filter { $0.key == key }.map(\.step) }
  }

  private struct Listed: Decodable {
    var run: Entry.Run
  }

  /// Every training of the project, the oldest first.
  static func trainings(_ project: SmallProject) throws -> [Entry] {
    let list = ["runs", "list", "--filter", "kind = train", "--limit", "0", "--reverse", "--json"]
    let listed = try JSONDecoder().decode([Listed].self, from: Data(project.program.run(list, expecting: 0).output.utf8))
    return try listed.map { item in
      let shown = try project.program.run("runs", "show", item.run.id, "--json", expecting: 0).output
      return try JSONDecoder().decode(Entry.self, from: Data(shown.utf8))
    }
  }
}

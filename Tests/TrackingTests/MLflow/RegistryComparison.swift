import Foundation
import Testing
import Tracking

/// Compares a registered model with what MLflow's own client reads from a server's registry.
struct RegistryComparison {
  let store: RunStore
  let model: String
  /// Whether the server's pages show stages.
  let hasStages: Bool

  /// Each version is there once, with its run and its files, and each alias where it is here.
  func expectEqual(_ read: ReadBack) throws {
    let registry = ModelRegistry(store: store)
    let versions = try registry.versions(of: model)
    let aliases = try registry.aliases(of: model)
    #expect(read.versions.count == versions.count)
    for version in versions {
      let found = read.versions.filter { $0.tags["nefro.registered_as"] == version.reference }
      #expect(found.count == 1, "\(version.reference) is there \(found.count) times")
      guard let there = found.first else { continue }
      #expect(there.name == model && there.status == "READY")
      #expect(there.tags["nefro.model.digest"] == version.identity.hex)
      let run = read.runs.first { $0.tags["nefro.run"] == version.run?.text }
      #expect(there.run == run?.id && there.source.hasSuffix("\(there.run)/artifacts/model"), "\(there.source)")
      #expect(run?.files["model/MLmodel"] != nil, "\(version.reference) is nothing that MLflow loads")
      let own = aliases.filter { $0.value == version.number }.keys.sorted()
      #expect(there.aliases.sorted() == own, "\(version.reference) has \(there.aliases), here \(own)")
      guard hasStages else { continue }
      let stages: [String?] =
        own.contains("champion") ? ["Production"] : own.contains("challenger") ? ["Staging"] : ["None", "Archived"]
      #expect(stages.contains(there.stage), "\(version.reference) is in \(there.stage ?? "no stage")")
    }
  }
}

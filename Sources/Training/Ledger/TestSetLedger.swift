import Digests
import Foundation
import LocalFiles

/// The record of how often a project's test sets were opened, and which models were there before.
///
/// A test set tells the truth once. Who looks at its score, changes something and looks again is choosing by it, so
/// every opening is counted, before its score is known, and stands beside every later score. The file only grows; its
/// lines are chained by digests. A cut at its end is found by the digest of the last line, which is kept among the
/// artifacts. It is no protection against somebody who forges both.
public struct TestSetLedger: Sendable {
  /// In the project's folder.
  public static let fileName = "test-set-ledger.jsonl"

  /// The ledger's file.
  public let url: URL
  /// Holds the digest of the last line.
  let anchor: URL
  /// Its lines, the oldest first.
  public private(set) var entries: [LedgerEntry]

  /// Reads a ledger and checks its chain; one that is not there yet is empty.
  ///
  /// - Parameters:
  ///   - url: the ledger's file.
  ///   - anchor: the file with the last line's digest.
  /// - Throws: `LedgerError`, or `LocalFileError` for a file that cannot be read.
  public init(_ url: URL, anchor: URL) throws {
    self.url = url
    self.anchor = anchor
    // In this order: another process may be adding a line.
    let last = try Self.lastKnown(anchor)
    entries = try Self.read(url)
    guard let last else { return }
    // A crash between the two writes leaves the anchor one line behind.
    guard entries.contains(where: { $0.digest == last }) else {
      throw LedgerError.cut(path: url.path, lastKnown: last.short)
    }
  }

  /// The digest of the last line that was written; nil only where the anchor's file does not exist: one that holds
  /// nothing, or something else, would let a cut pass.
  private static func lastKnown(_ anchor: URL) throws -> ContentDigest? {
    let content: Data
    do {
      content = try Data(contentsOf: anchor)
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      return nil
    } catch {
      throw LocalFileError.cannotRead(path: anchor.path, reason: error.localizedDescription)
    }
    let text = String(data: content, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let digest = text.flatMap({ ContentDigest(hex: $0) }) else { throw LedgerError.anchor(path: anchor.path) }
    return digest
  }

  /// Notes that a model file was written, unless the ledger knows it already.
  public mutating func recordModel(_ model: ContentDigest, at time: Date, version: String) throws {
    let turn = try takeTurn()
    defer { close(turn) }
    guard !entries.contains(where: { $0.model == model }) else { return }
    try append(.model, model: model, at: time, version: version)
  }

  /// Notes that pictures were scored by cross-validation, each by a model that was not trained on its series. Call it
  /// before the scores are computed: what they show can no more be unseen than a test set's.
  ///
  /// - Parameters:
  ///   - pictures: the digests of the scored pictures.
  ///   - model: of the model file that the scores stand beside.
  public mutating func recordCrossValidation(
    pictures: [ContentDigest], model: ContentDigest, at time: Date, version: String
  ) throws {
    let turn = try takeTurn()
    defer { close(turn) }
    try append(.crossValidation, model: model, pictures: PictureNames(pictures), at: time, version: version)
  }

  /// Counts one opening. Call it before the score is computed.
  ///
  /// - Parameters:
  ///   - pictures: the digests of the test pictures.
  ///   - model: of the model file that answers them.
  ///   - acceptance: the option by which somebody accepts that a model opens them that was not there when the first of them
  ///     was scored; nil where nobody does.
  /// - Returns: what is to be said beside the score.
  /// - Throws: `TrainingError.testSetWasOpened` for a younger model, which was not accepted: then nothing is counted, and
  ///   nothing may be answered. `LocalFileError`.
  public mutating func open(
    pictures: [ContentDigest], model: ContentDigest, at time: Date, version: String, acceptance: String? = nil
  ) throws -> TestSetOpening {
    let turn = try takeTurn()
    defer { close(turn) }
    let names = PictureNames(pictures)
    let scorings = scorings(of: Set(names.list))
    let seen = scorings.reduce(into: Set<String>()) { $0.formUnion($1.seen) }
    let first = scorings.first?.entry
    let predates = first.map { first in entries.contains { $0.model == model && $0.number <= first.number } } ?? true
    let openings = scorings.count { $0.entry.kind == .opening }
    if let first, !predates, acceptance == nil {
      throw TrainingError.testSetWasOpened(
        model: model.short, ledger: url.lastPathComponent, seen: seen.count, pictures: names.list.count,
        firstOpened: first.time, openings: openings, crossValidations: scorings.count - openings)
    }
    try append(.opening, model: model, pictures: names, at: time, version: version)
    return TestSetOpening(
      testSet: names.digest, pictures: names.list.count, openings: openings + 1,
      crossValidations: scorings.count - openings, picturesOpenedBefore: seen.count,
      firstOpened: first?.time ?? entries[entries.count - 1].time, modelPredatesFirstOpening: predates,
      ledgerHead: entries[entries.count - 1].digest!, acceptedBy: predates ? nil : acceptance)
  }

  /// How often the pictures of an opening, or some of them, were opened since.
  ///
  /// - Returns: nil if this ledger has no such opening.
  public func openings(since opening: TestSetOpening) -> Int? {
    guard let line = entries.first(where: { $0.digest == opening.ledgerHead }), let names = pictures(of: line) else {
      return nil
    }
    return scorings(of: names).count { $0.entry.kind == .opening && $0.entry.number > line.number }
  }

  // MARK: -

  /// Pictures as a line names them.
  private struct PictureNames {
    /// The first 16 hexadecimal digits of each digest, in rising order.
    let list: [String]

    init(_ pictures: [ContentDigest]) { list = Set(pictures.map { String($0.hex.prefix(16)) }).sorted() }

    var digest: ContentDigest { ContentDigest(of: list.joined(separator: "\n")) }
  }

  /// The pictures that a line is about; nil for a model.
  private func pictures(of entry: LedgerEntry) -> Set<String>? {
    entry.testSet.flatMap { set in entries.first { $0.testSet == set && $0.pictures != nil }?.pictures.map { Set($0) } }
  }

  /// The lines that tell of some of these pictures being scored, and which of them each has shown.
  private func scorings(of own: Set<String>) -> [(entry: LedgerEntry, seen: Set<String>)] {
    entries.compactMap { entry in
      guard let seen = pictures(of: entry)?.intersection(own), !seen.isEmpty else { return nil }
      return (entry, seen)
    }
  }

  /// Lets nobody else add lines, and reads those that another process of the project has added.
  ///
  /// - Returns: a descriptor; closing it ends the turn.
  private mutating func takeTurn() throws -> Int32 {
    let descriptor = Foundation.open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal() }
    do {
      while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw refusal() } }
      entries = try Self.read(url)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private func refusal() -> LocalFileError { .cannotWrite(path: url.path, reason: String(cString: strerror(errno))) }

  private mutating func append(
    _ kind: LedgerEntry.Kind, model: ContentDigest, pictures: PictureNames? = nil, at time: Date, version: String
  ) throws {
    let testSet = pictures?.digest
    let isKnown = testSet.map { set in entries.contains { $0.testSet == set } } ?? false
    var entry = LedgerEntry(
      number: entries.count + 1, kind: kind, time: time.formatted(.iso8601), model: model, testSet: testSet,
      pictures: isKnown ? nil : pictures?.list, version: version, previous: entries.last?.digest, digest: nil)
    entry.digest = try entry.expectedDigest
    try append(entry.line() + "\n")
    try AtomicFile.write(entry.digest!.hex + "\n", to: anchor)
    entries.append(entry)
  }

  /// Adds to the file's end and waits until it is on the disk.
  private func append(_ text: String) throws {
    let descriptor = Foundation.open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal() }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw refusal() }
      done += written
    }
    guard fsync(descriptor) == 0 else { throw refusal() }
  }

  private static func read(_ url: URL) throws -> [LedgerEntry] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw LocalFileError.cannotRead(path: url.path, reason: error.localizedDescription)
    }
    var entries: [LedgerEntry] = []
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let isWhole = lines.last?.isEmpty ?? true
    if isWhole, !lines.isEmpty { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      func corrupt(_ reason: String) -> LedgerError { .corrupt(path: url.path, line: index + 1, reason: reason) }
      guard isWhole || index < lines.count - 1 else { throw corrupt("it is cut short") }
      guard let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(line)) else {
        throw corrupt("it is no entry")
      }
      guard entry.number == index + 1 else { throw corrupt("it is numbered \(entry.number)") }
      guard entry.previous == entries.last?.digest else { throw corrupt("it does not follow the line before it") }
      guard try entry.digest == entry.expectedDigest else { throw corrupt("its content is not what was written") }
      entries.append(entry)
    }
    return entries
  }
}

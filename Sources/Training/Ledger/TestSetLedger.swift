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
  public static let fileName = "test-set-ledger.jsonl"

  public let url: URL
  /// Holds the digest of the last line.
  let anchor: URL
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
    entries = try Self.read(url)
    guard let text = try? String(contentsOf: anchor, encoding: .utf8) else { return }
    let last = text.trimmingCharacters(in: .whitespacesAndNewlines)
    // A crash between the two writes leaves the anchor one line behind.
    guard last.isEmpty || entries.contains(where: { $0.digest?.hex == last }) else {
      throw LedgerError.cut(path: url.path, lastKnown: String(last.prefix(12)))
    }
  }

  /// Notes that a model file was written, unless the ledger knows it already.
  public mutating func recordModel(_ model: ContentDigest, at time: Date, version: String) throws {
    guard !entries.contains(where: { $0.model == model }) else { return }
    try append(.model, model: model, testSet: nil, pictures: nil, at: time, version: version)
  }

  /// Counts one opening. Call it before the score is computed.
  ///
  /// - Parameters:
  ///   - pictures: the digests of the test pictures.
  ///   - model: of the model file that answers them.
  /// - Returns: what is to be said beside the score.
  public mutating func open(
    pictures: [ContentDigest], model: ContentDigest, at time: Date, version: String
  ) throws -> TestSetOpening {
    let names = Set(pictures.map { String($0.hex.prefix(16)) }).sorted()
    let testSet = ContentDigest(of: names.joined(separator: "\n"))
    let known = Dictionary(
      entries.compactMap { entry in entry.pictures.flatMap { list in entry.testSet.map { ($0, Set(list)) } } },
      uniquingKeysWith: { first, _ in first })
    let own = Set(names)
    let earlier = entries.filter { entry in
      entry.kind == .opening && entry.testSet.flatMap { known[$0] }.map { !$0.isDisjoint(with: own) } ?? false
    }
    let seen = earlier.reduce(into: Set<String>()) { $0.formUnion(known[$1.testSet!]!.intersection(own)) }
    let first = earlier.first
    let predates = first.map { first in entries.contains { $0.model == model && $0.number <= first.number } } ?? true
    try append(
      .opening, model: model, testSet: testSet, pictures: known[testSet] == nil ? names : nil, at: time, version: version)
    return TestSetOpening(
      testSet: testSet, pictures: names.count, openings: earlier.count + 1, picturesOpenedBefore: seen.count,
      firstOpened: first?.time ?? entries[entries.count - 1].time, modelPredatesFirstOpening: predates,
      ledgerHead: entries[entries.count - 1].digest!)
  }

  // MARK: -

  private mutating func append(
    _ kind: LedgerEntry.Kind, model: ContentDigest, testSet: ContentDigest?, pictures: [String]?, at time: Date,
    version: String
  ) throws {
    var entry = LedgerEntry(
      number: entries.count + 1, kind: kind, time: time.formatted(.iso8601), model: model, testSet: testSet,
      pictures: pictures, version: version, previous: entries.last?.digest, digest: nil)
    entry.digest = try entry.expectedDigest
    try Self.append(entry.line() + "\n", to: url)
    try AtomicFile.write(entry.digest!.hex + "\n", to: anchor)
    entries.append(entry)
  }

  /// Adds to the file's end and waits until it is on the disk.
  private static func append(_ text: String, to url: URL) throws {
    func refuse() -> LocalFileError { .cannotWrite(path: url.path, reason: String(cString: strerror(errno))) }
    let descriptor = Foundation.open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refuse() }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw refuse() }
      done += written
    }
    guard fsync(descriptor) == 0 else { throw refuse() }
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

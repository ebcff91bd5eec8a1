import Digests
import Foundation
import LocalFiles
import TestSupport
import Testing
import Training

@Suite struct TestSetLedgerTests {
  private let pictures = (0..<6).map { ContentDigest(of: "picture \($0)") }
  private let models = (0..<3).map { ContentDigest(of: "model \($0)") }

  private func ledger(_ folder: URL) throws -> TestSetLedger {
    try TestSetLedger(folder.appending(path: TestSetLedger.fileName), anchor: folder.appending(path: "head"))
  }

  private func day(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + 86_400 * Double(number)) }

  @Test func `commands that run beside each other in a project keep one chain, and count each other's openings`() throws {
    try withTemporaryFolder { folder in
      var (one, two) = (try ledger(folder), try ledger(folder))
      try one.recordModel(models[0], at: day(0), version: "v")
      try two.recordModel(models[1], at: day(1), version: "v")
      #expect(try one.open(pictures: pictures, model: models[0], at: day(2), version: "v").openings == 1)
      #expect(try two.open(pictures: pictures, model: models[1], at: day(3), version: "v").openings == 2)
      #expect(throws: TrainingError.self) {
        try one.open(pictures: pictures, model: models[2], at: day(4), version: "v")
      }
      #expect(try ledger(folder).entries.map(\.model) == [models[0], models[1], models[0], models[1]])
    }
  }

  @Test func `openings are counted over runs of the program, and pictures that were seen stay seen`() throws {
    try withTemporaryFolder { folder in
      var first = try ledger(folder)
      try first.recordModel(models[0], at: day(0), version: "v")
      let one = try first.open(pictures: pictures, model: models[0], at: day(1), version: "v")
      #expect(one.openings == 1 && one.picturesOpenedBefore == 0 && one.modelPredatesFirstOpening)
      #expect(one.warning == nil)
      #expect(one.sentence.contains("for the first time"))

      var second = try ledger(folder)
      #expect(second.entries == first.entries)
      let two = try second.open(pictures: pictures.reversed(), model: models[0], at: day(2), version: "v")
      #expect(two.openings == 2 && two.testSet == one.testSet && two.firstOpened == "2023-11-15T22:13:20Z")
      #expect(two.modelPredatesFirstOpening)
      #expect(two.sentence.contains("opened 2 times"))
      #expect(second.entries.last?.pictures == nil)

      // Another draw that shares some pictures is no fresh test set.
      let third = try second.open(
        pictures: Array(pictures[4...]) + [ContentDigest(of: "new")], model: models[0], at: day(3), version: "v")
      #expect(third.openings == 3 && third.pictures == 3 && third.picturesOpenedBefore == 2)
      #expect(third.testSet != one.testSet)
      // One that shares none is.
      let fresh = try second.open(pictures: [ContentDigest(of: "other")], model: models[2], at: day(4), version: "v")
      #expect(fresh.openings == 1 && fresh.modelPredatesFirstOpening)
    }
  }

  @Test func `a model, or thresholds, made after the first opening are told from older ones`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      try book.recordModel(models[0], at: day(0), version: "v")
      try book.recordModel(models[1], at: day(1), version: "v")
      _ = try book.open(pictures: pictures, model: models[0], at: day(2), version: "v")
      try book.recordModel(models[2], at: day(3), version: "v")
      let older = try book.open(pictures: pictures, model: models[1], at: day(4), version: "v")
      #expect(older.modelPredatesFirstOpening && older.warning == nil)
      let newer = try book.open(
        pictures: pictures, model: models[2], at: day(5), version: "v", acceptance: "--accept-opened-test-set")
      #expect(!newer.modelPredatesFirstOpening && newer.acceptedBy == "--accept-opened-test-set")
      #expect(newer.warning?.contains("thresholds or calibration") == true)
      #expect(newer.warning?.hasSuffix("Accepted with --accept-opened-test-set.") == true)
      let unknown = try book.open(
        pictures: pictures, model: ContentDigest(of: "?"), at: day(6), version: "v", acceptance: "--accept-opened-test-set")
      #expect(!unknown.modelPredatesFirstOpening)
      let count = book.entries.count
      try book.recordModel(models[0], at: day(7), version: "v")
      #expect(book.entries.count == count)
    }
  }

  @Test func `a younger model is refused before anything is counted, unless that was accepted`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      try book.recordModel(models[0], at: day(0), version: "v")
      try book.recordCrossValidation(pictures: [pictures[0]], model: models[0], at: day(1), version: "v")
      _ = try book.open(pictures: pictures, model: models[0], at: day(2), version: "v")
      try book.recordModel(models[1], at: day(3), version: "v")
      let before = (book.entries, try Data(contentsOf: book.url))
      for model in [models[1], models[2]] {
        let error = #expect(throws: TrainingError.self) {
          try book.open(pictures: Array(pictures[...1]), model: model, at: day(4), version: "v")
        }
        #expect(
          error
            == .testSetWasOpened(
              model: model.short, ledger: "test-set-ledger.jsonl", seen: 2, pictures: 2,
              firstOpened: "2023-11-15T22:13:20Z", openings: 1, crossValidations: 1))
        let text = try #require(error).description
        #expect(text.contains("The test set was not opened") && text.contains("--accept-opened-test-set"))
        #expect(text.contains("(opened once, cross-validated once, says 'test-set-ledger.jsonl')"))
      }
      #expect(try book.entries == before.0 && Data(contentsOf: book.url) == before.1)
      // An older one may, and one whose pictures nothing has scored; neither needs to be accepted, nor says so.
      let older = try book.open(pictures: pictures, model: models[0], at: day(5), version: "v", acceptance: "--accept-opened-test-set")
      #expect(older.acceptedBy == nil && older.openings == 2)
      let fresh = try book.open(pictures: [ContentDigest(of: "new")], model: models[2], at: day(6), version: "v")
      #expect(fresh.modelPredatesFirstOpening && fresh.acceptedBy == nil)
      let accepted = try book.open(
        pictures: [pictures[3]], model: models[1], at: day(7), version: "v", acceptance: "--accept-opened-test-set")
      let read = try JSONDecoder().decode(TestSetOpening.self, from: JSONEncoder().encode(accepted))
      #expect(read == accepted && read.acceptedBy == "--accept-opened-test-set" && read.openings == 3)
    }
  }

  @Test func `pictures that cross-validation scored are no unseen test set afterwards`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      try book.recordModel(models[0], at: day(0), version: "v")
      for number in [1, 2] {
        try book.recordCrossValidation(pictures: pictures, model: models[0], at: day(number), version: "v")
      }
      try book.recordModel(models[1], at: day(3), version: "v")
      let kinds: [LedgerEntry.Kind] = [.model, .crossValidation, .crossValidation, .model]
      #expect(try ledger(folder).entries.map(\.kind) == kinds)
      #expect(book.entries.map { $0.pictures?.count } == [nil, 6, nil, nil], "named once")
      let older = try book.open(
        pictures: Array(pictures[4...]) + [ContentDigest(of: "new")], model: models[0], at: day(4), version: "v")
      #expect(older.openings == 1 && older.crossValidations == 2 && older.picturesOpenedBefore == 2)
      #expect(older.firstOpened == "2023-11-15T22:13:20Z" && older.modelPredatesFirstOpening)
      #expect(
        older.sentence
          == "The test set was opened for the first time, but scored by cross-validation before (2 times), first on 2023-11-15T22:13:20Z (2 of its 3 pictures); this model, with its thresholds and calibration, is older than that.")
      let newer = try book.open(
        pictures: [pictures[5]], model: models[1], at: day(5), version: "v", acceptance: "--accept-opened-test-set")
      #expect(newer.openings == 2 && newer.crossValidations == 2 && !newer.modelPredatesFirstOpening)
      #expect(newer.warning?.contains("first scored (2023-11-15") == true)
      let unseen = try book.open(pictures: [ContentDigest(of: "other")], model: models[1], at: day(6), version: "v")
      #expect(unseen.crossValidations == 0 && unseen.sentence.contains("for the first time"))
      // Scores of an earlier version do not count them.
      var old = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(older)) as? [String: Any])
      old["cross_validations"] = nil
      let read = try JSONDecoder().decode(TestSetOpening.self, from: JSONSerialization.data(withJSONObject: old))
      #expect(read.crossValidations == 0 && read.openings == 1)
    }
  }

  @Test func `openings after the one that scores stand beside are counted from the ledger`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      let one = try book.open(pictures: pictures, model: models[0], at: day(1), version: "v")
      #expect(book.openings(since: one) == 0)
      _ = try book.open(pictures: [pictures[0]], model: models[0], at: day(2), version: "v")
      let last = try book.open(pictures: pictures, model: models[0], at: day(3), version: "v")
      _ = try book.open(pictures: [ContentDigest(of: "other")], model: models[0], at: day(4), version: "v")
      #expect(book.openings(since: one) == 2 && book.openings(since: last) == 0)
      let other = try TestSetLedger(folder.appending(path: "other"), anchor: folder.appending(path: "other head"))
      #expect(other.openings(since: one) == nil)
    }
  }

  @Test(arguments: [Data(), Data("\n".utf8), Data([0xFF, 0xFE, 0x00]), Data("not a digest\n".utf8)])
  func `an anchor without a digest is an error, a missing one is none`(content: Data) throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      try book.recordModel(models[0], at: day(0), version: "v")
      let anchor = folder.appending(path: "head")
      try content.write(to: anchor)
      #expect(throws: LedgerError.anchor(path: anchor.path)) { try ledger(folder) }
      try FileManager.default.removeItem(at: anchor)
      #expect(try ledger(folder).entries.count == 1)
      // One that is there and cannot be read.
      try FileManager.default.createDirectory(at: anchor, withIntermediateDirectories: false)
      #expect(throws: LocalFileError.self) { try ledger(folder) }
    }
  }

  @Test func `every change to the file is an error that names the line`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      for (number, model) in models.enumerated() { try book.recordModel(model, at: day(number), version: "v") }
      _ = try book.open(pictures: pictures, model: models[0], at: day(5), version: "v")
      let whole = try Data(contentsOf: book.url)
      #expect(throws: Never.self) { try ledger(folder) }
      var caught = 0
      for place in whole.indices {
        var changed = whole
        changed[place] ^= 1
        try changed.write(to: book.url)
        let error = #expect(throws: LedgerError.self, "byte \(place)") { try ledger(folder) }
        if error?.description.contains("line") == true { caught += 1 }
      }
      #expect(caught == whole.count)
      for length in 0..<whole.count {
        try whole.prefix(length).write(to: book.url)
        #expect(throws: LedgerError.self, "cut at \(length)") { try ledger(folder) }
      }
      try FileManager.default.removeItem(at: book.url)
      let gone = #expect(throws: LedgerError.self) { try ledger(folder) }
      #expect(gone?.description.contains("cut, replaced or removed") == true)

      var lines = whole.split(separator: UInt8(ascii: "\n")).map { Data($0) }
      lines.swapAt(1, 2)
      try Data(lines.joined(separator: [UInt8(ascii: "\n")]) + [UInt8(ascii: "\n")]).write(to: book.url)
      #expect(throws: LedgerError.corrupt(path: book.url.path, line: 2, reason: "it is numbered 3")) { try ledger(folder) }
    }
  }

  @Test func `a crash between ledger and anchor loses nothing`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      try book.recordModel(models[0], at: day(0), version: "v")
      let anchor = try Data(contentsOf: folder.appending(path: "head"))
      try book.recordModel(models[1], at: day(1), version: "v")
      try anchor.write(to: folder.appending(path: "head"))
      #expect(try ledger(folder).entries.count == 2)
    }
  }

  @Test func `entries in another order, twice, of another ledger, or no text at all are errors that say what to do`() throws {
    try withTemporaryFolder { folder in
      var book = try ledger(folder)
      for (number, model) in models.enumerated() { try book.recordModel(model, at: day(number), version: "v") }
      let whole = try Data(contentsOf: book.url)
      let lines = whole.split(separator: UInt8(ascii: "\n")).map { Data($0) }
      func error(_ changed: [Data]) throws -> LedgerError? {
        try Data(changed.map { $0 + [UInt8(ascii: "\n")] }.joined()).write(to: book.url)
        return #expect(throws: LedgerError.self) { try ledger(folder) }
      }
      for changed in [
        [lines[2], lines[1], lines[0]], [lines[0], lines[0], lines[1], lines[2]], [lines[1], lines[2]],
        [lines[0], lines[2]], lines + [Data("{}".utf8)], [Data([0xFF, 0xFE, 0])], [Data()], [lines[0]],
      ] {
        let found = try error(changed)
        let text = try #require(found).description
        #expect(text.contains(book.url.path) && text.contains("Restore the file from a copy"))
      }
      // A ledger of its own, well formed, in the place of this one.
      var other = try TestSetLedger(folder.appending(path: "other"), anchor: folder.appending(path: "other head"))
      try other.recordModel(ContentDigest(of: "other"), at: day(9), version: "v")
      try FileManager.default.removeItem(at: book.url)
      try FileManager.default.copyItem(at: other.url, to: book.url)
      #expect(throws: LedgerError.self) { try ledger(folder) }
      try FileManager.default.removeItem(at: book.url)
      try FileManager.default.createDirectory(at: book.url, withIntermediateDirectories: true)
      #expect(throws: (any Error).self) { try ledger(folder) }
      try FileManager.default.removeItem(at: book.url)
      try whole.write(to: book.url)
      #expect(try ledger(folder).entries == book.entries)
    }
  }
}

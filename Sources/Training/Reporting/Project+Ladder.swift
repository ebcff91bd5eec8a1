import Foundation
import Reports

extension Project {
  /// Where a ladder of the project's data is looked for: among its artifacts, and where `reproduce` writes by default.
  private var ladderFiles: [URL] {
    [configuration.artifactsRoot, configuration.root].map {
      $0.appending(path: "ladder").appending(path: LadderResult.fileName)
    }
  }

  /// The ladder that a report shows.
  ///
  /// - Parameters:
  ///   - file: as the user named it; nil takes a kept one of the same data, or of data that this is a part of.
  ///   - report: told of a kept ladder of other data, which is not shown.
  /// - Returns: nil where none is kept.
  /// - Throws: `ReportingError.noLadder` or `.badLadder` for a file that is not there or is none.
  func ladder(_ file: URL?, dataDigest: String, report: @escaping Report) throws -> LadderFacts? {
    if let file {
      return LadderFacts(try LadderResult.load(from: file, shown: shown(file)).page, dataDigest: dataDigest)
    }
    for kept in ladderFiles where FileManager.default.fileExists(atPath: kept.path) {
      let facts = LadderFacts(try LadderResult.load(from: kept, shown: shown(kept)).page, dataDigest: dataDigest)
      if facts.isOfTheRunsData { return facts }
      report(
        .note("'\(shown(kept))' is of other data and is not shown; `--ladder \(shown(kept))` shows it all the same."))
    }
    return nil
  }
}

extension LadderResult {
  /// Reads what `write` wrote.
  ///
  /// - Parameter path: what errors call the file.
  /// - Throws: `ReportingError.noLadder` if it cannot be read, `.badLadder` if it is something else.
  public static func load(from url: URL, shown path: String) throws -> LadderResult {
    guard let content = try? Data(contentsOf: url) else { throw ReportingError.noLadder(path: path) }
    func bad(_ reason: String) -> ReportingError { .badLadder(path: path, reason: reason) }
    let result: LadderResult
    do {
      result = try JSONDecoder().decode(LadderResult.self, from: content)
    } catch DecodingError.keyNotFound(let key, _) {
      throw bad("'\(key.stringValue)' is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty
    {
      throw bad("'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is not as it should be")
    } catch {
      throw bad("it is no JSON of a ladder")
    }
    guard !result.dataSets.isEmpty else { throw bad("it has no data set") }
    for set in result.dataSets {
      let metrics = set.rungs.compactMap(\.report).flatMap { $0.metrics.named.map(\.metric) }
      guard metrics.allSatisfy({ $0.value.isFinite && ($0.low ?? 0) <= ($0.high ?? .infinity) }) else {
        throw bad("a figure of '\(set.name)' is no number or its interval is upside down")
      }
    }
    return result
  }
}

import Foundation
import KidneyData
import LocalFiles

/// The series of a data set as a program found them, kept beside the training.
private struct KeptSeries: Codable {
  /// Another program may find other series.
  var program: String
  var series: SeriesAssignment
}

extension Project {
  private var seriesFile: URL { configuration.trainingFolder.appending(path: "series.json") }

  /// The data set's series. Finding them compares every picture with every other, so what this program found in this data
  /// set before is taken again; a file that cannot be read, or is of another program or data set, counts as none.
  ///
  /// - Throws: as `SeriesFinder.assign`, and what writing the file throws.
  func series(of data: DataSet) throws -> SeriesAssignment {
    let program = try Self.programDigest()
    if let content = try? Data(contentsOf: seriesFile),
      let kept = try? JSONDecoder().decode(KeptSeries.self, from: content),
      kept.program == program, kept.series.dataDigest == data.manifest.digest,
      kept.series.seriesOf.count == data.count
    {
      return kept.series
    }
    let found = try SeriesFinder.assign(data)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(KeptSeries(program: program, series: found)), to: seriesFile)
    return found
  }
}
